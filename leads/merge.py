"""Two leads that turn out to be one person become one.

Nothing is thrown away: the other row stays as it was, hidden, and both histories say what changed hands, so that it
can be undone by hand.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from crm.core.errors import Invalid
from crm.core.facts import publish as publish_fact
from crm.core.ports import Port
from crm.core.repoint import repoint
from crm.core.work import service
from crm.realtime.publish import notify
from leads.actors import SYSTEM, Actor
from leads.agenda import next_task_note, tasks_follow, tasks_settle
from leads.classification import is_by_person
from leads.events import LeadAssigned, LeadsMerged, LeadsMerging
from leads.models import Attendance, Interaction, InteractionKind, Lead, TaskState
from leads.pipeline import Status
from leads.realtime import publish_card, publish_card_gone, publish_card_hidden
from leads.services import EDITABLE, interaction_add, lead_lock, lead_save

# A lost lead stays lost when its client is only new elsewhere, and is open again when somebody works on them there.
_FURTHEST = (Status.WON, Status.PROPOSAL, Status.QUALIFIED, Status.CONTACTED, Status.LOST, Status.NEW)
_PLACE = ("status", "rank", "status_changed_at", "lost_reason", "lost_note", "won_amount")
_SCORE = ("ai_score", "ai_temperature", "ai_reasons")
_LAST_MESSAGE = ("last_message_text", "last_message_direction", "last_message_at", "attended_by")
_FILLED = (*sorted(EDITABLE), "phone_key", "consultant_id", "tracking", "transfer_summary")

# The layer that has threads plugs in how those of some leads are locked, which comes before locking leads. It answers
# with what is left to be done to them once the leads are one.
threads_hold: Port[[Collection[int]], Callable[[], None]] = Port(lambda lead_ids: lambda: None)


def further(leads: Collection[Lead]) -> Lead:
    """Of several leads of one person the one that stays: with a consultant, else further along, else the older."""
    return min(leads, key=lambda lead: (lead.consultant_id is None, _FURTHEST.index(Status(lead.status)), lead.pk))


@service
def leads_merge(*, keep_id: int, gone_id: int, actor: Actor) -> Lead:
    """Somebody says that two leads are one person. Raises Invalid, and NotFound for one that was merged already."""
    if keep_id == gone_id:
        raise Invalid(_("Choose another lead."), code="same_lead")
    settle = threads_hold([keep_id, gone_id])
    lead = lead_absorb(keep_id=keep_id, gone_id=gone_id, actor=actor)
    settle()
    return lead


@service
def leads_unite(*, lead_ids: Collection[int], actor: Actor = SYSTEM) -> int | None:
    """Make one lead of several (see `further`).

    Lock their threads before: threads come before leads. None if there is no such lead.
    """
    rows = Lead.objects.select_for_update(of=("self",)).filter(pk__in=lead_ids, merged_into=None)
    leads = list(rows.order_by("pk"))
    if not leads:
        return None
    keep = further(leads)
    for lead in leads:
        if lead.pk != keep.pk:
            lead_absorb(keep_id=keep.pk, gone_id=lead.pk, actor=actor)
    return keep.pk


@service
def lead_absorb(*, keep_id: int, gone_id: int, actor: Actor = SYSTEM) -> Lead:
    """The lead `gone` becomes part of `keep`: its threads and simulations, and whatever `keep` does not know.

    Lock their threads before. Raises NotFound for a lead that was merged already.
    """
    leads = {lead_id: lead_lock(lead_id) for lead_id in sorted({keep_id, gone_id})}
    keep, gone = leads[keep_id], leads[gone_id]
    if keep.pk == gone.pk:
        return keep
    news = _news(keep, gone)
    before = {name: _plain(getattr(keep, name)) for name in news}
    previous_id = keep.consultant_id
    _hide(gone, keep, gives_phone="phone_key" in news)
    for name, value in news.items():
        setattr(keep, name, value)
    keep.version += 1
    lead_save(keep, "version", *news)
    settled = _settle_tasks(keep, gone)
    publish_fact(LeadsMerging(kept_id=keep.pk, gone_id=gone.pk))
    moved = repoint(gone, keep, leave=(Interaction,))
    next_task_note(keep)
    interaction_add(
        keep, InteractionKind.MERGED, actor,
        gone=gone.pk, name=gone.display_name, phone=gone.phone, before=before, moved=moved, settled=settled,
    )  # fmt: skip
    interaction_add(gone, InteractionKind.MERGED, actor, into=keep.pk, name=keep.display_name)
    if gone.consultant_id not in (None, keep.consultant_id):
        tasks_follow(lead_id=keep.pk, previous_id=gone.consultant_id, actor=actor)
    _tell(keep, gone, previous_id)
    return keep


def _settle_tasks(keep: Lead, gone: Lead) -> list[int]:
    """A rule has one open task for a lead: the tasks of `gone` that were closed for it."""
    open_before = list(gone.tasks.filter(state=TaskState.OPEN).values_list("pk", flat=True))
    tasks_settle(keep, gone)
    closed = gone.tasks.filter(pk__in=open_before).exclude(state=TaskState.OPEN)
    return list(closed.order_by("pk").values_list("pk", flat=True))


def _hide(gone: Lead, keep: Lead, *, gives_phone: bool) -> None:
    """A phone belongs to one lead; the one `keep` does not take stays with `gone` and is found through it."""
    gone.merged_into, gone.awaits_consultant = keep, False
    if gives_phone:
        gone.phone_key = ""
    lead_save(gone, "merged_into", "awaits_consultant", "phone_key")


def _news(keep: Lead, gone: Lead) -> dict[str, Any]:
    """What `keep` learns from `gone`."""
    filled = [name for name in _FILLED if not getattr(keep, name) and getattr(gone, name)]
    if "phone" not in filled:
        filled = [name for name in filled if name != "phone_key"]
    taken = [*filled]
    if _FURTHEST.index(Status(gone.status)) < _FURTHEST.index(Status(keep.status)):
        taken += _PLACE
    if _standing(gone) > _standing(keep):
        taken += _SCORE
    if gone.last_message_at and (keep.last_message_at is None or gone.last_message_at > keep.last_message_at):
        taken += _LAST_MESSAGE
    news = {name: getattr(gone, name) for name in taken}
    if Attendance.PERSON in (keep.attended_by, gone.attended_by):
        news["attended_by"] = Attendance.PERSON
    news["unread_count"] = keep.unread_count + gone.unread_count
    waits = keep.awaits_consultant or gone.awaits_consultant
    news["awaits_consultant"] = waits and not (keep.consultant_id or gone.consultant_id)
    return news


def _standing(lead: Lead) -> tuple[bool, int]:
    """Of two judgements a person's counts, else the higher score."""
    return is_by_person(lead.ai_reasons), lead.ai_score


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _tell(keep: Lead, gone: Lead, previous_id: int | None) -> None:
    """Boards, threads and the consultants of both."""
    publish_card(keep, totals=True)
    if keep.consultant_id != previous_id:
        publish_card_gone(keep, previous_id)
        publish_fact(LeadAssigned(lead_id=keep.pk, consultant_id=keep.consultant_id, previous_id=previous_id))
    publish_card_hidden(gone)
    publish_fact(LeadsMerged(kept_id=keep.pk, gone_id=gone.pk, previous_id=gone.consultant_id))
    for owner_id in {keep.consultant_id, gone.consultant_id} - {None}:
        notify(
            [owner_id],
            kind="leads_merged",
            title=gettext_noop("Two leads of %(name)s became one"),
            data={"name": keep.display_name},
            url=f"/leads/{keep.pk}/" if owner_id == keep.consultant_id else "",
        )
