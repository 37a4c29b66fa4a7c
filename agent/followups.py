"""Reminders to clients who stopped answering: few, in business hours, and never to whoever wants none.

A reminder is a row with a time. Everything that speaks against it is asked again under the thread's lock before it is
sent, so a cancellation that was missed costs nothing.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from agent import catalogue
from agent.brain.dialogue import Decision, DialogueState
from agent.brain.opening import OpeningHours
from agent.brain.reminders import reminder
from agent.brain.stages import SILENT
from agent.catalogue import Catalogue
from agent.gate import attends
from agent.models import Dialogue, FollowUp, FollowUpState
from agent.states import state_of
from agent.typing import typing_ms
from conversations.models import Author, Conversation, ConversationStatus, Direction, MessageState
from conversations.outbox import message_queue
from conversations.states import ASIDE
from conversations.upkeep import conversation_lock
from crm.core.clock import now
from crm.core.work import service
from leads.models import Attendance
from leads.pipeline import CLOSED, Status

_WAITS = frozenset({"continue", "simulated"})
_LATER = frozenset({"postpone", "bye"})  # the client means to come back: no hurry
_ON_ITS_WAY = frozenset({MessageState.QUEUED, MessageState.SENDING})
_NEVER_CAME = frozenset({MessageState.FAILED, MessageState.CANCELLED})
_PAUSE = timedelta(hours=1)


# ---- planning
@service
def follow_up_plan(*, conversation_id: int, decision: Decision, shop: Catalogue) -> FollowUp | None:
    """Lívia has just answered: what was planned is void, and if she waits for the client, the first reminder is due
    in FOLLOW_UP_HOURS. Call it in the turn's transaction, which holds the thread.

    Done in every turn, so it asks nothing: all of it is asked before sending.
    """
    follow_ups_cancel(conversation_id=conversation_id, reason="answered")
    if decision.outcome not in _WAITS or not shop.reminds or _unasked(decision.state):
        return None
    return _plan(conversation_id, shop.opening, number=1, unhurried=decision.intent in _LATER)


def _plan(conversation_id: int, opening: OpeningHours, *, number: int, unhurried: bool = False) -> FollowUp | None:
    hours = settings.FOLLOW_UP_HOURS
    if number > settings.FOLLOW_UP_MAX or not hours:
        return None
    place = min(number if unhurried else number - 1, len(hours) - 1)
    due_at = opening.next_open(timezone.localtime(now() + timedelta(hours=hours[place])))
    if due_at is None:  # a business that never opens
        return None
    return FollowUp.objects.create(conversation_id=conversation_id, number=number, due_at=due_at)


@service
def follow_ups_cancel(*, conversation_id: int, reason: str) -> None:
    waiting = FollowUp.objects.filter(conversation=conversation_id, state=FollowUpState.WAITING)
    waiting.update(state=FollowUpState.CANCELLED, reason=reason)


@service
def follow_ups_join(*, kept_id: int, gone_id: int) -> None:
    """Two threads become one, in which one reminder may wait: the earlier."""
    waiting = FollowUp.objects.filter(conversation_id__in=[kept_id, gone_id], state=FollowUpState.WAITING)
    later = list(waiting.order_by("due_at", "pk").values_list("pk", flat=True))[1:]
    FollowUp.objects.filter(pk__in=later).update(state=FollowUpState.CANCELLED, reason="joined")


# ---- sending
def follow_ups_due(limit: int = 200) -> list[int]:
    waiting = FollowUp.objects.filter(state=FollowUpState.WAITING, due_at__lte=now())
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


@service
def follow_up_send(*, follow_up_id: int) -> FollowUp | None:
    """Send a reminder that is due, unless anything speaks against it or its hour has passed. None if it is not due.

    Raises NotFound if the thread was joined with another meanwhile.
    """
    conversation_id = FollowUp.objects.values_list("conversation_id", flat=True).filter(pk=follow_up_id).first()
    if conversation_id is None:
        return None
    conversation = conversation_lock(conversation_id)
    due = FollowUp.objects.select_for_update().filter(pk=follow_up_id, conversation=conversation, due_at__lte=now())
    follow_up = due.filter(state=FollowUpState.WAITING).first()
    if follow_up is None:
        return None
    shop = catalogue.in_force()
    if reason := _against(conversation, shop) or _undelivered(conversation):
        return _settle(follow_up, FollowUpState.CANCELLED, reason=reason)
    if (later := _later(conversation, shop.opening)) is not None:
        follow_up.due_at = later
        follow_up.save(update_fields=["due_at"])
        return follow_up
    return _send(conversation, follow_up, shop.opening)


def _send(conversation: Conversation, follow_up: FollowUp, opening: OpeningHours) -> FollowUp:
    state = state_of(Dialogue.objects.get(conversation=conversation))
    last = follow_up.number >= settings.FOLLOW_UP_MAX
    text = reminder(state, last=last, variant=conversation.pk)
    follow_up.message = message_queue(
        conversation_id=conversation.pk, text=text, author=Author.LIVIA, typing_ms=typing_ms(text, thinking_ms=0)
    )
    _settle(follow_up, FollowUpState.SENT)
    _plan(conversation.pk, opening, number=follow_up.number + 1)
    return follow_up


def _settle(follow_up: FollowUp, state: FollowUpState, *, reason: str = "") -> FollowUp:
    follow_up.state, follow_up.reason = state, reason
    follow_up.save(update_fields=["state", "reason", "message"])
    return follow_up


# ---- what speaks against it
def _against(conversation: Conversation, shop: Catalogue) -> str:
    """Why this client gets no reminder; empty if nothing speaks against one."""
    if not attends(conversation):
        return "not_attended"
    if conversation.contact.opted_out_at:
        return "opted_out"
    if conversation.awaits_livia:
        return "answered"
    if conversation.status == ConversationStatus.ARCHIVED or Status(conversation.lead.status) in CLOSED:
        return "closed"
    if not shop.reminds:
        return "switched_off"
    if Conversation.objects.filter(lead=conversation.lead_id, attended_by=Attendance.PERSON).exists():
        return "served"  # on another number
    dialogue = Dialogue.objects.filter(conversation=conversation).first()
    return _unasked(state_of(dialogue)) if dialogue else "ended"


def _unasked(state: DialogueState) -> str:
    if state.stage in SILENT:
        return "ended"
    if state.cold:
        return "refused"
    return "" if state.asked or state.pending else "nothing_asked"


def _undelivered(conversation: Conversation) -> str:
    return "undelivered" if _last_words(conversation) in _NEVER_CAME else ""


def _later(conversation: Conversation, opening: OpeningHours) -> datetime | None:
    """When to look again, if now is not the time: the shop is closed, or Lívia's question has not even left."""
    asked = now() + _PAUSE if _last_words(conversation) in _ON_ITS_WAY else now()
    opens = opening.next_open(timezone.localtime(asked))
    if opens is None:
        return asked + timedelta(days=1)
    return opens if opens > now() else None


def _last_words(conversation: Conversation) -> str | None:
    said = conversation.messages.filter(direction=Direction.OUT).exclude(kind__in=ASIDE)
    return said.order_by("-pk").values_list("state", flat=True).first()
