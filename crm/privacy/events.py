"""Facts of privacy."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SubjectErased:
    erasure_id: int
    lead_id: int


@dataclass(frozen=True)
class SubjectExportAsked:
    export_id: int
