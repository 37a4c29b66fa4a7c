"""Writing the leads of a file, some hundreds in a transaction.

Each keeps what `lead_create` promises: one phone is one lead, held by its lock and found through mergers; the rotation
goes in turn; the history says who brought the lead; columns add up. What differs is for the sake of everybody else:
ten thousand leads at once are one piece of news for a consultant, one refresh for a board, no hurry for tasks (the
rules of `leads.rules` leave imported leads alone anyway) and no questions to a model, so that the fact published is
`LeadsImported` and not `LeadCreated`.

How far it has come is written with each batch in one transaction: a worker that is killed leaves nothing half done.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext_noop

from crm.core.clock import now
from crm.core.copying import rows_copy
from crm.core.facts import publish as publish_fact
from crm.core.locks import locks_then
from crm.core.work import service
from crm.realtime.publish import notify
from leads.actors import Actor, person
from leads.classification import classify_many
from leads.events import LeadsImported
from leads.imports.boards import boards_refresh, owners_met
from leads.imports.checking import add_counts, row_of
from leads.imports.cleaning import Cleaned, row_clean
from leads.imports.consent import consents_add
from leads.imports.filling import leads_fill
from leads.imports.spool import rows_in_batches
from leads.imports.turns import turns_count, turns_take
from leads.imports.work import beat, give_way, hold, work
from leads.models import Import, ImportState, Interaction, InteractionKind, Lead, RowOutcome, Source
from leads.services import phone_lock

SIZE = 250  # rows a transaction: all other creators of leads wait for it, about a quarter of a second
ROTATION, NOBODY = "rotation", "nobody"
FILL, SKIP = "fill", "skip"
_KNOWN = "SELECT phone_key, coalesce(merged_into_id, id) FROM leads_lead WHERE phone_key = ANY(%s)"


def run(import_id: int) -> None:
    """Goes on after the rows that are done."""
    work(import_id, ImportState.RUNNING, _run)


def _run(batch: Import) -> None:
    for rows in rows_in_batches(batch, size=SIZE, skip=batch.rows_done):
        give_way(batch)
        cleaned = [row_clean(row, batch.mapping, batch.columns) for row in rows]
        fresh = _leads_of(batch, [row for row in cleaned if not row.errors])
        rows_write(batch=batch, cleaned=cleaned, fresh=fresh)
    import_finish(batch=batch)


def _leads_of(batch: Import, rows: Sequence[Cleaned]) -> dict[int, Lead]:
    """The leads these rows would be, by line; classified before anything is locked."""
    assert batch.started_at
    top = -int(batch.started_at.timestamp() * 1_000_000)
    results = classify_many([{**row.values, "source": Source.IMPORT, "tracking": row.tracking} for row in rows])
    leads = {}
    for row, result in zip(rows, results, strict=True):
        lead = Lead(**row.values, source=Source.IMPORT, tracking=row.tracking, status_changed_at=now())
        lead.rank = top + row.line  # on top of the column, as in the file
        lead.ai_temperature, lead.ai_score, lead.ai_reasons = result.temperature, result.score, result.reasons
        leads[row.line] = lead
    return leads


@service
def rows_write(*, batch: Import, cleaned: Sequence[Cleaned], fresh: dict[int, Lead]) -> None:
    """One batch, with the count of what is done. Raises Lost."""
    hold(batch)
    keys = sorted({row.key for row in cleaned if not row.errors})
    known = dict(locks_then([phone_lock(key) for key in keys], _KNOWN, [keys])) if keys else {}
    outcomes = _outcomes(batch, cleaned, known)
    actor = person(batch.creator)
    filled = {}
    if batch.options.get("known") == FILL:
        wanted = {known[row.key]: row for row in cleaned if outcomes[row.line] == RowOutcome.KNOWN}
        filled = leads_fill(wanted=wanted, actor=actor, batch_id=batch.pk)
    created = [row for row in cleaned if outcomes[row.line] == RowOutcome.NEW]
    _create(batch, [fresh[row.line] for row in created], created, actor)
    _rows_replace(batch, cleaned, outcomes, known, fresh, filled)
    add_counts(batch, _counted(outcomes), done=len(cleaned))


def _outcomes(batch: Import, cleaned: Sequence[Cleaned], known: dict[str, int]) -> dict[int, RowOutcome]:
    """By line. A lead that an earlier row of this file made or met is no other client: the row is there twice."""
    earlier = set(
        batch.rows.filter(lead_id__in=known.values(), line__lt=cleaned[0].line)
        .exclude(outcome=RowOutcome.REPEATED)
        .values_list("lead_id", flat=True)
    )
    outcomes: dict[int, RowOutcome] = {}
    seen: set[str] = set()
    for row in cleaned:
        if row.errors:  # nobody came of it: the phone is still to come
            outcomes[row.line] = RowOutcome.ERROR
            continue
        if row.key in seen or known.get(row.key) in earlier:
            row.errors["phone"] = "repeated"
            outcomes[row.line] = RowOutcome.REPEATED
        else:
            outcomes[row.line] = RowOutcome.KNOWN if row.key in known else RowOutcome.NEW
        seen.add(row.key)
        earlier |= {known[row.key]} if row.key in known else set()
    return outcomes


def _create(batch: Import, leads: Sequence[Lead], rows: Sequence[Cleaned], actor: Actor) -> None:
    if not leads:
        return
    agreed = consents_add(batch, leads, rows)
    _assign(batch, leads)
    rows_copy(leads)
    created = [
        Interaction(
            lead=lead, kind=InteractionKind.CREATED, actor_kind=actor.kind, actor=actor.user,
            data={"source": Source.IMPORT, "consultant": lead.consultant_id, "import": batch.pk},
        )
        for lead in leads
    ]  # fmt: skip
    rows_copy(created)
    agreed()
    publish_fact(LeadsImported(lead_ids=tuple(lead.pk for lead in leads)))


def _assign(batch: Import, leads: Sequence[Lead]) -> None:
    """Last before the leads are written: who else waits for the rotation waits until the commit."""
    to = str(batch.options.get("assign", ROTATION))
    if to == NOBODY:
        return
    if to != ROTATION:
        turns_count(int(to), len(leads))
    owners = turns_take(leads) if to == ROTATION else [int(to)] * len(leads)
    for lead, owner in zip(leads, owners, strict=True):
        lead.consultant_id, lead.awaits_consultant = owner, owner is None


def _rows_replace(
    batch: Import, cleaned: Sequence[Cleaned], outcomes: dict[int, RowOutcome], known: dict[str, int],
    fresh: dict[int, Lead], filled: dict[int, dict[str, str]],
) -> None:  # fmt: skip
    """What the dry run found gives way to what happened. `values` of a known lead are the fields that were filled."""
    batch.rows.filter(line__gte=cleaned[0].line, line__lte=cleaned[-1].line).delete()
    rows = []
    for row in cleaned:
        outcome = outcomes[row.line]
        lead_id = fresh[row.line].pk if outcome == RowOutcome.NEW else known.get(row.key)
        values: Any = row.raw
        if outcome == RowOutcome.NEW:
            values = None
        elif outcome == RowOutcome.KNOWN:
            values = filled.get(row.line) or None
        rows.append(row_of(batch, row, outcome, lead_id=lead_id, values=values))
    rows_copy(rows)


def _counted(outcomes: dict[int, RowOutcome]) -> dict[RowOutcome, int]:
    found = list(outcomes.values())
    return {outcome: found.count(outcome) for outcome in RowOutcome}


@service
def import_finish(*, batch: Import) -> None:
    """All rows are done: boards and people are told, once."""
    hold(batch)
    given = owners_of(batch)
    beat(batch, state=ImportState.DONE, finished_at=now(), error="")
    boards_refresh(owners_met(batch))
    for owner_id, count in given.items():
        if owner_id is not None and owner_id != batch.creator_id:
            _tell(batch, owner_id, count)
    notify(
        [batch.creator_id],
        kind="import_done",
        title=gettext_noop("“%(file)s” was imported: %(n)s new leads"),
        data={"file": batch.name, "n": batch.created_count},
        url=f"/imports/{batch.pk}/",
        once=f"import {batch.pk} {batch.finished_at}",
    )


def _tell(batch: Import, owner_id: int, count: int) -> None:
    one, many = gettext_noop("1 new lead from a list"), gettext_noop("%(n)s new leads from a list")
    notify(
        [owner_id],
        kind="leads_imported",
        title=one if count == 1 else many,
        data={"n": count},
        url="/leads/?source=import",
        once=f"import {batch.pk}",
    )


def owners_of(batch: Import) -> dict[int | None, int]:
    """How many leads of this import each consultant has."""
    rows = batch.rows.filter(outcome=RowOutcome.NEW, lead__isnull=False).order_by()
    return dict(rows.values_list("lead__consultant_id").annotate(Count("pk")))
