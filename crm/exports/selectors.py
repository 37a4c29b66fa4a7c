"""Which rows a list has, for a person and now; and the exports a person sees."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.dateparse import parse_date

from agent.models import Simulation
from conversations.list_selectors import Wanted, threads_wanted
from conversations.models import Contact, Message
from conversations.search import matching, named
from conversations.selectors import conversations_visible_to
from crm.accounts.models import User
from crm.core.numbers import whole
from crm.exports.models import Export, ExportKind
from leads.agenda_selectors import day_start, tasks_visible_to
from leads.filters import Filters
from leads.models import Consent, Interaction, TaskState
from leads.selectors import leads_visible_to

Params = Mapping[str, str]
# What everybody may take along, as far as they see it; the rest is for managers.
FOR_EVERYONE = (ExportKind.LEADS, ExportKind.TASKS, ExportKind.CONVERSATIONS)


def kinds_for(user: User) -> list[ExportKind]:
    return [kind for kind in ExportKind if user.is_manager or kind in FOR_EVERYONE]


def exports_visible_to(user: User) -> QuerySet[Export]:
    """One's own; managers see everybody's."""
    rows = Export.objects.select_related("requester")
    return rows if user.is_manager else rows.filter(requester=user)


def export_get(user: User, export_id: int) -> Export:
    return get_object_or_404(exports_visible_to(user), pk=export_id)


def rows_of(kind: str, params: Params, user: User) -> QuerySet[Any]:
    """The rows of an export as this person may see them now, in no order."""
    rows = _ROWS[ExportKind(kind)](user, params)
    ids = [number for text in params.get("ids", "").split(",") if (number := whole(text)) is not None]
    if "ids" in params:
        rows = rows.filter(pk__in=ids)
    field = _WHEN.get(ExportKind(kind), "created_at")
    first, last = day_of(params.get("first")), day_of(params.get("last"))
    if first:
        rows = rows.filter(**{f"{field}__gte": _midnight(first)})
    return rows.filter(**{f"{field}__lt": _midnight(last + timedelta(days=1))}) if last else rows


def day_of(text: str | None) -> date | None:
    """A day as a form sends it; None for what is none, and for one of another age."""
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and 1900 <= day.year < 2200 else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _query(params: Params) -> QueryDict | None:
    """The address of the list it was asked for from, if it was."""
    return QueryDict(params["query"]) if "query" in params else None


def _leads(user: User, params: Params) -> QuerySet[Any]:
    rows = leads_visible_to(user).select_related("consultant__user")
    query = _query(params)
    return rows if query is None else rows.filter(Filters.read(query).condition(user))


def _tasks(user: User, params: Params) -> QuerySet[Any]:
    """On the page of a day stand open ones, and what was done today."""
    rows, query = tasks_visible_to(user), _query(params)
    if query is None:
        return rows
    who = query.get("who", "")
    if not (user.is_manager and who == "all"):
        rows = rows.filter(owner_id=(whole(who) if user.is_manager else None) or user.pk)
    return rows.filter(Q(state=TaskState.OPEN) | Q(state=TaskState.DONE, closed_at__gte=day_start()))


def _conversations(user: User, params: Params) -> QuerySet[Any]:
    query = _query(params)
    rows = conversations_visible_to(user)
    if query is not None:
        wanted = Wanted.read(query)
        rows = _found(rows, wanted.query) if wanted.query else threads_wanted(user, wanted)
        rows = rows.exclude(last_message_at=None)
    return rows.select_related("inbox", "lead__consultant__user").prefetch_related("labels")


def _found(rows: QuerySet[Any], words: str) -> QuerySet[Any]:
    said = matching(Message.objects.filter(conversation__in=rows), words)
    return rows.filter(named(words) | Q(pk__in=said.order_by().values("conversation_id")))


def _named(lead: str) -> list[str]:
    """What a lead is called by: of the longest lists a lead's other fields are not fetched with every row."""
    return [f"{lead}__{field}" for field in ("name", "phone", "source", "erased_at")]


def _messages(user: User, params: Params) -> QuerySet[Any]:
    rows = Message.objects.filter(conversation__in=conversations_visible_to(user))
    rows = rows.select_related("conversation__lead", "sender")
    return rows.only(
        *_OF_MESSAGE, "conversation__lead_id", "sender__name", "sender__email", *_named("conversation__lead")
    )


def _interactions(user: User, params: Params) -> QuerySet[Any]:
    rows = Interaction.objects.filter(lead__in=leads_visible_to(user)).select_related("lead", "actor")
    return rows.only("kind", "actor_kind", "data", "created_at", "actor__name", "actor__email", *_named("lead"))


def _simulations(user: User, params: Params) -> QuerySet[Any]:
    rows = Simulation.objects.filter(lead__in=leads_visible_to(user))
    return rows.select_related("lead", "product_version", "made_by")


def _contacts(user: User, params: Params) -> QuerySet[Any]:
    return Contact.objects.all()


def _consents(user: User, params: Params) -> QuerySet[Any]:
    return Consent.objects.filter(lead__in=leads_visible_to(user)).select_related("lead", "actor")


_ROWS: Mapping[ExportKind, Callable[[User, Params], QuerySet[Any]]] = {
    ExportKind.LEADS: _leads,
    ExportKind.TASKS: _tasks,
    ExportKind.CONVERSATIONS: _conversations,
    ExportKind.MESSAGES: _messages,
    ExportKind.INTERACTIONS: _interactions,
    ExportKind.SIMULATIONS: _simulations,
    ExportKind.CONTACTS: _contacts,
    ExportKind.CONSENTS: _consents,
}
_OF_MESSAGE = ("direction", "author", "kind", "text", "transcript", "media", "state", "sent_at", "conversation_id")
_WHEN = {ExportKind.TASKS: "due_at", ExportKind.MESSAGES: "sent_at", ExportKind.CONSENTS: "at"}
