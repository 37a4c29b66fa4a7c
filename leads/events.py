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
class LeadsMerging:
    """What refers to `gone_id` is about to refer to `kept_id`: the last moment to settle what only one row may."""

    kept_id: int
    gone_id: int


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


@dataclass(frozen=True)
class RotationResumed:
    """A consultant receives leads again."""

    consultant_id: int


@dataclass(frozen=True)
class LeadsImported:
    """Leads of a file were made, some hundreds at once; there is no LeadCreated for them."""

    lead_ids: tuple[int, ...]


@dataclass(frozen=True)
class ImportBegun:
    """A file waits to be worked on, as its state says."""

    import_id: int
    state: str
