import pytest

from agent.brain.classify import classify, classify_lead
from agent.tests.chat import HOME, Chat
from agent.tests.evaluation import cases


@pytest.mark.parametrize("case", cases("classify"))
def test_the_temperature_of_an_evaluation_case_is_right(case):
    assert classify_lead(case["lead"]).temperature == case["expect"]


def test_a_qualified_conversation_is_hot_and_says_why():
    chat = Chat(*HOME)
    result = classify(chat.state.slots, intents=["affirm"], simulation=chat.decisions[-1].simulation)
    assert (result.temperature, result.score) == ("HOT", 100)
    assert {"product", "simulated", "ltv_fits"} <= {reason.code for reason in result.reasons}


def test_the_score_is_the_sum_of_the_reasons_between_0_and_100():
    for message in ("quero 30 mil", "sem interesse", "oi", "preciso urgente de 50 mil, carro de 120 mil quitado"):
        result = classify_lead({"message": message})
        assert result.score == max(0, min(100, sum(reason.points for reason in result.reasons)))


def test_asking_more_than_the_collateral_allows_counts_against():
    slots = {"product": "auto_equity", "credit_amount": 9_000_000, "vehicle_value": 10_000_000}
    assert "ltv_over" in {reason.code for reason in classify(slots).reasons}


FORM = {
    "product": "home_equity",
    "credit_amount": 20_000_000,
    "property_value": 60_000_000,
    "monthly_income": 1_500_000,
}


@pytest.mark.parametrize(
    "asked", ["qual a taxa?", "quero uma simulação sem compromisso", "que documentos pedem?", "estou comparando bancos"]
)
def test_figures_with_a_mere_question_are_warm_until_a_decision_is_said(asked):
    assert classify_lead({**FORM, "message": asked}).temperature == "WARM"
    assert classify_lead({**FORM, "message": "quero assinar essa semana"}).temperature == "HOT"


def test_everything_a_proposal_needs_is_hot_without_hurry_and_one_figure_less_is_not():
    whole = {**FORM, "term_months": 120, "message": "Quero ampliar a padaria"}
    assert classify_lead(whole).temperature == "HOT"
    assert classify_lead({**whole, "term_months": None}).temperature == "WARM"


@pytest.mark.parametrize("trade", ["sou representante comercial e preciso do crédito", "sou jornalista, quero 80 mil"])
def test_who_asks_for_credit_is_a_client_whatever_their_trade(trade):
    assert "no_client" not in {reason.code for reason in classify_lead({"message": trade}).reasons}


def test_a_referral_counts_for_a_lead():
    plain, referred = classify_lead({"message": "oi"}), classify_lead({"message": "oi", "utm_source": "indicacao"})
    assert referred.score > plain.score
