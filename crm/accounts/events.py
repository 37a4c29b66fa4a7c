"""Facts of people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AvailabilityChanged:
    user_id: int
    available: bool


@dataclass(frozen=True)
class AccessEnded:
    """All that a person signed in with before is to be refused: they signed out everywhere, changed the password, lost
    their role, or were deactivated (`why`: everywhere, password, role, deactivated)."""

    user_id: int
    why: str
