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


def test_a_referral_counts_for_a_lead():
    plain, referred = classify_lead({"message": "oi"}), classify_lead({"message": "oi", "utm_source": "indicacao"})
    assert referred.score > plain.score
