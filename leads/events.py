"""Facts of leads."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LeadCreated:
    lead_id: int
    source: str


@dataclass(frozen=True)
class LeadUpdated:
    lead_id: int
    fields: tuple[str, ...]


@dataclass(frozen=True)
class LeadMoved:
    lead_id: int
    origin: str
    to: str


@dataclass(frozen=True)
class LeadAssigned:
    """An existing lead changed hands. One that is created with an owner has nothing yet that could follow it."""

    lead_id: int
    consultant_id: int | None
    previous_id: int | None
