"""The model's judgement of a lead stands beside that of the rules, and never without them."""

import json
from itertools import count

import pytest

from agent.brain.classify import Classification as Opinion
from agent.judging import case_of, judgement_store, lead_judge, may_judge
from agent.loopback import Endpoint
from agent.models import ClassificationSource
from agent.scoring import classification_record
from agent.tests.conftest import says_json
from agent.tests.test_turns import HOME_EQUITY
from agent.turns import turn_run
from crm.core.errors import NotFound
from crm.core.redis import client, key
from leads.classification import Classification
from leads.models import Lead, Source
from leads.services import lead_create

VALUES = {"product": "personal_loan", "credit_amount": 2_000_000, "monthly_income": 800_000, "message": "Quero simular"}


@pytest.fixture(autouse=True)
def fresh_minute():
    _forget()
    yield
    _forget()


def _forget() -> None:
    for name in client().scan_iter(key("judged", "*")):
        client().delete(name)


@pytest.fixture
def comes(db):
    numbers = count(10)

    def by_form(**values) -> Lead:
        given = {"name": "Maria Souza", "phone": f"+55119981233{next(numbers)}", **VALUES, **values}
        return lead_create(values=given, source=Source.FORM)[0]

    return by_form


def thinks(temperature: str = "HOT", score: int = 82, reasons: tuple[str, ...] = ("Sabe quanto quer e tem renda",)):
    return says_json({"temperature": temperature, "score": score, "reasons": list(reasons)})


def now_is(lead: Lead) -> tuple[str, int]:
    lead.refresh_from_db()
    return lead.ai_temperature, lead.ai_score


def asked(endpoint: Endpoint) -> str:
    return json.dumps(endpoint.calls[-1].asked, ensure_ascii=False)


def test_the_models_judgement_is_the_leads_with_the_rules_beside_it(groq, comes):
    endpoint = groq(thinks())
    lead = comes()
    rules = (lead.ai_temperature, lead.ai_score)
    kept = lead_judge(lead.pk)
    assert now_is(lead) == ("HOT", 82)
    assert lead.ai_reasons == [{"code": "model", "points": 0, "text": "Sabe quanto quer e tem renda"}]
    assert (kept.source, kept.model, kept.error) == (ClassificationSource.MODEL, "openai/gpt-oss-120b", "")
    assert (kept.rules_temperature, kept.rules_score) == rules
    shape = endpoint.calls[0].asked["response_format"]["json_schema"]
    assert shape["strict"] and shape["name"] == "judgement"


def test_the_loopback_model_judges_too(groq, comes):
    groq()
    assert lead_judge(comes().pk).source == ClassificationSource.MODEL


def test_nothing_personal_leaves(groq, comes):
    endpoint = groq(thinks())
    lead_judge(comes(email="maria@example.com", message="Sou a Maria Souza, meu cpf é 529.982.247-25").pk)
    for secret in ("Souza", "529.982.247-25", "maria@example.com", "9981233"):
        assert secret not in asked(endpoint)


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ({"status": 500, "body": "{}"}, "http_500"),
        ({"status": 200, "body": "<html>"}, "envelope"),
        (says_json("não sei"), "invalid"),
        (thinks(reasons=("The client has income",)), "reasons"),
        (thinks(reasons=("Crédito aprovado",)), "reasons"),
    ],
)
def test_any_failure_leaves_the_rules_word_and_is_written_down(groq, comes, rules, error):
    groq(rules)
    lead = comes()
    before = now_is(lead)
    kept = lead_judge(lead.pk)
    assert now_is(lead) == before
    assert (kept.source, kept.error) == (ClassificationSource.RULES, error)
    assert (kept.temperature, kept.score) == before


def test_two_steps_from_the_rules_is_not_believed(groq, comes):
    groq(thinks("HOT"))
    lead = comes(product="", credit_amount=None, monthly_income=None, message="só um teste")
    assert now_is(lead)[0] == "COLD"
    assert lead_judge(lead.pk).error == "steps"
    assert now_is(lead)[0] == "COLD"


def test_a_lead_nothing_is_known_of_is_not_asked_about(groq, comes):
    endpoint = groq(thinks())
    assert lead_judge(comes(product="", credit_amount=None, monthly_income=None, message="").pk) is None
    assert lead_judge(10**9) is None
    assert endpoint.calls == []


def test_a_flood_of_leads_is_judged_by_the_rules(groq, comes, settings):
    settings.JUDGE_PER_MINUTE = 2
    endpoint = groq(thinks())
    for _ in range(5):
        lead_judge(comes().pk)
    assert len(endpoint.calls) == 2


@pytest.mark.parametrize("off", ["GROQ_API_KEY", "JUDGE_PER_MINUTE"])
def test_without_a_model_the_rules_judge(groq, comes, settings, off):
    endpoint = groq(thinks())
    setattr(settings, off, "" if off == "GROQ_API_KEY" else 0)
    assert not may_judge()
    assert lead_judge(comes().pk) is None and endpoint.calls == []


def test_after_a_simulation_the_conversation_is_judged(groq, comes, says, settings):
    settings.GROQ_ENABLED = False
    for text in HOME_EQUITY:
        turn = turn_run(conversation_id=says(text).conversation_id).turn
    assert turn.outcome == "simulated"
    settings.GROQ_ENABLED = True
    endpoint = groq(thinks("HOT", 91))
    lead = Lead.objects.get()
    assert lead_judge(lead.pk).source == ClassificationSource.MODEL
    assert "Simulação" in asked(endpoint) and "garantia da minha casa" in asked(endpoint)
    assert now_is(lead) == ("HOT", 91)


def test_judged_twice_it_is_the_same(groq, comes):
    groq(thinks())
    lead = comes()
    lead_judge(lead.pk)
    lead_judge(lead.pk)
    assert now_is(lead) == ("HOT", 82)


def test_what_the_rules_saw_meanwhile_is_not_overruled(groq, comes):
    groq(thinks())
    lead = comes()
    case = case_of(Lead.objects.get(pk=lead.pk))
    seen = Classification("WARM", 33, [])
    classification_record(lead_id=lead.pk, result=seen, source=ClassificationSource.RULES)
    assert judgement_store(case=case, opinion=Opinion("HOT", 90, ()), model="m", error="") is None
    assert now_is(lead) == ("WARM", 33)


def test_a_model_of_the_same_opinion_gives_its_own_reasons(groq, comes):
    lead = comes()
    groq(thinks(lead.ai_temperature, lead.ai_score, ("Sabe quanto quer",)))
    lead_judge(lead.pk)
    lead.refresh_from_db()
    assert [reason["text"] for reason in lead.ai_reasons] == ["Sabe quanto quer"]
    assert not lead.interactions.filter(kind="classified").exists()


def test_a_lead_merged_meanwhile_is_left_alone(groq, comes):
    lead, other = comes(), comes()
    case = case_of(lead)
    Lead.objects.filter(pk=lead.pk).update(merged_into=other)
    with pytest.raises(NotFound):
        judgement_store(case=case, opinion=None, model="", error="timeout")
