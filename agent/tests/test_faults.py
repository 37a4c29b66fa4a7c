"""The suite of faults: a misbehaving endpoint, the real SDK, and what the client hears of it."""

import pytest
from django.core.cache import cache

from agent.evaluation import own_set
from agent.evaluation.cases import read_cases
from agent.evaluation.events import event_named
from agent.evaluation.faults import play_fault
from agent.evaluation.judging_talk import fault_faults, judge_faults
from agent.models import ProductVersion, Turn

CASES = read_cases("faults", own_set("faults"))
# One of each way to fail, and every event; the whole set is `manage.py livia evaluate faults`.
CHOSEN = {
    "clean, collateral asked", "calculator's instalment quoted", "fenced", "cut inside the words", "amount in reais",
    "handoff asked for", "rate of its own", "figure beside the calculator's", "injection obeyed", "status 503",
    "status 429, the next model answers", "HTML", "not UTF-8", "cut body", "dripping body", "too slow",
    "client writes on", "client corrects meanwhile", "client leaves meanwhile", "taken over", "consultant answers",
    "rate changed", "product withdrawn",
}  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def impatient(settings):
    settings.GROQ_ATTEMPT_SECONDS, settings.GROQ_TURN_SECONDS = 0.6, 1.5
    cache.clear()


def quick(case: dict) -> dict:
    """The same case with nothing to wait for but the deadline."""
    response = dict(case["response"])
    if response.get("event"):
        response |= {"delay_s": 0.4, "event_at_s": 0.05}
    return {**case, "response": response, "expect": {**case["expect"], "max_total_s": 6}}


def titled(title: str) -> dict:
    return quick(next(case for case in CASES if case["title"] == title))


@pytest.mark.parametrize("title", sorted(CHOSEN))
def test_lívia_survives(title):
    case = titled(title)
    prediction = play_fault(case)
    assert fault_faults(case, prediction) == [], prediction
    assert prediction["action"] in case["expect"]["action_in"], prediction
    assert set(prediction) == {"id", "action", "stage", "slots", "replies", "elapsed_s"}


def test_a_fault_leaves_the_products_as_they_were():
    before = set(ProductVersion.objects.values_list("pk", flat=True))
    play_fault(titled("rate changed"))
    assert set(ProductVersion.objects.values_list("pk", flat=True)) == before


def test_a_rate_nobody_configured_is_configured_for_its_case():
    case = titled("configured rate named")
    case["state"] = {**case["state"], "configured_rates": ["1,05% ao mês"]}
    case["response"]["body"] = case["response"]["body"].replace("1,19", "1,05")
    assert "1,05" in play_fault(case)["replies"][0]
    assert Turn.objects.get().path.count("model") == 1


def test_events_are_known_by_many_names():
    assert event_named("takeover") is event_named("human_takes_over")
    assert event_named("opt_out") is event_named("optout")
    assert event_named("new_message") is event_named("client_message")
    assert event_named("earthquake") is None


def test_an_unknown_event_is_said_not_played():
    case = titled("taken over")
    case["response"]["event"] = "earthquake"
    with pytest.raises(ValueError, match="earthquake"):
        play_fault(case)


def test_a_fault_is_judged_by_what_the_client_sees_first():
    case = {
        "id": "x", "state": {}, "response": {},
        "expect": {
            "action_in": ["fallback"], "stage_in": ["QUALIFICATION"], "must_reply": True, "max_messages": 1,
            "reply_must_not_contain": ["0,85"], "reply_must_contain_any": ["renda"], "max_reply_chars": 20,
            "slots_after": {"credit_amount": 1}, "slots_not": ["cpf"], "max_total_s": 1, "language": "pt",
        },
    }  # fmt: skip
    said = ["Fica em 0,85% ao mês para você", "Hello, what is your monthly income?"]
    got = {"id": "x", "action": "use", "stage": "INTRO", "slots": {"cpf": "1"}, "replies": said, "elapsed_s": 2}
    faults = "\n".join(fault_faults(case, got))
    for part in (
        "2 messages",
        "0,85",
        "none of",
        "characters",
        "not Portuguese",
        "stage INTRO",
        "credit_amount",
        "cpf",
    ):
        assert part in faults
    assert "took 2 s" in faults
    assert fault_faults(case, {**got, "replies": []})[0] == "no reply"
    report = judge_faults([case], [got])
    assert (report.right, report.figures["survived"], report.figures["actions_right"]) == (0, 0, 0)
