"""How Lívia judges a lead: her rules behind the port through which leads are classified, and the record of who judged.

A model's judgement stands until the rules see something new: the same opinion of theirs again is no news. Where a
person has judged, theirs are written down all the same, and count again once that is lifted.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from agent import catalogue
from agent.brain.classify import classify, classify_lead
from agent.brain.products import ProductTerms
from agent.brain.simulation import SimulationResult
from agent.models import ClassificationSource, LeadClassification
from crm.core.copying import rows_copy
from crm.core.facts import on
from crm.core.work import service
from leads.actors import LIVIA
from leads.classification import Classification, classify_many
from leads.classification import classify as classification
from leads.events import LeadCreated, LeadsImported
from leads.imports.undoing import comes_along
from leads.models import Lead, Source
from leads.services import lead_classify


def classify_values(
    values: Mapping[str, Any],
    *,
    intents: tuple[str, ...] = (),
    simulation: SimulationResult | None = None,
    products: Mapping[str, ProductTerms] | None = None,
) -> Classification:
    """Temperature, score and reasons of a lead's values.

    With the intents of a conversation, of what was said there; without, of a form: its message is read and where it
    came from counts. `products` are those in force, asked for where they matter.
    """
    if products is None:
        products = catalogue.products() if values.get("product") or values.get("message") else {}
    if intents:
        result = classify(values, intents=intents, simulation=simulation, products=products)
    else:
        tracking = dict(values.get("tracking") or {})
        result = classify_lead({**tracking, **values, "source": str(values.get("source") or "")}, products=products)
    reasons = [{"code": reason.code, "points": reason.points, "text": reason.text} for reason in result.reasons]
    return Classification(result.temperature, result.score, reasons)


classification.plug(classify_values)


@classify_many.plug
def _classify_many(all_values: Sequence[Mapping[str, Any]]) -> list[Classification]:
    products = catalogue.products()
    return [classify_values(values, products=products) for values in all_values]


@on(LeadCreated, inside=True)
def _write_down_the_first(fact: LeadCreated) -> None:
    """A client's first words on WhatsApp are judged by the turn that answers them."""
    if fact.source == Source.WHATSAPP:
        return
    lead = Lead.objects.only("ai_temperature", "ai_score", "ai_reasons").get(pk=fact.lead_id)
    result = Classification(lead.ai_temperature, lead.ai_score, lead.ai_reasons)
    _write_down(lead.pk, result, ClassificationSource.RULES)


@on(LeadsImported, inside=True)
def _write_down_the_imported(fact: LeadsImported) -> None:
    leads = Lead.objects.filter(pk__in=fact.lead_ids).only("ai_temperature", "ai_score", "ai_reasons")
    written = [
        LeadClassification(
            lead=lead, temperature=lead.ai_temperature, score=lead.ai_score, reasons=lead.ai_reasons,
            source=ClassificationSource.RULES,
        )
        for lead in leads
    ]  # fmt: skip
    rows_copy(written)


comes_along(LeadClassification, Q(source=ClassificationSource.RULES))


@service
def classification_record(
    *,
    lead_id: int,
    result: Classification,
    source: ClassificationSource,
    model: str = "",
    error: str = "",
    rules: Classification | None = None,
) -> LeadClassification | None:
    """Make a judgement the lead's and write it down with who made it. None if it says nothing new.

    `rules` is what the rules say where a model has the word; `error` why it has not.
    """
    last = LeadClassification.objects.filter(lead=lead_id).first()
    if last is not None and source == ClassificationSource.RULES and not error and _told(last) == _opinion(result):
        return None
    lead_classify(lead_id=lead_id, result=result, actor=LIVIA)
    return _write_down(lead_id, result, source, model=model, error=error, rules=rules)


def _write_down(
    lead_id: int,
    result: Classification,
    source: ClassificationSource,
    *,
    model: str = "",
    error: str = "",
    rules: Classification | None = None,
) -> LeadClassification:
    temperature, score = _opinion(rules) if rules else ("", None)
    return LeadClassification.objects.create(
        lead_id=lead_id, temperature=result.temperature, score=result.score, reasons=result.reasons, source=source,
        model=model, error=error[:60], rules_temperature=temperature, rules_score=score,
    )  # fmt: skip


def _opinion(result: Classification) -> tuple[str, int | None]:
    return result.temperature, result.score


def _told(last: LeadClassification) -> tuple[str, int | None]:
    """What the rules said when this judgement was made."""
    if last.source == ClassificationSource.RULES:
        return last.temperature, last.score
    return last.rules_temperature, last.rules_score
