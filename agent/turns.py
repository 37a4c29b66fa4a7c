"""One turn: read what the client wrote, think without a transaction, settle in one.

Nothing is written before the thread is locked again and found unchanged: a message or a takeover meanwhile discards
the turn, and the newer message's own turn reads everything from the start.
"""

import time
from contextlib import suppress
from dataclasses import dataclass, replace

from django.utils import timezone

from agent import catalogue
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide
from agent.brain.stages import Stage
from agent.gate import attends, may_answer, seconds_to_wait
from agent.models import Dialogue, Turn
from agent.reading import consent_honour, messages_to_answer, thread_rest
from agent.settle import settle
from agent.states import state_of
from conversations.models import Contact, Conversation, Message
from conversations.upkeep import conversation_lock
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.work import service


@dataclass(frozen=True)
class Thought:
    """What one turn read and decided. `had_left`: the client had asked for no more messages."""

    conversation_id: int
    had_left: bool
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
    messages = messages_to_answer(conversation) if may_answer(conversation) else []
    if not messages:
        _leave_be(conversation)
        return Outcome()
    wait = seconds_to_wait(conversation, messages[-1])
    if wait > 0:
        return Outcome(wait=wait)
    thought = _think(conversation, messages)
    turn = _settle_if_unchanged(thought)
    return Outcome(turn=turn, discarded=turn is None)


def _leave_be(conversation: Conversation) -> None:
    """Nothing to answer here, or not for Lívia."""
    with suppress(NotFound):  # joined with the client's other thread meanwhile, whose own bell rings
        if not attends(conversation):
            consent_honour(conversation_id=conversation.pk)
        elif conversation.awaits_livia:
            thread_rest(conversation_id=conversation.pk)


def _conversation(conversation_id: int) -> Conversation | None:
    rows = Conversation.objects.select_related("contact", "inbox", "lead")
    return rows.filter(pk=conversation_id).first()


def _think(conversation: Conversation, messages: list[Message]) -> Thought:
    started = time.perf_counter()
    dialogue = Dialogue.objects.filter(conversation=conversation).first() or Dialogue(conversation=conversation)
    before = state_of(dialogue)
    had_left = bool(conversation.contact.opted_out_at)
    if had_left:  # perhaps in another thread: it holds for the person, not for a number
        before = replace(before, stage=Stage.OPTED_OUT)
    elif before.stage == Stage.OPTED_OUT:  # and so does the return
        before = replace(before, stage=Stage.QUALIFICATION)
    incoming = [Incoming(text=message.text, kind=message.kind, id=message.pk) for message in messages]
    decision = decide(
        before,
        incoming,
        products=catalogue.products(),
        business=catalogue.business(),
        today=timezone.localdate(now()),
    )
    return Thought(conversation.pk, had_left, messages, before, decision, int((time.perf_counter() - started) * 1000))


@service
def _settle_if_unchanged(thought: Thought) -> Turn | None:
    try:
        conversation = conversation_lock(thought.conversation_id)
    except NotFound:  # joined with the client's other thread meanwhile, where the messages wait
        return None
    # Held until the commit: leaving on another number comes before or after this turn, never into it.
    conversation.contact = Contact.objects.select_for_update(no_key=True).get(pk=conversation.contact_id)
    if bool(conversation.contact.opted_out_at) != thought.had_left or not may_answer(conversation):
        return None
    if _said(messages_to_answer(conversation)) != _said(thought.messages):
        return None
    return settle(conversation, thought)


def _said(messages: list[Message]) -> list[tuple[int, str, str]]:
    """What a turn answers to: something new, corrected or taken back meanwhile makes it another turn's."""
    return [(message.pk, message.kind, message.text) for message in messages]
