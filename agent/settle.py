"""Writing a turn down: reply into the outbox, stage and slots, what the lead now is, perhaps the handoff.

Everything happens in the caller's transaction, with the thread locked: all of it or nothing.
"""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_noop

from agent.brain.dialogue import Decision
from agent.brain.simulation import SimulationResult
from agent.brain.summary import transfer_summary
from agent.events import TurnSettled
from agent.models import ClassificationSource, Dialogue, ProductVersion, Simulation, Turn
from agent.record import turn_record
from agent.scoring import classification_record, classify_values
from agent.states import state_write
from agent.typing import typing_ms
from conversations.consent import contact_opt_in, contact_opt_out
from conversations.models import Author, Conversation
from conversations.outbox import message_queue
from conversations.realtime import publish_side
from conversations.services import conversation_release
from conversations.upkeep import conversation_lock, conversation_save
from crm.core.facts import publish as publish_fact
from leads.actors import LIVIA
from leads.models import Attendance, InteractionKind, Lead
from leads.moves import lead_move
from leads.pipeline import Status
from leads.services import (
    EDITABLE,
    interaction_add,
    lead_assign,
    lead_lock,
    lead_summarise,
    lead_update,
)

if TYPE_CHECKING:
    from agent.thinking import Thought

# Slots that are facts about the lead under the same name; the phone is WhatsApp's, consent is no slot.
_FACTS = EDITABLE - {"phone", "message", "consented_at"}


def settle(conversation: Conversation, thought: "Thought") -> Turn:
    """Store the decision of a turn. Call it with the thread locked and found unchanged."""
    decision = thought.decision
    _mark_answered(conversation)
    _store_dialogue(conversation, thought)
    is_silent = decision.outcome == "silent"
    simulation, replies = (None, []) if is_silent else _act(conversation, thought)
    turn = turn_record(conversation, thought, replies, simulation)
    publish_fact(TurnSettled(turn_id=turn.pk, conversation_id=conversation.pk))
    if not is_silent:
        publish_side(conversation)
    return turn


def _act(conversation: Conversation, thought: "Thought") -> tuple[Simulation | None, list[int]]:
    """What the decision does, in the order its locks are taken; the simulation made and the replies queued."""
    decision = thought.decision
    if conversation.contact.opted_out_at:
        contact_opt_in(conversation_id=conversation.pk)
        conversation = conversation_lock(conversation.pk)
    _store_facts(conversation, decision)
    simulation = _store_simulation(conversation, decision)
    shown = _shown(thought)
    _classify(conversation, thought, shown)
    replies = _reply(conversation, thought)
    if decision.outcome == "handoff":
        hand_over(conversation, thought, shown)
    return simulation, replies


def _mark_answered(conversation: Conversation) -> None:
    """Up to the latest, also where that was taken back."""
    conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None
    conversation_save(conversation, "answered_upto_id", "awaiting_since")


def _store_dialogue(conversation: Conversation, thought: "Thought") -> None:
    dialogue, _created = Dialogue.objects.get_or_create(conversation=conversation)
    state_write(dialogue, thought.decision.state)
    dialogue.sources = {**dialogue.sources, **thought.sources()}
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


def _classify(conversation: Conversation, thought: "Thought", shown: SimulationResult | None) -> None:
    decision = thought.decision
    values = {**decision.state.slots, "source": "whatsapp"}
    products = thought.catalogue.products
    result = classify_values(values, intents=(decision.intent,), simulation=shown, products=products)
    classification_record(lead_id=conversation.lead_id, result=result, source=ClassificationSource.RULES)


def _reply(conversation: Conversation, thought: "Thought") -> list[int]:
    """Replies go to the outbox; an opt-out silences everything but its one confirmation."""
    decision = thought.decision
    if decision.outcome == "opt_out":
        contact_opt_out(conversation_id=conversation.pk, confirmation="\n".join(decision.replies))
        return []
    thinking = thought.elapsed_ms()
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


def hand_over(conversation: Conversation, thought: "Thought", shown: SimulationResult | None) -> None:
    """The handoff: summary, consultant, column, notification, and Lívia's silence, in the turn's transaction."""
    decision, products = thought.decision, thought.catalogue.products
    lead = lead_lock(conversation.lead_id)
    summary = transfer_summary(decision.state, shown, products, terms_changed=_terms_changed(thought))
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


def _shown(thought: "Thought") -> SimulationResult | None:
    """The simulation the client saw last, perhaps in this turn."""
    if thought.decision.simulation is not None or thought.shown is None:
        return thought.decision.simulation
    return SimulationResult.from_dict(thought.shown.result)


def _terms_changed(thought: "Thought") -> bool:
    """Whether the simulation seen last would come out differently by the terms in force now."""
    if thought.decision.simulation is not None or thought.shown is None:
        return False
    then = thought.shown.product_version.terms()
    terms = thought.catalogue.products.get(then.code)
    return terms is None or replace(terms, version_id=then.version_id) != then
