"""One turn: read what the client wrote, think without a transaction, settle in one.

Nothing is written before the thread is locked again and found unchanged: a message or a takeover meanwhile discards
the turn, and the newer message's own turn reads everything from the start.
"""

from contextlib import suppress
from dataclasses import dataclass

import structlog
from django.db import InterfaceError, OperationalError

from agent import catalogue
from agent.consulting import unstorable
from agent.gate import attends, may_answer, seconds_to_wait
from agent.loops import loop_seen, loop_stop
from agent.models import Turn
from agent.reading import consent_honour, messages_to_answer, thread_rest
from agent.settle import settle
from agent.states import dialogue_of, state_of
from agent.thinking import Thought, think
from agent.turn_lock import thinking_alone
from conversations.failures import FAILURE, turns_forgive
from conversations.models import Conversation, Message
from conversations.upkeep import conversation_lock
from crm.core.errors import NotFound
from crm.core.tracing import current, span, traced
from crm.core.work import holding, service

log = structlog.get_logger(__name__)

_BUSY_SECONDS = 2.0


@dataclass(frozen=True)
class Outcome:
    """What became of a request to answer: `wait` seconds until it is due, a turn, or nothing to do."""

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
    wait = seconds_to_wait(conversation, messages)
    if wait > 0:
        return Outcome(wait=wait)
    if loop_seen(conversation, messages):
        _fall_silent(conversation_id)
        return Outcome()
    with thinking_alone(conversation_id) as alone:
        return _answer(conversation, messages) if alone else Outcome(wait=_BUSY_SECONDS)


def _answer(conversation: Conversation, messages: list[Message]) -> Outcome:
    """Of the trace of the newest message, whoever rang; the log tells of the others."""
    with traced(messages[-1].trace_id or current()), span("livia.turn", messages=len(messages)) as told:
        outcome = _think_and_settle(conversation, messages)
        turn = outcome.turn
        told.note(outcome=turn.outcome if turn else "discarded")
        others = [message.trace_id for message in messages[:-1] if message.trace_id]
        log.info("turn_ended", conversation=conversation.pk, turn=turn.pk if turn else None, traces=others)
    return outcome


def _think_and_settle(conversation: Conversation, messages: list[Message]) -> Outcome:
    thought = think(conversation, messages)
    try:
        turn = _settle_if_unchanged(thought)
    except (OperationalError, InterfaceError):  # nothing wrong with the turn: the sweep comes back to it
        raise
    except Exception as error:
        if thought.consultation is None:
            raise
        log.exception("turn_unstorable", conversation=conversation.pk, error=type(error).__name__)
        turn = _settle_if_unchanged(think(conversation, messages, unstorable(thought.consultation)))
    return Outcome(turn=turn, discarded=turn is None)


def _fall_silent(conversation_id: int) -> None:
    with suppress(NotFound):  # joined with the client's other thread meanwhile, whose own bell rings
        loop_stop(conversation_id=conversation_id)


def _leave_be(conversation: Conversation) -> None:
    """Nothing to answer here, or not for Lívia."""
    with suppress(NotFound):  # joined with the client's other thread meanwhile, whose own bell rings
        if not attends(conversation):
            consent_honour(conversation_id=conversation.pk)
        elif conversation.awaits_livia:
            thread_rest(conversation_id=conversation.pk)


def _conversation(conversation_id: int) -> Conversation | None:
    rows = Conversation.objects.select_related("contact", "inbox", "lead", "dialogue")
    return rows.filter(pk=conversation_id).first()


@service
def _settle_if_unchanged(thought: Thought) -> Turn | None:
    try:
        conversation = conversation_lock(thought.conversation_id, with_lead=True)
    except NotFound:  # joined with the client's other thread meanwhile, where the messages wait
        return None
    if bool(conversation.contact.opted_out_at) != thought.had_left or not may_answer(conversation):
        return None
    if not (_still_said(conversation, thought) and _still_offered(thought)):
        return None
    with holding(conversation, conversation.lead):
        turn = settle(conversation, thought)
    if conversation.turn_failures:
        turns_forgive(conversation)
        conversation.save(update_fields=FAILURE)
    return turn


def _still_said(conversation: Conversation, thought: Thought) -> bool:
    """A new revision may be a mere receipt: then the messages are compared, and where the dialogue stands."""
    if conversation.revision == thought.revision:
        return True
    is_where_it_was = state_of(dialogue_of(conversation)) == state_of(thought.dialogue)
    return is_where_it_was and _said(messages_to_answer(conversation)) == _said(thought.messages)


def _said(messages: list[Message]) -> list[tuple[int, str, str]]:
    """What a turn answers to: something new, corrected or taken back meanwhile makes it another turn's."""
    return [(message.pk, message.kind, message.words) for message in messages]


def _still_offered(thought: Thought) -> bool:
    """A simulation goes out only by the terms in force when it does."""
    simulation = thought.decision.simulation
    if simulation is None:
        return True
    terms = catalogue.in_force().products.get(simulation.code)
    return terms is not None and terms.version_id == simulation.version_id
