"""Writing a turn down: reply into the outbox, stage and slots, what the lead now is, perhaps the handoff.

Everything happens in the caller's transaction, with the thread locked: all of it or nothing.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from agent.brain.dialogue import Decision
from agent.brain.simulation import SimulationResult
from agent.brain.summary import transfer_summary
from agent.models import Dialogue, ProductVersion, Simulation, Turn
from agent.scoring import classify_values
from agent.states import state_write
from agent.typing import typing_ms
from conversations.consent import contact_opt_in, contact_opt_out
from conversations.models import Author, Conversation
from conversations.outbox import message_queue
from conversations.realtime import publish_side
from conversations.services import conversation_release
from conversations.upkeep import conversation_lock, conversation_save
from leads.actors import LIVIA
from leads.models import Attendance, InteractionKind, Lead
from leads.moves import lead_move
from leads.pipeline import Status
from leads.services import (
    EDITABLE,
    interaction_add,
    lead_assign,
    lead_classify,
    lead_lock,
    lead_summarise,
    lead_update,
)

if TYPE_CHECKING:
    from agent.turns import Thought

# Slots that are facts about the lead under the same name; the phone is WhatsApp's, consent is no slot.
_FACTS = EDITABLE - {"phone", "message", "consented_at"}


def settle(conversation: Conversation, thought: "Thought") -> Turn:
    """Store the decision of a turn. Call it with the thread locked and found unchanged."""
    decision = thought.decision
    _mark_answered(conversation)
    _store_dialogue(conversation, thought)
    if decision.outcome == "silent":
        return _record(conversation, thought, [], None)
    if conversation.contact.opted_out_at:
        contact_opt_in(conversation_id=conversation.pk)
        conversation = conversation_lock(conversation.pk)
    _store_facts(conversation, decision)
    simulation = _store_simulation(conversation, decision)
    _classify(conversation, decision)
    replies = _reply(conversation, thought)
    if decision.outcome == "handoff":
        hand_over(conversation, decision)
    turn = _record(conversation, thought, replies, simulation)
    publish_side(conversation)
    return turn


def _mark_answered(conversation: Conversation) -> None:
    """Up to the latest, also where that was taken back."""
    conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None
    conversation_save(conversation, "answered_upto_id", "awaiting_since")


def _store_dialogue(conversation: Conversation, thought: "Thought") -> None:
    dialogue, _created = Dialogue.objects.get_or_create(conversation=conversation)
    state_write(dialogue, thought.decision.state)
    messages = thought.messages
    news = {slot: messages[index].pk for slot, index in thought.decision.slot_sources.items() if index < len(messages)}
    dialogue.sources = {**dialogue.sources, **news}
    dialogue.save()


def _store_facts(conversation: Conversation, decision: Decision) -> None:
    """What the client said becomes the lead's data."""
    facts = {name: value for name, value in decision.state.slots.items() if name in _FACTS and value not in (None, "")}
    if facts:
        lead_update(lead_id=conversation.lead_id, values=_fitting(facts), actor=LIVIA)


def _fitting(facts: dict[str, Any]) -> dict[str, Any]:
    """Cut to the columns' lengths: a client may write a very long word."""
    cut = {}
    for name, value in facts.items():
        limit = Lead._meta.get_field(name).max_length
        cut[name] = value[:limit] if isinstance(value, str) and limit else value
    return cut


def _store_simulation(conversation: Conversation, decision: Decision) -> Simulation | None:
    result = decision.simulation
    if result is None:
        return None
    version = ProductVersion.objects.filter(pk=result.version_id).first()
    if version is None:
        return None
    simulation = Simulation.objects.create(
        lead_id=conversation.lead_id, conversation=conversation, product_version=version, result=result.as_dict()
    )
    lead = lead_lock(conversation.lead_id)
    interaction_add(
        lead, InteractionKind.SIMULATED, LIVIA,
        simulation=simulation.pk, product=result.code, credit_amount=result.credit_amount,
        term_months=result.term_months, first_instalment=result.first_instalment,
    )  # fmt: skip
    return simulation


def _classify(conversation: Conversation, decision: Decision) -> None:
    values = {**decision.state.slots, "source": "whatsapp"}
    simulation = decision.simulation or _last_simulation(conversation)
    result = classify_values(values, intents=(decision.intent,), simulation=simulation)
    lead_classify(lead_id=conversation.lead_id, result=result, actor=LIVIA)


def _reply(conversation: Conversation, thought: "Thought") -> list[int]:
    """Replies go to the outbox; an opt-out silences everything but its one confirmation."""
    decision = thought.decision
    if decision.outcome == "opt_out":
        contact_opt_out(conversation_id=conversation.pk, confirmation="\n".join(decision.replies))
        return []
    thinking = thought.wall_ms
    ids = []
    for text in decision.replies:
        message = message_queue(
            conversation_id=conversation.pk,
            text=text,
            author=Author.LIVIA,
            typing_ms=typing_ms(text, thinking_ms=thinking),
        )
        ids.append(message.pk)
        thinking = 0
    return ids


def hand_over(conversation: Conversation, decision: Decision) -> None:
    """The handoff: summary, consultant, column, notification, and Lívia's silence, in the turn's transaction."""
    lead = lead_lock(conversation.lead_id)
    simulation = decision.simulation or _last_simulation(conversation)
    summary = transfer_summary(decision.state, simulation)
    lead_summarise(lead_id=lead.pk, summary=summary, reason=decision.reason, actor=LIVIA)
    if lead.consultant_id is None:
        lead = lead_assign(lead_id=lead.pk, actor=LIVIA, reason=decision.reason)
    target = Status.QUALIFIED if decision.reason == "qualified" else Status.CONTACTED
    lead = lead_lock(lead.pk)
    if lead.status == Status.NEW or (lead.status == Status.CONTACTED and target == Status.QUALIFIED):
        lead = lead_move(lead_id=lead.pk, to=target, version=lead.version, actor=LIVIA)
    names = {"name": lead.consultant.name} if lead.consultant else {}
    text = (
        gettext_noop("Lívia handed the conversation over to %(name)s") if names else gettext_noop("Lívia handed over")
    )
    conversation_release(conversation_id=conversation.pk, by=Attendance.PERSON, text=text, **names)


def _last_simulation(conversation: Conversation) -> SimulationResult | None:
    last = Simulation.objects.filter(conversation=conversation).order_by("-pk").first()
    return SimulationResult.from_dict(last.result) if last else None


def _record(
    conversation: Conversation, thought: "Thought", reply_ids: list[int], simulation: Simulation | None
) -> Turn:
    decision = thought.decision
    messages = thought.messages
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
        slot_sources={
            slot: messages[index].pk for slot, index in decision.slot_sources.items() if index < len(messages)
        },
        state_before=thought.before.as_dict(),
        replies=list(decision.replies),
        simulation=simulation,
        wall_ms=thought.wall_ms,
    )
