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


@dataclass(frozen=True)
class LeadHandedOver:
    """Lívia leaves the client to a person, whether the lead has a consultant already or gets one next."""

    lead_id: int
    reason: str


@dataclass(frozen=True)
class LeadsMerged:
    """One person had two leads: `gone_id` lives on in `kept_id`. `previous_id` is the consultant the gone one had."""

    kept_id: int
    gone_id: int
    previous_id: int | None


@dataclass(frozen=True)
class LeadsParted:
    """A merger was undone: `gone_id` is a lead of its own again. `previous_id` is who had its threads meanwhile."""

    kept_id: int
    gone_id: int
    previous_id: int | None
