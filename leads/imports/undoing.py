"""Taking an import back: its leads go, unless somebody has worked on them since; what it filled in is emptied, unless
it was changed since."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model, Q, QuerySet

from crm.core.clock import now
from crm.core.locks import locks_then
from crm.core.work import service
from leads.actors import person
from leads.imports.boards import boards_refresh
from leads.imports.filling import lead_write
from leads.imports.turns import turns_give_back
from leads.imports.work import beat, hold, work
from leads.models import (
    Consent,
    ConsentSource,
    Import,
    ImportRow,
    ImportState,
    Interaction,
    InteractionKind,
    Lead,
    RowOutcome,
)
from leads.services import phone_lock

_SIZE = 200
KEPT = "kept"
CHANGED = "changed"
# Rows that an import itself leaves beside a lead; the layers above name theirs.
_own: dict[type[Model], Q] = {
    Interaction: Q(kind__in=(InteractionKind.CREATED, InteractionKind.CONSENTED)),  # a person's shows as a Consent
    Consent: Q(source=ConsentSource.IMPORT),
    ImportRow: Q(),
}


def comes_along(model: type[Model], condition: Q) -> None:
    """Rows of this kind beside a lead are no sign that anybody worked on it."""
    _own[model] = condition


def undo(import_id: int) -> None:
    work(import_id, ImportState.UNDOING, _undo)


def undoable(batch: Import) -> QuerySet[ImportRow]:
    """Rows not looked at yet."""
    made = Q(outcome=RowOutcome.NEW, errors={}, lead__isnull=False)
    filled = Q(outcome=RowOutcome.KNOWN, values__isnull=False, lead__isnull=False)
    return batch.rows.filter(made | filled).order_by("line")


def _undo(batch: Import) -> None:
    while rows := list(undoable(batch)[:_SIZE]):
        rows_undo(batch=batch, rows=rows)
    import_undone(batch=batch)


@service
def rows_undo(*, batch: Import, rows: list[ImportRow]) -> None:
    """Raises Lost."""
    hold(batch)
    ids = [row.lead_id for row in rows]
    keys = list(Lead.objects.filter(pk__in=ids).exclude(phone_key="").values_list("phone_key", flat=True))
    locks_then([phone_lock(key) for key in keys], "SELECT 1")  # phones before leads: nobody writes to one that goes
    leads = {lead.pk: lead for lead in Lead.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")}
    made = {row.lead_id: row for row in rows if row.outcome == RowOutcome.NEW}
    kept = touched([leads[lead_id] for lead_id in made if lead_id in leads])
    for lead_id, why in kept.items():
        made[lead_id].errors = {KEPT: why}
    gone = [leads[lead_id] for lead_id in made if lead_id in leads and lead_id not in kept]
    _delete(gone)
    filled = [row for row in rows if row.outcome == RowOutcome.KNOWN]
    ours = _filled_by(batch, ids)
    for row in filled:
        _empty_again(batch, row, leads.get(row.lead_id) if row.lead_id in ours else None)
    ImportRow.objects.bulk_update([*(made[lead_id] for lead_id in kept), *filled], ["errors", "values"])
    beat(batch, rows_done=batch.rows_done + len(rows), kept_count=batch.kept_count + len(kept))


def touched(leads: Iterable[Lead]) -> dict[int, str]:
    """Leads somebody worked on → why they stay: names of models, `changed` for the lead itself."""
    leads = list(leads)
    why: dict[int, list[str]] = {
        lead.pk: [CHANGED] for lead in leads if lead.revision != 1 or lead.merged_into_id or lead.erased_at
    }
    ids = [lead.pk for lead in leads]
    for relation in Lead._meta.related_objects:
        model: Any = relation.related_model
        rows = model._base_manager.filter(**{f"{relation.field.name}__in": ids})
        if model in _own:
            rows = rows.exclude(_own[model]) if _own[model] else rows.none()
        name = CHANGED if model is Interaction else model._meta.label_lower
        for lead_id in set(rows.values_list(relation.field.attname, flat=True)):
            why.setdefault(lead_id, []).append(name)
    return {lead_id: " ".join(dict.fromkeys(names)) for lead_id, names in why.items()}


def _delete(leads: list[Lead]) -> None:
    counts: dict[int, int] = {}
    for lead in leads:
        if lead.consultant_id is not None:
            counts[lead.consultant_id] = counts.get(lead.consultant_id, 0) + 1
    Lead.objects.filter(pk__in=[lead.pk for lead in leads]).delete()
    if counts:
        turns_give_back(counts)


def _filled_by(batch: Import, lead_ids: Sequence[int | None]) -> set[int]:
    """Leads this import filled itself. A row goes along when its lead is merged into another, whose values are its
    own."""
    rows = Interaction.objects.filter(lead_id__in=lead_ids, kind=InteractionKind.UPDATED, data__import=batch.pk)
    return set(rows.values_list("lead_id", flat=True))


def _empty_again(batch: Import, row: ImportRow, lead: Lead | None) -> None:
    """Fields that still hold what the file said."""
    values, row.values = row.values or {}, None
    if lead is None or lead.merged_into_id or lead.erased_at:
        return
    same = [name for name, text in values.items() if str(getattr(lead, name)) == text]
    empty = {name: Lead._meta.get_field(name).get_default() for name in same}
    if empty:
        lead_write(lead, empty, person(batch.creator), batch.pk)


@service
def import_undone(*, batch: Import) -> None:
    hold(batch)
    beat(batch, state=ImportState.UNDONE, finished_at=now(), error="")
    boards_refresh(batch.options.get("owners", []))
