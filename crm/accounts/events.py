"""Facts of people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AvailabilityChanged:
    user_id: int
    available: bool


@dataclass(frozen=True)
class AccessEnded:
    """All that a person signed in with before is to be refused: they signed out everywhere, have another password,
    another second factor or another role, or were deactivated (`why`: everywhere, password, factor, role,
    deactivated)."""

    user_id: int
    why: str
