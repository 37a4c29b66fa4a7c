"""The model's judgement of a lead, beside that of the rules, which stands wherever the model has none to give."""

from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings
from redis import RedisError

from agent.brain.classify import Classification as Opinion
from agent.brain.judgement import JUDGEMENT_SCHEMA, judgement_prompt, judgement_read
from agent.brain.simulation import SimulationResult
from agent.llm import client as llm
from agent.models import ClassificationSource, Dialogue, LeadClassification, Simulation
from agent.scoring import classification_record
from conversations.models import Direction, Message
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.redis import brief, key
from crm.core.work import service
from leads.classification import Classification, is_by_person
from leads.models import Lead
from leads.services import lead_lock

log = structlog.get_logger(__name__)

_FIELDS = (
    "city", "uf", "product", "credit_amount", "property_value", "vehicle_value", "monthly_income", "down_payment",
    "term_months", "occupation", "purpose",
)  # fmt: skip
_TEMPERATURE = 0.2
_TOKENS = 300


@dataclass(frozen=True)
class Case:
    """What is known of a lead. `rules` is the opinion its model's one is measured by."""

    lead_id: int
    values: dict[str, Any]
    message: str
    said: tuple[str, ...]
    names: tuple[str, ...]
    simulation: SimulationResult | None
    rules: Classification


def may_judge() -> bool:
    return settings.JUDGE_PER_MINUTE > 0 and llm.enabled()


def lead_judge(lead_id: int) -> LeadClassification | None:
    """Ask the model and keep its opinion if it is sound, else that of the rules with what went wrong. None if there
    was nothing to ask, no time to ask it, or the lead changed meanwhile."""
    lead = Lead.objects.filter(pk=lead_id, merged_into=None).first()
    if lead is not None and is_by_person(lead.ai_reasons):
        return None  # a person's judgement stands: no other is bought
    case = case_of(lead) if lead and may_judge() else None
    if case is None or not _in_time():
        return None
    prompt = judgement_prompt(
        case.values, message=case.message, said=case.said, names=case.names, simulation=case.simulation
    )
    answer = llm.ask(
        prompt, schema=JUDGEMENT_SCHEMA, schema_name="judgement", temperature=_TEMPERATURE, max_tokens=_TOKENS
    )
    opinion, error = None, answer.error
    if answer.text is not None:
        opinion, error = judgement_read(
            answer.text, rules=case.rules.temperature, values=case.values, words=[case.message, *case.said]
        )
    if error:
        log.info("lead_not_judged", lead=lead_id, error=error)
    try:
        return judgement_store(case=case, opinion=opinion, model=answer.model, error=error)
    except NotFound:  # merged into another lead meanwhile
        return None


@service
def judgement_store(*, case: Case, opinion: Opinion | None, model: str, error: str) -> LeadClassification | None:
    """None if the rules think otherwise by now: what they saw since, the model has not. Raises NotFound."""
    if _rules(lead_lock(case.lead_id)) != case.rules:
        return None
    if opinion is None:
        return classification_record(
            lead_id=case.lead_id, result=case.rules, source=ClassificationSource.RULES, model=model, error=error
        )
    reasons = [{"code": reason.code, "points": reason.points, "text": reason.text} for reason in opinion.reasons]
    return classification_record(
        lead_id=case.lead_id,
        result=Classification(opinion.temperature, opinion.score, reasons),
        source=ClassificationSource.MODEL,
        model=model,
        rules=case.rules,
    )


def case_of(lead: Lead) -> Case | None:
    """None where nothing is known but how to reach them."""
    dialogue = Dialogue.objects.filter(conversation__lead=lead).order_by("-updated_at").first()
    values = {name: getattr(lead, name) for name in _FIELDS} | (dialogue.slots if dialogue else {})
    values = {name: value for name, value in values.items() if value not in (None, "")}
    said = _said(lead)
    rules = _rules(lead)
    if rules is None or not (values or said or lead.message):
        return None
    simulation = Simulation.objects.filter(lead=lead).first()
    result = SimulationResult.from_dict(simulation.result) if simulation else None
    return Case(lead.pk, values, lead.message, said, _names(lead, values), result, rules)


def _said(lead: Lead) -> tuple[str, ...]:
    rows = Message.objects.filter(conversation__lead=lead, direction=Direction.IN, revoked_at=None)
    newest = rows.order_by("-pk").only("text", "transcript")[:12]
    return tuple(row.words for row in reversed(newest) if row.words)


def _names(lead: Lead, values: dict[str, Any]) -> tuple[str, ...]:
    known = [lead.name, str(values.get("name", ""))]
    for conversation in lead.conversations.select_related("contact"):
        known += [conversation.contact.name, conversation.contact.push_name]
    return tuple(dict.fromkeys(filter(None, known)))


def _rules(lead: Lead) -> Classification | None:
    """What the rules say of the lead; None without a judgement of theirs to measure by."""
    last = LeadClassification.objects.filter(lead=lead, source=ClassificationSource.RULES).first()
    if last is not None:
        return Classification(last.temperature, last.score, last.reasons)
    if LeadClassification.objects.filter(lead=lead).exists() or not lead.ai_temperature:
        return None
    return Classification(lead.ai_temperature, lead.ai_score, lead.ai_reasons)


def _in_time() -> bool:
    """So many a minute, in all: an import of thousands must not spend what answers to clients need."""
    counter = key("judged", int(now().timestamp() // 60))
    try:
        count = brief().incr(counter)
        brief().expire(counter, 120)
    except RedisError:
        return False
    return int(count) <= settings.JUDGE_PER_MINUTE
