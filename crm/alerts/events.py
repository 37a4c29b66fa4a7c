"""What others may want to know about alerts."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertRaised:
    """Managers were told of it: it is new, graver than before, or still there after it came back."""

    alert_id: int


@dataclass(frozen=True)
class AlertCleared:
    """It is over, and managers who had heard of it were told."""

    alert_id: int
