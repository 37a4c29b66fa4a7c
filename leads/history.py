"""What was done to a lead, as sentences: who, when, and what it was before."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.templatetags import ui
from leads.fields import LABELS, worded
from leads.losses import loss_labels
from leads.models import (
    ActorKind,
    Interaction,
    InteractionKind,
    Lead,
    Note,
    Product,
    Purpose,
    Source,
    Temperature,
)
from leads.pipeline import Status

PAGE = 50
MOST = 500
Kind = InteractionKind

GROUPS: dict[str, Any] = {
    "all": gettext_lazy("All"),
    "moves": gettext_lazy("Moves"),
    "data": gettext_lazy("Data"),
    "talk": gettext_lazy("Conversation"),
    "work": gettext_lazy("Tasks, notes, files"),
    "livia": gettext_lazy("Lívia"),
}
_KINDS: dict[str, set[str]] = {
    "moves": {Kind.CREATED, Kind.RETURNED, Kind.MOVED, Kind.ASSIGNED, Kind.MERGED, Kind.UNMERGED},
    "data": {
        Kind.UPDATED, Kind.CLASSIFIED, Kind.CONSENTED, Kind.EXPORTED, Kind.ERASED, Kind.REVIEW_ASKED, Kind.REVIEWED,
    },
    "talk": {Kind.HANDED_OVER, Kind.TAKEN_OVER, Kind.HANDED_BACK, Kind.OPTED_OUT, Kind.OPTED_IN},
    "work": {
        Kind.TASK_ADDED, Kind.TASK_DONE, Kind.TASK_CHANGED, Kind.TASK_CANCELLED, Kind.NOTED,
        Kind.FILE_ADDED, Kind.FILE_REMOVED,
    },
    "livia": {Kind.HANDED_OVER, Kind.SIMULATED, Kind.TAKEN_OVER, Kind.HANDED_BACK},
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Entry:
    """One thing that was done. `day` is set where a new day begins."""

    pk: int
    kind: str
    text: str
    who: str
    at: datetime
    day: date | None = None
    changes: list[Change] = field(default_factory=list)
    quote: str = ""
    can_undo: bool = False


@dataclass(frozen=True)
class History:
    group: str
    entries: list[Entry]
    has_more: bool
    since: int | None

    @property
    def last_id(self) -> int:
        return self.entries[-1].pk if self.entries else 0


def history_page(lead: Lead, *, group: str = "all", before: int | None = None, since: int | None = None) -> History:
    """The latest things done to a lead and to those merged into it, newest first; those before an id; or, to show again
    what somebody has unrolled, those since one."""
    group = group if group in GROUPS else "all"
    rows = _rows(lead, group)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    most = PAGE if since is None else min(max(PAGE, rows.filter(pk__gte=since).count()), MOST)
    found = list(rows[: most + 1])
    last = _day(Interaction.objects.filter(pk=before).first()) if before else None
    return History(group, _entries(lead, found[:most], last), len(found) > most, since)


def interactions_of(lead: Lead) -> QuerySet[Interaction]:
    """What was done to a lead and to those merged into it."""
    others = list(lead.merged.values_list("pk", flat=True))
    told_twice = Q(kind=Kind.MERGED, lead_id__in=others)
    return Interaction.objects.filter(lead_id__in=[lead.pk, *others]).exclude(told_twice).select_related("actor")


def _rows(lead: Lead, group: str) -> QuerySet[Interaction]:
    rows = interactions_of(lead)
    if group == "livia":
        rows = rows.filter(Q(kind__in=_KINDS["livia"]) | Q(actor_kind=ActorKind.LIVIA))
    elif group != "all":
        rows = rows.filter(kind__in=_KINDS[group])
    return rows.order_by("-pk")


def _entries(lead: Lead, rows: list[Interaction], last: date | None) -> list[Entry]:
    notes = _texts(rows)
    reasons = loss_labels() if any(row.data.get("lost_reason") for row in rows) else {}
    gone = set(lead.merged.values_list("pk", flat=True)) if any(row.kind == Kind.MERGED for row in rows) else set()
    entries = []
    for row in rows:
        day = _day(row)
        undo = row.kind == Kind.MERGED and row.lead_id == lead.pk and row.data.get("gone") in gone
        gone -= {row.data.get("gone")} if undo else set()  # of two mergers of one lead the latest is undone
        entries.append(
            Entry(
                pk=row.pk,
                kind=row.kind,
                text=sentence(row, reasons),
                who=str(row.actor or row.get_actor_kind_display()),
                at=row.created_at,
                day=day if day != last else None,
                changes=_changes(row),
                quote=notes.get(row.data.get("note"), "") if row.kind == Kind.NOTED else _quote(row),
                can_undo=undo,
            )
        )
        last = day
    return entries


def _day(row: Interaction | None) -> date | None:
    return localtime(row.created_at).date() if row else None


def _texts(rows: list[Interaction]) -> dict[Any, str]:
    """The beginnings of the notes that were written, in one look."""
    wanted = [row.data.get("note") for row in rows if row.kind == Kind.NOTED and row.data.get("what") != "removed"]
    found = Note.objects.filter(pk__in=wanted, removed_at=None).values_list("pk", "text") if wanted else []
    return {pk: text if len(text) <= 160 else f"{text[:159]}…" for pk, text in found}


def _changes(row: Interaction) -> list[Change]:
    if row.kind != Kind.UPDATED or not isinstance(row.data.get("changes"), dict):
        return []
    return [
        Change(str(LABELS.get(name, name)), worded(name, before), worded(name, after))
        for name, (before, after) in row.data["changes"].items()
    ]


def _quote(row: Interaction) -> str:
    """Words somebody gave with it."""
    if row.kind == Kind.MOVED:
        return str(row.data.get("lost_note") or "")
    return reason_name(str(row.data.get("reason") or "")) if row.kind in (Kind.ASSIGNED, Kind.HANDED_OVER) else ""


_REASONS: dict[str, Any] = {
    "qualified": gettext_lazy("ready for a consultant"),
    "asked_person": gettext_lazy("asked for a person"),
    "too_many_misses": gettext_lazy("Lívia could not understand"),
    "abuse": gettext_lazy("bad language"),
    "distress": gettext_lazy("in distress"),
    "data_request": gettext_lazy("asks about their data"),
    "opt_out": gettext_lazy("asked for no more messages"),
}


def reason_name(reason: str) -> str:
    """Why a lead was handed over or assigned: Lívia's reasons in words, a manager's own as written."""
    return str(_REASONS.get(reason, reason))


def _label(choices: Any, value: Any) -> str:
    return str(dict(choices).get(value, value or ""))


def _moved(data: dict[str, Any], reasons: dict[str, str]) -> str:
    places = {"origin": _label(Status.choices, data.get("origin")), "to": _label(Status.choices, data.get("to"))}
    if data.get("won_amount"):
        return _("Moved: %(origin)s → %(to)s, %(amount)s") % {**places, "amount": ui.cents(data["won_amount"])}
    if data.get("lost_reason"):
        return _("Moved: %(origin)s → %(to)s. %(reason)s") % {
            **places, "reason": reasons.get(data["lost_reason"], data["lost_reason"]),
        }  # fmt: skip
    return _("Moved: %(origin)s → %(to)s") % places


def _assigned(data: dict[str, Any]) -> str:
    return _("Given to %(name)s") % {"name": data["name"]} if data.get("name") else _("Left without a consultant")


def _simulated(data: dict[str, Any]) -> str:
    return _("Simulation: %(product)s, %(amount)s in %(n)s instalments of %(instalment)s") % {
        "product": _label(Product.choices, data.get("product")),
        "amount": ui.cents(data.get("credit_amount")),
        "n": data.get("term_months") or "–",
        "instalment": ui.cents(data.get("first_instalment")),
    }


def _classified(data: dict[str, Any]) -> str:
    warmth = _label(Temperature.choices, data.get("temperature"))
    return _("Now %(temperature)s, %(score)s points") % {"temperature": warmth, "score": data.get("score", 0)}


def _merged(data: dict[str, Any]) -> str:
    phone = f" · {ui.phone(data['phone'])}" if data.get("phone") else ""
    if data.get("into"):
        return _("Became part of %(name)s") % {"name": data.get("name", "")}
    return _("Merged with the lead %(name)s") % {"name": f"{data.get('name', '')}{phone}"}


def _noted(data: dict[str, Any]) -> str:
    texts = {"edited": _("Note changed"), "removed": _("Note removed")}
    return texts.get(data.get("what", ""), _("Note written"))


def _consented(data: dict[str, Any]) -> str:
    purpose = {"purpose": _label(Purpose.choices, data.get("purpose"))}
    return (_("Agreed: %(purpose)s") if data.get("given") else _("Took back: %(purpose)s")) % purpose


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    Kind.CREATED: lambda data: _("Lead created: %(source)s") % {"source": _label(Source.choices, data.get("source"))},
    Kind.RETURNED: lambda data: _("Came back: %(source)s") % {"source": _label(Source.choices, data.get("source"))},
    Kind.ASSIGNED: _assigned,
    Kind.CLASSIFIED: _classified,
    Kind.SIMULATED: _simulated,
    Kind.MERGED: _merged,
    Kind.UNMERGED: lambda data: _("Separated again from %(name)s") % {"name": data.get("name", "")},
    Kind.TASK_ADDED: lambda data: _("Task added: %(title)s") % {"title": data.get("title", "")},
    Kind.TASK_DONE: lambda data: _("Task done: %(title)s") % {"title": data.get("title", "")},
    Kind.TASK_CHANGED: lambda data: _("Task changed: %(title)s") % {"title": data.get("title", "")},
    Kind.TASK_CANCELLED: lambda data: _("Task cancelled: %(title)s") % {"title": data.get("title", "")},
    Kind.NOTED: _noted,
    Kind.CONSENTED: _consented,
    Kind.FILE_ADDED: lambda data: _("File added: %(name)s") % {"name": data.get("name", "")},
    Kind.FILE_REMOVED: lambda data: _("File removed: %(name)s") % {"name": data.get("name", "")},
}


def sentence(row: Interaction, reasons: dict[str, str]) -> str:
    """What was done, in words; `reasons` are the names of loss reasons (leads.losses.loss_labels)."""
    if row.kind == Kind.MOVED:
        return _moved(row.data, reasons)
    write = _SENTENCES.get(row.kind)
    return write(row.data) if write else str(row.get_kind_display())
