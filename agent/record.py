"""What a turn leaves behind: the row for audit and replay, and what it means for the messages it read."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from django.db import connection

from agent.models import PromptVersion, Simulation, Turn
from conversations.models import Conversation, Message
from crm.core.clock import now
from crm.core.tracing import current

if TYPE_CHECKING:
    from agent.consulting import Consultation
    from agent.thinking import Thought

_LONGEST_MS = 2**31 - 1


def turn_record(
    conversation: Conversation, thought: "Thought", reply_ids: list[int], simulation: Simulation | None
) -> Turn:
    """Write a turn down. Call it in the transaction that settles it, last: its times end here."""
    decision, messages = thought.decision, thought.messages
    confidence = _confidence(thought)
    _mark_messages(messages, confidence)
    consulted = _of_model(thought.consultation) if thought.consultation else {}
    wall_ms = thought.elapsed_ms()
    return Turn.objects.create(
        conversation=conversation,
        message_ids=[message.pk for message in messages],
        reply_ids=reply_ids,
        outcome=decision.outcome,
        reason=decision.reason,
        intent=decision.intent,
        path=list(decision.path),
        stage_before=thought.before.stage.value,
        stage_after=decision.state.stage.value,
        slots_before=dict(thought.before.slots),
        slots_after=dict(decision.state.slots),
        slot_sources=thought.sources(),
        state_before=thought.before.as_dict(),
        replies=list(decision.replies),
        simulation=simulation,
        products={code: terms.version_id for code, terms in thought.catalogue.products.items()},
        prompt_version_id=_still_there(thought.prompt_version_id),
        guard_hits=[dict(hit) for hit in decision.guard_hits],
        rejected=[dict(value) for value in decision.rejected],
        figures=[dict(figure) for figure in decision.figures],
        confidence=confidence,
        trace_id=current(),
        wall_ms=wall_ms,
        own_ms=max(wall_ms - consulted.get("model_ms", 0), 0),
        **consulted,
    )


def _of_model(consultation: "Consultation") -> dict[str, Any]:
    answer, usage = consultation.answer, consultation.answer.usage
    return {
        "context_version": consultation.context_version,
        "context": dict(consultation.context),
        "prompt_hash": consultation.prompt_hash,
        "model": answer.model,
        "attempts": [asdict(attempt) for attempt in answer.attempts],
        "model_status": answer.status,
        "model_error": answer.error[:60],
        "request_id": answer.request_id[:80],
        "breaker": answer.breaker,
        "tokens_in": usage.tokens_in,
        "tokens_out": usage.tokens_out,
        "tokens_reasoning": usage.tokens_reasoning,
        "tokens_cached": usage.tokens_cached,
        "queue_ms": usage.queue_ms,
        "model_ms": consultation.ms,
        "raw_output": consultation.raw_output,
        "validation_errors": list(consultation.parsed.errors),
    }


def _still_there(prompt_version_id: int | None) -> int | None:
    """A version may be gone since it was read; its turn is written all the same."""
    if prompt_version_id is None:
        return None
    return PromptVersion.objects.filter(pk=prompt_version_id).values_list("pk", flat=True).first()


def _confidence(thought: "Thought") -> float | None:
    """Of the reading, 0 to 1: the model's own where its words were sent, else whether the rules understood anything."""
    decision, parsed = thought.decision, thought.consultation and thought.consultation.parsed.value
    if decision.outcome == "silent":
        return None
    if decision.model_used and parsed and parsed.confidence is not None:
        return float(parsed.confidence)
    understood = decision.intent != "other" or bool(decision.slot_sources)
    return 0.9 if understood else 0.3


def _mark_messages(messages: list[Message], confidence: float | None) -> None:
    """How sure she was of each message, and how long it took from its arrival to here."""
    with connection.cursor() as cursor:
        cursor.execute(_MARK, [confidence, now(), [message.pk for message in messages]])


# Between nothing and the longest a column holds: a clock may have been set back, a message be very old.
_MARK = f"""
UPDATE conversations_message SET confidence = %s,
    processing_ms = greatest(least(extract(epoch FROM %s - created_at) * 1000, {_LONGEST_MS}), 0)::integer
WHERE id = ANY(%s)
"""
