"""What Lívia adds to the side panel of a thread: stage, collected values with their messages, simulations."""

from typing import Any

from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage
from agent.models import Dialogue
from conversations.models import Conversation
from conversations.realtime import side_context_register

_PROGRESS = (Stage.INTRO, Stage.QUALIFICATION, Stage.SIMULATION, Stage.CONVERSION, Stage.TRANSFERRED)
_SHOWN = (
    "name", "product", "credit_amount", "property_value", "vehicle_value", "down_payment", "term_months",
    "monthly_income", "city", "uf", "occupation", "purpose", "urgency",
)  # fmt: skip


def panel(conversation: Conversation) -> dict[str, Any]:
    """`stage`, `stage_progress` (0 to 5), `slots` as rows of name, value and message id, and `simulations`."""
    dialogue = Dialogue.objects.filter(conversation=conversation).first()
    simulations = conversation.lead.simulations.select_related("product_version")[:3]
    shown = [{"product": item.product_version.name, "at": item.created_at, **_figures(item.result)} for item in simulations]
    if dialogue is None:
        return {"stage": None, "stage_progress": 0, "slots": [], "simulations": shown}
    reached = Stage(dialogue.stage)
    progress = _PROGRESS.index(reached) + 1 if reached in _PROGRESS else 0
    slots = [
        {"name": name, "value": dialogue.slots[name], "message_id": dialogue.sources.get(name)}
        for name in _SHOWN
        if dialogue.slots.get(name) is not None
    ]
    return {"stage": dialogue, "stage_progress": progress, "slots": slots, "simulations": shown}


def _figures(result: dict[str, Any]) -> dict[str, Any]:
    simulation = SimulationResult.from_dict(result)
    return {
        "credit_amount": simulation.credit_amount,
        "term_months": simulation.term_months,
        "first_instalment": simulation.first_instalment,
        "last_instalment": simulation.last_instalment,
        "rate_month": simulation.rate_month,
        "cet_year": simulation.cet_year,
        "total": simulation.total,
        "system": simulation.system,
    }


side_context_register(panel)
