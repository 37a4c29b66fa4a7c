"""What of an erased client goes from leads: names, phones, words and documents. What happened stays, without them.

Figures stay nobody's: status, amounts, dates, product, state of the country, source and campaign.
"""

import re
from typing import Any
from urllib.parse import parse_qsl

from django.core.cache import cache

from crm.core.clock import now
from crm.core.privacy import Subject, clear, erase
from crm.core.redis import client
from leads.agenda_live import publish_agenda
from leads.cards import cards_pattern
from leads.history import reason_name
from leads.models import (
    Attendance,
    Consent,
    Interaction,
    InteractionKind,
    Lead,
    LeadFile,
    Note,
    SavedView,
    Task,
    TaskState,
)
from leads.realtime import publish_card, publish_page

NOTHING = "–"
_EMPTIED = (
    "name", "phone", "phone_key", "email", "city", "occupation", "purpose", "message", "lost_note", "transfer_summary",
    "last_message_text", "next_task_title",
)  # fmt: skip
_CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign")
# Words of ours in the history; everything else that is text was somebody's.
_CODES = frozenset(
    "source origin to by kind task_kind purpose temperature product lost_reason rule code what why due state "
    "strategy".split()
)
_MERGERS = (InteractionKind.MERGED, InteractionKind.UNMERGED)
_OTHER = ("gone", "into", "kept")  # where they name the other lead
_CODE = re.compile(r"[A-Za-z0-9_:.+-]{0,40}")


@erase.plug
def leads_erase(subject: Subject) -> dict[str, Any]:
    """Call it with the leads locked."""
    leads = list(Lead.objects.filter(pk__in=subject.lead_ids).select_related("consultant__user").order_by("pk"))
    counts = {
        "leads": len(leads),
        "tasks": _tasks(leads),
        "notes": _notes(leads),
        "leads_files": _files(leads),
        "interactions": _history(leads),
        "consents": Consent.objects.filter(lead__in=leads).update(text="", evidence={}),
        "saved_views": _views(subject),
    }
    for lead in leads:
        _empty(lead)
    for lead in leads:
        if lead.merged_into_id is None:
            publish_card(lead)
        else:
            publish_page(lead)
    return counts


def _empty(lead: Lead) -> None:
    for name in _EMPTIED:
        setattr(lead, name, "")
    lead.ai_reasons, lead.consented_at = [], None
    lead.tracking = {name: value for name, value in lead.tracking.items() if name in _CAMPAIGN}
    lead.next_task_at, lead.unread_count = None, 0
    lead.attended_by, lead.awaits_consultant = Attendance.NONE, False
    lead.erased_at = now()
    lead.version += 1
    lead.revision += 1
    lead.save()


def _tasks(leads: list[Lead]) -> int:
    tasks = Task.objects.filter(lead__in=leads)
    open_ones = tasks.filter(state=TaskState.OPEN)
    publish_agenda(set(open_ones.values_list("owner_id", flat=True)))
    open_ones.update(state=TaskState.CANCELLED, closed_at=now())
    return tasks.update(title=NOTHING, note="")


def _notes(leads: list[Lead]) -> int:
    notes = Note.objects.filter(lead__in=leads)
    notes.filter(removed_at=None).update(removed_at=now())
    return notes.update(text="", mentions=[], pinned=False)


def _files(leads: list[Lead]) -> list[str]:
    files = LeadFile.objects.filter(lead__in=leads)
    paths = list(files.exclude(path="").values_list("path", flat=True))
    files.filter(removed_at=None).update(removed_at=now())
    files.update(name=NOTHING, path="")
    return paths


def _history(leads: list[Lead]) -> int:
    """Who did what when stays, with figures and codes; not what was written or changed. Append-only is for people."""
    rows = list(Interaction._base_manager.filter(lead__in=leads).only("kind", "data"))
    _elsewhere({lead.pk for lead in leads}, rows)
    for row in rows:
        names = {name: NOTHING for name in ("title", "name") if row.data.get(name)}
        row.data = names | {name: value for name, value in row.data.items() if _is_figure(row.kind, name, value)}
    Interaction._base_manager.bulk_update(rows, ["data"], batch_size=500)
    return len(rows)


def _elsewhere(lead_ids: set[int], rows: list[Interaction]) -> None:
    """Leads that were one with these for a while know their names and phones from then."""
    once = {row.data.get(name) for row in rows if row.kind in _MERGERS for name in _OTHER} - {None} - lead_ids
    known = list(Interaction._base_manager.filter(lead__in=once, kind__in=_MERGERS).only("data"))
    named = [row for row in known if lead_ids & {row.data.get(name) for name in _OTHER}]
    for row in named:
        row.data = {name: value for name, value in row.data.items() if name != "phone"} | {"name": NOTHING}
    Interaction._base_manager.bulk_update(named, ["data"], batch_size=500)


def _is_figure(kind: str, name: str, value: Any) -> bool:
    if kind == InteractionKind.ASSIGNED and name == "name":
        return True  # the consultant's
    if isinstance(value, str):
        is_ours = reason_name(value) != value if name == "reason" else name in _CODES
        return is_ours and bool(_CODE.fullmatch(value))
    # A merger that knows its other lead could be undone.
    return value is None or (isinstance(value, int | float) and name not in _OTHER)


def _views(subject: Subject) -> int:
    """Filters that look for the person."""
    rows = SavedView.objects.values_list("pk", "name", "query")
    found = [pk for pk, name, query in rows if _looks_for(subject, name, dict(parse_qsl(query)).get("q", ""))]
    return SavedView.objects.filter(pk__in=found).delete()[0]


def _looks_for(subject: Subject, name: str, sought: str) -> bool:
    said, digits = f"{name}\n{sought}".casefold(), re.sub(r"\D", "", sought)
    if sought.strip().casefold() in {word.casefold() for word in subject.alone}:
        return True
    return any(word.casefold() in said for word in subject.telling) or any(each in digits for each in subject.digits)


@clear.plug
def cards_clear(subject: Subject) -> dict[str, Any]:
    """Cards that were rendered before lie in the cache for hours."""
    redis, gone = client(), 0
    for lead_id in subject.lead_ids:
        for key in redis.scan_iter(match=cache.make_key(cards_pattern(lead_id)), count=1000):
            gone += int(redis.delete(key))
    return {"cards": gone}
