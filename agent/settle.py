"""Writing a turn down: reply into the outbox, stage and slots, what the lead now is, perhaps the handoff.

Everything happens in the caller's transaction, with the thread locked: all of it or nothing.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_noop

from agent.appointing import appointment_plan
from agent.brain.dialogue import Decision, wants_back
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage
from agent.brain.summary import transfer_summary
from agent.events import TurnSettled
from agent.followups import follow_up_plan
from agent.models import ClassificationSource, Dialogue, Simulation, Turn
from agent.reading import leaves
from agent.record import turn_record
from agent.scoring import classification_record, classify_values
from agent.states import state_values
from agent.typing import typing_ms
from conversations.consent import contact_opt_in, contact_opt_out
from conversations.models import Author, Conversation, Message
from conversations.outbox import message_queue, replies_queue
from conversations.realtime import publish_side
from conversations.services import conversation_release
from conversations.upkeep import conversation_save
from crm.core import metrics
from crm.core.clock import now
from crm.core.facts import publish as publish_fact
from leads.actors import LIVIA
from leads.models import Attendance, InteractionKind, Lead
from leads.moves import lead_move
from leads.pipeline import Status
from leads.services import (
    EDITABLE,
    interaction_add,
    lead_assign,
    lead_summarise,
    lead_update,
)

if TYPE_CHECKING:
    from agent.thinking import Thought

# Slots that are facts about the lead under the same name; the phone is WhatsApp's, consent is no slot.
_FACTS = EDITABLE - {"phone", "message", "consented_at"}


def settle(conversation: Conversation, thought: "Thought") -> Turn:
    """Store the decision of a turn. Call it with the thread and its lead locked and held, and found unchanged."""
    decision = thought.decision
    # Up to the latest, also where that was taken back.
    conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None
    _store_dialogue(conversation, thought)
    is_silent = decision.outcome == "silent"
    simulation, replies = (None, []) if is_silent else _act(conversation, thought)
    if not replies:  # they save their thread
        conversation_save(conversation, "answered_upto_id", "awaiting_since")
    turn = turn_record(conversation, thought, replies, simulation)
    if not is_silent:
        follow_up_plan(conversation_id=conversation.pk, decision=decision, shop=thought.catalogue)
        publish_side(conversation)
    transaction.on_commit(lambda: metrics.TURN.labels(turn.outcome).observe(turn.wall_ms / 1000), robust=True)
    publish_fact(TurnSettled(turn_id=turn.pk, conversation_id=conversation.pk, contact_id=conversation.contact_id))
    return turn


def _act(conversation: Conversation, thought: "Thought") -> tuple[Simulation | None, list[int]]:
    """What the decision does; the simulation made and the replies queued."""
    decision = thought.decision
    if conversation.contact.opted_out_at and decision.state.stage != Stage.OPTED_OUT:
        contact_opt_in(conversation_id=conversation.pk, said=_saying(thought, wants_back))
    _store_facts(conversation, decision)
    simulation = _store_simulation(conversation, decision)
    shown = _shown(thought)
    _classify(conversation, thought, shown)
    replies = _reply(conversation, thought)
    if decision.outcome == "handoff" or decision.reason == "data_request":
        hand_over(conversation, thought, shown)
    appointment_plan(conversation=conversation, messages=thought.messages, handed_over=decision.outcome == "handoff")
    return simulation, replies


def _store_dialogue(conversation: Conversation, thought: "Thought") -> None:
    values = state_values(thought.decision.state)
    values |= {"sources": {**thought.dialogue.sources, **thought.sources()}, "updated_at": now()}
    if not Dialogue.objects.filter(conversation=conversation).update(**values):
        Dialogue.objects.create(conversation=conversation, **values)


def _store_facts(conversation: Conversation, decision: Decision) -> None:
    """What the client said becomes the lead's data."""
    facts = {name: value for name, value in decision.state.slots.items() if name in _FACTS and value not in (None, "")}
    if facts:
        lead_update(lead_id=conversation.lead_id, values=_fitting(facts), actor=LIVIA)


def _fitting(facts: dict[str, Any]) -> dict[str, Any]:
    """Cut to the columns' lengths: a client may write a very long word."""
    cut = {}
    for name, value in facts.items():
        limit = getattr(Lead._meta.get_field(name), "max_length", None)
        cut[name] = value[:limit] if isinstance(value, str) and limit else value
    return cut


def _store_simulation(conversation: Conversation, decision: Decision) -> Simulation | None:
    result = decision.simulation
    if result is None or result.version_id is None:
        return None
    lead = conversation.lead
    simulation = Simulation.objects.create(
        lead=lead, conversation=conversation, product_version_id=result.version_id, result=result.as_dict()
    )
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
        confirmation = "\n".join(decision.replies)
        contact_opt_out(conversation_id=conversation.pk, confirmation=confirmation, said=_saying(thought, leaves))
        return []
    if conversation.contact.opted_out_at:  # what must be said all the same: a person looks after the client
        text = "\n".join(decision.replies)
        return [message_queue(conversation_id=conversation.pk, text=text, author=Author.SYSTEM).pk]
    thinking, timed = thought.elapsed_ms(), []
    for text in decision.replies:
        timed.append((text, typing_ms(text, thinking_ms=thinking)))
        thinking = 0
    return [message.pk for message in replies_queue(conversation_id=conversation.pk, replies=timed)]


def _saying(thought: "Thought", so: Callable[[str], bool]) -> list[Message]:
    """Those of the turn's messages that say so; all of them where only together they do."""
    return [message for message in thought.messages if so(message.words)] or thought.messages


def hand_over(conversation: Conversation, thought: "Thought", shown: SimulationResult | None) -> None:
    """The handoff: summary, consultant, column, notification, and Lívia's silence, in the turn's transaction."""
    decision, products = thought.decision, thought.catalogue.products
    lead = conversation.lead
    summary = transfer_summary(decision.state, shown, products, terms_changed=_terms_changed(thought))
    lead_summarise(lead_id=lead.pk, summary=summary, reason=decision.reason, actor=LIVIA)
    if lead.consultant_id is None:
        lead_assign(lead_id=lead.pk, actor=LIVIA, reason=decision.reason)
    target = Status.QUALIFIED if decision.reason == "qualified" else Status.CONTACTED
    if lead.status == Status.NEW or (lead.status == Status.CONTACTED and target == Status.QUALIFIED):
        lead_move(lead_id=lead.pk, to=target, version=lead.version, actor=LIVIA)
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
