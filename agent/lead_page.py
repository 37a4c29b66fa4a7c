"""What Lívia adds to the lead page beside the simulations: who judged how warm the lead is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agent.models import ClassificationSource, LeadClassification
from leads.classification import is_by_person
from leads.models import Lead, Temperature
from leads.realtime import more_of_lead


@dataclass(frozen=True)
class Judgement:
    """The latest word on a lead. `rules_*` are empty where the rules had that word themselves; `by_person` where a
    person's judgement stands over it."""

    by_person: bool
    by_model: bool
    model: str
    at: datetime
    rules_temperature: str
    rules_score: int | None
    error: str


@more_of_lead.plug
def lead_page(lead: Lead) -> dict[str, Any]:
    return {"judgement": judgement_of(lead), "can_simulate": True}


def judgement_of(lead: Lead) -> Judgement | None:
    latest = LeadClassification.objects.filter(lead=lead).order_by("-id").first()
    if latest is None:
        return None
    labels = dict(Temperature.choices)
    return Judgement(
        by_person=is_by_person(lead.ai_reasons),
        by_model=latest.source == ClassificationSource.MODEL,
        model=latest.model,
        at=latest.created_at,
        rules_temperature=str(labels.get(latest.rules_temperature, "")),
        rules_score=latest.rules_score,
        error=latest.error,
    )
