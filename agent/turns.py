"""One turn: read what the client wrote, think without a transaction, settle in one.

Nothing is written before the thread is locked again and found unchanged: a message or a takeover meanwhile discards
the turn, and the newer message's own turn reads everything from the start.
"""

import time
from dataclasses import dataclass, replace

from django.utils import timezone

from agent import catalogue
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide, wants_back
from agent.brain.replies import OPT_OUT
from agent.brain.stages import Stage
from agent.brain.understanding import understand
from agent.gate import may_answer, seconds_to_wait
from agent.models import Dialogue, Turn
from agent.settle import settle
from agent.states import state_of
from conversations.consent import contact_opt_in, contact_opt_out
from conversations.models import Conversation, Message
from conversations.upkeep import conversation_lock, messages_unanswered
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.work import service
from leads.models import Attendance


@dataclass(frozen=True)
class Thought:
    """What one turn read and decided."""

    conversation_id: int
    messages: list[Message]
    before: DialogueState
    decision: Decision
    wall_ms: int


@dataclass(frozen=True)
class Outcome:
    """What became of a request to answer: `wait` seconds until the burst ends, a turn, or nothing to do."""

    turn: Turn | None = None
    wait: float | None = None
    discarded: bool = False


def turn_run(*, conversation_id: int) -> Outcome:
    """Answer a conversation if it is due. Safe to call at any time, any number of times."""
    conversation = _conversation(conversation_id)
    if conversation is None:
        return Outcome()
    if not may_answer(conversation):
        honour_consent(conversation)
        return Outcome()
    messages = messages_unanswered(conversation)
    if not messages:
        return Outcome()
    wait = seconds_to_wait(conversation, messages[-1])
    if wait > 0:
        return Outcome(wait=wait)
    thought = _think(conversation, messages)
    turn = _settle_if_unchanged(thought)
    return Outcome(turn=turn, discarded=turn is None)


def honour_consent(conversation: Conversation) -> None:
    """A client may leave, and return, at any time, also while a person attends."""
    latest = Message.objects.filter(pk=conversation.last_inbound_id, revoked_at=None).first()
    if conversation.attended_by == Attendance.LIVIA or latest is None:
        return
    if conversation.contact.opted_out_at:
        if wants_back(latest.text):
            contact_opt_in(conversation_id=conversation.pk)
    elif understand(latest.text, asked=None, last_bot=None, known={}).intent == "opt_out":
        contact_opt_out(conversation_id=conversation.pk, confirmation=OPT_OUT)


def _conversation(conversation_id: int) -> Conversation | None:
    rows = Conversation.objects.select_related("contact", "inbox", "lead")
    return rows.filter(pk=conversation_id).first()


def _think(conversation: Conversation, messages: list[Message]) -> Thought:
    started = time.perf_counter()
    dialogue = Dialogue.objects.filter(conversation=conversation).first() or Dialogue(conversation=conversation)
    before = state_of(dialogue)
    if conversation.contact.opted_out_at:  # perhaps in another thread: it holds for the person, not for a number
        before = replace(before, stage=Stage.OPTED_OUT)
    incoming = [Incoming(text=message.text, kind=message.kind, id=message.pk) for message in messages]
    decision = decide(
        before,
        incoming,
        products=catalogue.products(),
        business=catalogue.business(),
        today=timezone.localdate(now()),
    )
    return Thought(conversation.pk, messages, before, decision, int((time.perf_counter() - started) * 1000))


@service
def _settle_if_unchanged(thought: Thought) -> Turn | None:
    try:
        conversation = conversation_lock(thought.conversation_id)
    except NotFound:  # joined with the client's other thread meanwhile, where the messages wait
        return None
    if _said(messages_unanswered(conversation)) != _said(thought.messages) or not may_answer(conversation):
        return None
    return settle(conversation, thought)


def _said(messages: list[Message]) -> list[tuple[int, str, str]]:
    """What a turn answers to: something new, corrected or taken back meanwhile makes it another turn's."""
    return [(message.pk, message.kind, message.text) for message in messages]
