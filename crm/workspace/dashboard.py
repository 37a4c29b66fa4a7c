"""The admin's first page: what a manager looks at in the morning, and where each thing is acted upon."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, F, Min, Q, Window
from django.http import HttpRequest

from agent.figures import answers_since
from agent.standing import Standing, standing
from conversations.models import Author, Conversation
from crm.alerts.models import Alert
from crm.alerts.selectors import open_alerts
from crm.core.clock import now
from crm.exports.models import Export, ExportState
from crm.workspace.badges import badges
from leads.agenda_selectors import day_start
from leads.models import Attendance, Import, ImportState, Lead, Source, Task, TaskState
from leads.pipeline import CLOSED
from leads.rotation import line
from leads.selectors import OPEN_ROOM, room_totals
from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.states import State
from whatsapp.words import sentence

ROWS = 8
_LEVELS = {State.ONLINE: "ok", State.STOPPED: "quiet"}


@dataclass(frozen=True)
class SourceDay:
    """Leads of one source: today, yesterday until the same hour, and all of yesterday."""

    label: str
    today: int
    so_far: int
    yesterday: int


@dataclass(frozen=True)
class Waits:
    """Clients who wrote and whom no person has answered for `ATTENTION_UNANSWERED_SECONDS`, the longest first."""

    threads: list[Conversation]
    total: int


@dataclass(frozen=True)
class Connection:
    session: Session
    sentence: str
    level: str


@dataclass(frozen=True)
class Overdue:
    """Tasks somebody is late with; `owner_id` None: nobody's."""

    owner_id: int | None
    name: str
    total: int
    oldest: datetime


@dataclass(frozen=True)
class Running:
    """A piece of work in the background. `percent` None while nobody knows."""

    name: str
    state: str
    percent: int | None
    is_import: bool
    pk: int


def show(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The theme's callback for the page's context."""
    return {**context, "dashboard": dashboard(request)}


def dashboard(request: HttpRequest) -> dict[str, Any]:
    sources = leads_by_source()
    alerts, alerts_total = _alerts()
    places = line()
    overdue = overdue_tasks()
    return {
        "sources": sources,
        "leads": SourceDay("", *(sum(getattr(row, n) for row in sources) for n in ("today", "so_far", "yesterday"))),
        "waits": clients_waiting(),
        "unowned": sum(total.n for total in room_totals(OPEN_ROOM) if total.status not in CLOSED),
        "awaiting": Lead.objects.filter(awaits_consultant=True).count(),
        "connections": connections(),
        "alerts": alerts,
        "alerts_total": alerts_total,
        "livia": _livia(),
        "failures": badges(request),
        "overdue": overdue,
        "overdue_total": sum(row.total for row in overdue),
        "places": places[:ROWS],
        "running": running(),
        "at": now(),
    }


def leads_by_source() -> list[SourceDay]:
    """Today's and yesterday's leads, the most of today first; a source without any in either day is left out."""
    midnight, day = day_start(), timedelta(days=1)
    rows = Lead.objects.filter(created_at__gte=day_start(-1), merged_into=None).values_list("source").order_by()
    before = Q(created_at__lt=midnight)
    counted = rows.annotate(
        today=Count("pk", filter=~before),
        so_far=Count("pk", filter=before & Q(created_at__lte=now() - day)),
        yesterday=Count("pk", filter=before),
    )
    days = [SourceDay(str(Source(source).label), *numbers) for source, *numbers in counted]
    return sorted(days, key=lambda row: (-row.today, -row.yesterday, row.label))


def clients_waiting() -> Waits:
    since = now() - timedelta(seconds=settings.ATTENTION_UNANSWERED_SECONDS)
    threads = Conversation.objects.filter(
        unread_count__gt=0, last_message_author=Author.CLIENT, last_message_at__lte=since, snoozed_until=None
    ).exclude(attended_by=Attendance.LIVIA)
    threads = threads.select_related("lead__consultant__user", "inbox").annotate(waiting=Window(Count("pk")))
    found = list(threads.order_by("last_message_at", "pk")[:ROWS])
    return Waits(found, found[0].waiting if found else 0)


def connections() -> list[Connection]:
    """Each number with its state in words; what ended by itself or failed is told as trouble."""
    return [
        Connection(
            session,
            sentence(session.state, until=session.state_until, reason=session.state_reason),
            _LEVELS.get(State(session.state), "bad" if session.wanted else "warn"),
        )
        for session in sessions_all()
    ]


def _alerts() -> tuple[list[Alert], int]:
    found = list(open_alerts().annotate(total=Window(Count("pk")))[:ROWS])
    return found, found[0].total if found else 0


def _livia() -> dict[str, Any]:
    """Whether the model speaks, and today's turns with the share that went by rules or the default reply."""
    state: Standing = standing()
    return {"standing": state, **answers_since(day_start())}


def overdue_tasks() -> list[Overdue]:
    late = Task.objects.filter(state=TaskState.OPEN, due_at__lt=now(), lead__merged_into=None)
    rows = late.values("owner_id", name=F("owner__name")).annotate(total=Count("pk"), oldest=Min("due_at"))
    return [Overdue(**{**row, "name": row["name"] or ""}) for row in rows.order_by("-total", "owner_id")]


def running() -> list[Running]:
    """Imports and exports at work or waiting for their worker, the newest first."""
    at_work = [ImportState.CHECKING, ImportState.RUNNING, ImportState.UNDOING]
    imports = Import.objects.filter(state__in=at_work).order_by("-pk")[:ROWS]
    exports = Export.objects.filter(state__in=[ExportState.WAITING, ExportState.RUNNING]).order_by("-pk")[:ROWS]
    return [
        *(Running(str(row), row.get_state_display(), _percent(row), False, row.pk) for row in exports),
        *(Running(row.name, row.get_state_display(), _percent(row), True, row.pk) for row in imports),
    ]


def _percent(row: Any) -> int | None:
    return round(100 * row.rows_done / row.rows_total) if row.rows_total else None
