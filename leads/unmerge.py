"""A merger undone: what came with the other lead goes back, what was added since stays."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.phones import phone_identity
from crm.core.ports import Port
from crm.core.work import service
from crm.realtime.services import rooms_recheck
from leads.actors import Actor
from leads.agenda import next_task_note
from leads.events import LeadAssigned, LeadsParted
from leads.merge import threads_hold
from leads.models import Interaction, InteractionKind, Lead, TaskState
from leads.realtime import publish_card, publish_card_gone
from leads.services import interaction_add, lead_of_phone, lead_save

# What belongs together is given back together, and only if nobody changed it since.
_TOGETHER = (
    ("status", "rank", "status_changed_at", "lost_reason", "lost_note", "won_amount"),
    ("ai_score", "ai_temperature", "ai_reasons"),
    ("phone", "phone_key"),
)
_BY_THREADS = ("unread_count", "attended_by", "last_message_text", "last_message_direction", "last_message_at")
_ANYWAY = frozenset({"rank", "phone_key"})  # these move by themselves

# What the latest of a lead's threads says of it (the fields in _BY_THREADS); nothing if it has none.
thread_figures: Port[[int], dict[str, Any]] = Port(lambda lead_id: {})


@dataclass
class _Pair:
    keep: Lead
    gone: Lead
    merger: Interaction

    @property
    def before(self) -> dict[str, Any]:
        return self.merger.data.get("before") or {}


@service
def lead_unmerge(*, interaction_id: int, actor: Actor) -> tuple[Lead, Lead]:
    """Make two leads again of one; the one that stayed and the one that comes back.

    Raises NotFound, and Conflict where it cannot be undone any more (`merged_further`, `undone`, `phone_taken`).
    """
    merger = Interaction.objects.filter(pk=interaction_id, kind=InteractionKind.MERGED, data__has_key="gone").first()
    if merger is None:
        raise NotFound
    _hold_phone(merger.data["gone"])
    threads_hold([merger.lead_id])
    pair = _locked(merger)
    previous_id = pair.keep.consultant_id
    _give_phone_back(pair)
    restored = _restored(pair)
    _give_back(pair)
    _save(pair, restored)
    _tell(pair, previous_id, actor)
    return pair.keep, pair.gone


def _hold_phone(lead_id: int) -> None:
    phone = Lead.objects.filter(pk=lead_id).values_list("phone", flat=True).first()
    if phone:
        lead_of_phone(phone_identity(phone))


def _locked(merger: Interaction) -> _Pair:
    ids = sorted([merger.lead_id, merger.data["gone"]])
    rows = {row.pk: row for row in Lead.objects.select_for_update().filter(pk__in=ids).order_by("pk")}
    keep, gone = rows.get(merger.lead_id), rows.get(merger.data["gone"])
    if keep is None or gone is None:
        raise NotFound
    if keep.merged_into_id:
        raise Conflict(_("This lead was merged into another since. Undo that first."), code="merged_further")
    later = Interaction.objects.filter(lead=keep, pk__gt=merger.pk, data__gone=gone.pk)
    if gone.merged_into_id != keep.pk or later.exists():
        raise Conflict(_("This was undone already."), code="undone")
    return _Pair(keep, gone, merger)


def _give_phone_back(pair: _Pair) -> None:
    """A phone belongs to one lead. If `keep` took it in the merger it is free again, else it must not be another's."""
    keep, gone = pair.keep, pair.gone
    key = phone_identity(gone.phone) if gone.phone else ""
    holder = Lead.objects.filter(phone_key=key).exclude(pk=gone.pk).first() if key else None
    if holder is not None and (holder.pk != keep.pk or "phone_key" not in pair.before):
        text = _("The phone of %(name)s belongs to another lead by now.")
        raise Conflict(text % {"name": gone.display_name}, code="phone_taken")
    gone.phone_key = key


def _restored(pair: _Pair) -> list[str]:
    """The fields of `keep` that are set to what they were, because they still hold what came from `gone`."""
    groups = [*_TOGETHER, *((name,) for name in pair.before if not _grouped(name))]
    restored = []
    for group in groups:
        taken = [name for name in group if name in pair.before]
        if taken and all(getattr(pair.keep, name) == getattr(pair.gone, name) for name in taken if name not in _ANYWAY):
            restored += taken
    for name in restored:
        setattr(pair.keep, name, _value(name, pair.before[name]))
    return restored


def _grouped(name: str) -> bool:
    return name in _BY_THREADS or name == "awaits_consultant" or any(name in group for group in _TOGETHER)


def _value(name: str, plain: Any) -> Any:
    return plain if name == "consultant_id" else Lead._meta.get_field(name).to_python(plain)


def _give_back(pair: _Pair) -> None:
    """Every row that came with `gone` and is still `keep`'s."""
    for label, keys in (pair.merger.data.get("moved") or {}).items():
        model = apps.get_model(label)
        for relation in Lead._meta.related_objects:
            if relation.related_model is model:
                name = relation.field.name
                model._base_manager.filter(pk__in=keys, **{name: pair.keep}).update(**{name: pair.gone})


def _save(pair: _Pair, restored: list[str]) -> None:
    keep, gone = pair.keep, pair.gone
    gone.merged_into = None
    keep.awaits_consultant = bool(pair.before.get("awaits_consultant")) and keep.consultant_id is None
    for lead in (keep, gone):
        fallback = {name: _value(name, pair.before[name]) for name in _BY_THREADS if name in pair.before}
        for name, value in (thread_figures(lead.pk) or (fallback if lead is keep else {})).items():
            setattr(lead, name, value)
        lead.version += 1
    shared = ("version", "awaits_consultant", *_BY_THREADS)
    lead_save(keep, *shared, *restored)  # first: it lets the phone go that the other takes
    lead_save(gone, *shared, "merged_into", "phone_key")
    _reopen(pair)
    for lead in (keep, gone):
        next_task_note(lead)


def _reopen(pair: _Pair) -> None:
    """Tasks closed because one rule has one open task for a lead; with two leads it may have two."""
    settled = pair.gone.tasks.filter(pk__in=pair.merger.data.get("settled") or [], state=TaskState.CANCELLED)
    taken = set(pair.gone.tasks.filter(state=TaskState.OPEN).exclude(rule="").values_list("rule", flat=True))
    for task in settled.order_by("pk"):
        if task.rule not in taken:
            task.state, task.closed_at, task.closed_by = TaskState.OPEN, None, None
            task.revision += 1
            task.save(update_fields=["state", "closed_at", "closed_by", "revision"])
            taken.add(task.rule)


def _tell(pair: _Pair, previous_id: int | None, actor: Actor) -> None:
    """Both histories, boards, threads and open pages."""
    keep, gone = pair.keep, pair.gone
    interaction_add(keep, InteractionKind.UNMERGED, actor, gone=gone.pk, name=gone.display_name)
    interaction_add(gone, InteractionKind.UNMERGED, actor, kept=keep.pk, name=keep.display_name)
    publish_card(keep, totals=True)
    publish_card(gone, totals=True)
    if keep.consultant_id != previous_id:
        publish_card_gone(keep, previous_id)
        publish_fact(LeadAssigned(lead_id=keep.pk, consultant_id=keep.consultant_id, previous_id=previous_id))
        rooms_recheck([f"lead.{keep.pk}"])
    publish_fact(LeadsParted(kept_id=keep.pk, gone_id=gone.pk, previous_id=previous_id))
