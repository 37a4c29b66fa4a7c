"""Facts of people."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AvailabilityChanged:
    user_id: int
    available: bool
