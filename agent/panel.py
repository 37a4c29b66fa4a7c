"""What Lívia adds to a thread's side panel and to the lead page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from agent import words
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage
from agent.catalogue import business
from agent.gate import attends
from agent.models import Dialogue, FollowUp, FollowUpState, Simulation, StageChoice
from conversations.canned import canned_facts
from conversations.events import ConversationTaken
from conversations.models import Conversation
from conversations.realtime import more_of_thread, publish_side
from crm.core.facts import on
from leads.models import Lead
from leads.realtime import more_of_lead

_PROGRESS = (Stage.INTRO, Stage.QUALIFICATION, Stage.SIMULATION, Stage.CONVERSION, Stage.TRANSFERRED)


@canned_facts.plug
def company(_conversation: Conversation) -> dict[str, Any]:
    """Who writes, for ready answers."""
    return {"empresa": business().name}


@more_of_thread.plug
def panel(conversation: Conversation) -> dict[str, Any]:
    """`stages` as (code, label, reached), `stage_label`, `slots` with label, value and message, `simulations`;
    `reminder` with `at` and `when` in words."""
    context: dict[str, Any] = {"simulations": _simulations(conversation.lead), "reminder": _reminder(conversation)}
    dialogue = Dialogue.objects.filter(conversation=conversation).first()
    if dialogue is None:
        return context
    stage = Stage(dialogue.stage)
    reached = _PROGRESS.index(stage) if stage in _PROGRESS else -1
    labels = dict(StageChoice.choices)
    return {
        **context,
        "stages": [(code.value, labels[code.value], place <= reached) for place, code in enumerate(_PROGRESS)],
        "stage_label": labels[stage.value],
        "slots": [_slot(dialogue, name) for name in words.SLOTS if dialogue.slots.get(name) is not None],
    }


def _reminder(conversation: Conversation) -> dict[str, Any] | None:
    """The one that waits, where she would still send it."""
    if not attends(conversation) or conversation.contact.opted_out_at:
        return None
    waiting = FollowUp.objects.filter(conversation=conversation, state=FollowUpState.WAITING)
    due_at = waiting.values_list("due_at", flat=True).first()
    return {"at": due_at, "when": words.when(due_at)} if due_at else None


@on(ConversationTaken)
def _without_reminder(fact: ConversationTaken) -> None:
    """Whoever looks on sees that she will not remind any more."""
    if thread := Conversation.objects.filter(pk=fact.conversation_id).first():
        publish_side(thread)


@more_of_lead.plug
def simulations_of_lead(lead: Lead) -> dict[str, Any]:
    return {"simulations": _simulations(lead)}


def _slot(dialogue: Dialogue, name: str) -> dict[str, Any]:
    value = words.shown(name, dialogue.slots[name])
    return {"label": words.SLOTS[name], "value": value, "message_id": dialogue.sources.get(name)}


def _simulations(lead: Lead) -> list[dict[str, Any]]:
    newest = Simulation.objects.filter(lead=lead).select_related("product_version")[:5]
    return [_simulation(item) for item in newest]


def _simulation(item: Simulation) -> dict[str, Any]:
    result = SimulationResult.from_dict(item.result)
    return {
        "label": item.product_version.name,
        "url": reverse("agent:simulation", args=[item.pk]),
        "created_at": item.created_at,
        "credit_amount": result.credit_amount,
        "term_months": result.term_months,
        "system": {"price": "Price", "sac": "SAC"}.get(result.system, _("Consórcio")),
        "first_instalment": result.first_instalment,
        "last_instalment": result.last_instalment,
        "rate_month": result.rate_month,
        "cet_year": result.cet_year,
    }
