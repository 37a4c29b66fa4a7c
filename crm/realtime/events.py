"""Facts of notifications."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PushDue:
    notification_id: int
