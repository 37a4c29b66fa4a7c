"""Lívia as the one who plans: a client who wants to be spoken to at a time becomes a task of whoever serves them.

Also what only this layer knows for the rules of `leads`: when the business is open, and that somebody speaks.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from agent import catalogue
from agent.brain.appointments import Appointment, appointment
from agent.contexts import local_now
from conversations.events import ConversationTaken
from conversations.models import Conversation, Message
from crm.accounts.models import User
from crm.core.facts import on
from crm.core.work import service
from leads.actors import LIVIA, SYSTEM, person
from leads.agenda import task_create, task_update
from leads.models import Task, TaskKind, TaskState
from leads.rules import business_moment, contact_made, task_title

ASKED = "asked"
_CALL, _WRITE = gettext_noop("Call %(name)s, as asked"), gettext_noop("Write to %(name)s, as asked")


@service
def appointment_plan(*, conversation: Conversation, messages: Sequence[Message], handed_over: bool) -> Task | None:
    """Plan what the client's latest wish says; another wish moves the task that waits. Call it in the turn's
    transaction, the thread and its lead locked."""
    wish = _wish(messages, handed_over=handed_over)
    if wish is None:
        return None
    lead = conversation.lead
    kind, title = (TaskKind.CALL, _CALL) if wish.call else (TaskKind.MESSAGE, _WRITE)
    values: dict[str, Any] = {
        "title": task_title(title, lead),
        "kind": kind,
        "due_at": wish.due,
        "note": f"“{wish.words}”",
    }
    waiting = Task.objects.filter(lead=lead, rule=ASKED, state=TaskState.OPEN).values_list("pk", flat=True).first()
    if waiting is not None:
        return task_update(task_id=waiting, values=values, actor=LIVIA)
    return task_create(lead_id=lead.pk, actor=LIVIA, rule=ASKED, **values)


def _wish(messages: Sequence[Message], *, handed_over: bool) -> Appointment | None:
    now = local_now()
    found = (appointment(message.words, now=now, expected=handed_over) for message in reversed(messages))
    return next(filter(None, found), None)


@business_moment.plug
def _when_open(moment: datetime) -> datetime:
    """A business that never opens is asked for nothing better."""
    return catalogue.in_force().opening.next_open(timezone.localtime(moment)) or moment


@on(ConversationTaken, inside=True)
def _first_contact_is_made(fact: ConversationTaken) -> None:
    lead_id = Conversation.objects.values_list("lead_id", flat=True).get(pk=fact.conversation_id)
    actor = person(User.objects.get(pk=fact.user_id)) if fact.user_id else SYSTEM
    contact_made(lead_id=lead_id, actor=actor)
