from dataclasses import dataclass


@dataclass(frozen=True)
class ExportRequested:
    export_id: int
