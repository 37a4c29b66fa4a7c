"""The dry run: every row is read as it would be, and compared with the leads there are. It writes no lead."""

from collections.abc import Sequence
from typing import Any

from django.db.models.functions import Coalesce

from crm.core.clock import now
from crm.core.copying import rows_copy
from crm.core.work import service
from leads.imports.cleaning import Cleaned, row_clean
from leads.imports.spool import rows_in_batches, rows_unpack
from leads.imports.work import beat, work
from leads.models import Import, ImportRow, ImportState, Lead, RowOutcome

_SIZE = 1000
COUNTS = {
    RowOutcome.NEW: "created_count",
    RowOutcome.KNOWN: "known_count",
    RowOutcome.REPEATED: "repeated_count",
    RowOutcome.ERROR: "error_count",
}


def check(import_id: int) -> None:
    """One that was interrupted begins anew: nothing was written but what it found."""
    work(import_id, ImportState.CHECKING, _check)


def _check(batch: Import) -> None:
    beat(batch, rows_done=0, rows_total=0, **dict.fromkeys(COUNTS.values(), 0))
    batch.rows.all().delete()
    beat(batch, rows_total=rows_unpack(batch))
    seen: dict[str, int] = {}
    for rows in rows_in_batches(batch, size=_SIZE):
        cleaned = [row_clean(row, batch.mapping, batch.columns) for row in rows]
        _found_add(batch=batch, cleaned=cleaned, seen=seen)
    beat(batch, state=ImportState.CHECKED, finished_at=now())


@service
def _found_add(*, batch: Import, cleaned: Sequence[Cleaned], seen: dict[str, int]) -> None:
    known = leads_of([row.key for row in cleaned if row.key])
    found: list[ImportRow] = []
    counts = dict.fromkeys(COUNTS, 0)
    for row in cleaned:
        outcome = _outcome(row, known, seen)
        counts[outcome] += 1
        if outcome != RowOutcome.NEW:  # those are many, and nobody has to look at them
            found.append(row_of(batch, row, outcome, lead_id=known.get(row.key)))
    rows_copy(found)
    add_counts(batch, counts, done=len(cleaned))


def _outcome(row: Cleaned, known: dict[str, int], seen: dict[str, int]) -> RowOutcome:
    if row.errors:
        return RowOutcome.ERROR
    if row.key in seen:
        row.errors["phone"] = "repeated"
        return RowOutcome.REPEATED
    seen[row.key] = row.line
    return RowOutcome.KNOWN if row.key in known else RowOutcome.NEW


def leads_of(keys: Sequence[str]) -> dict[str, int]:
    """Phone → the lead that has it, or that took in the one that had it."""
    rows = Lead.objects.filter(phone_key__in=keys).values_list("phone_key", Coalesce("merged_into_id", "pk"))
    return dict(rows.iterator())


def row_of(
    batch: Import, row: Cleaned, outcome: RowOutcome, *, lead_id: int | None = None, values: Any = ...
) -> ImportRow:
    """What is kept of a row; without `values` what the file says."""
    kept = row.raw if values is ... else values
    errors = row.errors if outcome in (RowOutcome.ERROR, RowOutcome.REPEATED) else {}
    lead = lead_id if outcome != RowOutcome.ERROR else None
    return ImportRow(batch=batch, line=row.line, outcome=outcome, values=kept, errors=errors, lead_id=lead)


def add_counts(batch: Import, counts: dict[RowOutcome, int], *, done: int) -> None:
    """Raises Lost."""
    figures = {name: getattr(batch, name) + counts.get(outcome, 0) for outcome, name in COUNTS.items()}
    beat(batch, rows_done=batch.rows_done + done, **figures)
