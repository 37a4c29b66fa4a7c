"""`manage.py livia replay`: recorded turns through today's code, without writing anything."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agent.catalogue import product_version_add
from agent.evaluation.replay import moment, recorded, replay
from agent.loopback import Endpoint
from agent.loopback.rules import as_json, completion
from agent.models import TERMS, ProductVersion, Turn
from agent.turns import turn_run
from conversations.models import Message
from crm.core.clock import now

HOME_EQUITY = (
    "oi, sou a Maria de Sorocaba SP", "quero um empréstimo com garantia da minha casa", "preciso de 250 mil",
    "a casa vale 800 mil", "ganho 14 mil por mês", "em 12 anos", "é pra pagar dívidas, sou clt", "está quitada",
)  # fmt: skip

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def talk(says):
    def go_on(*texts: str) -> list[Turn]:
        return [turn_run(conversation_id=says(text).conversation_id).turn for text in texts]

    return go_on


@pytest.fixture
def model(settings):
    """A model that says what it is told to."""
    said = {"reply": "Prazer, Maria! O que você procura hoje?", "intent": "greet", "slots": {}, "next_stage": None,
            "confidence": 0.9, "handoff": False, "handoff_reason": None}  # fmt: skip
    with Endpoint(lambda call: as_json(completion(json.dumps(said), model=call.model))) as endpoint:
        settings.GROQ_ENABLED, settings.GROQ_API_KEY = True, "loopback"
        settings.GROQ_BASE_URL = endpoint.url
        yield said, endpoint


def livia(*arguments: object) -> str:
    out = StringIO()
    call_command("livia", "replay", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_the_same_code_says_the_same(talk):
    turns = talk(*HOME_EQUITY)
    assert "simulated" in {turn.outcome for turn in turns}
    for turn in turns:
        assert dict(replay(turn).changes) == {}
    assert f"{len(turns)} turns: {len(turns)} the same, 0 different, 0 skipped" in livia()


def test_what_differs_is_shown_as_a_diff(talk):
    turn = talk("oi")[0]
    turn.replies, turn.outcome, turn.slots_after = ["Olá!\nQuem é você?"], "silent", {"name": "Maria"}
    turn.save()
    text = livia()
    assert "outcome: 'silent' -> 'continue'" in text and "slot name: 'Maria' -> None" in text
    assert "-Quem é você?" in text and "replies" in text
    told = json.loads(livia("--json"))
    assert (told["turns"], told["different"], told["by_field"]["outcome"]) == (1, 1, 1)
    assert told["differences"][0]["changes"]["replies"]["then"] == turn.replies


def test_the_models_recorded_words_stand_for_the_model(talk, model):
    _said, endpoint = model
    turn = talk("oi, sou a Maria Souza")[0]
    assert "model" in turn.path
    calls = len(endpoint.calls)
    assert dict(replay(turn).changes) == {}
    assert len(endpoint.calls) == calls


def test_personal_data_in_the_models_words_is_put_back(talk, model):
    said, _endpoint = model
    said["reply"] = "Prazer, Maria Souza! O que você procura hoje?"
    turn = talk("oi, sou a Maria Souza")[0]
    assert "Souza" not in turn.raw_output
    assert "guard" not in replay(turn).changes and "replies" not in replay(turn).changes


def test_a_simulation_is_computed_by_the_terms_and_on_the_day_of_then(talk):
    turns = talk(*HOME_EQUITY)
    version = ProductVersion.objects.filter(code="home_equity").order_by("-version").first()
    values = {name: getattr(version, name) for name in TERMS if name != "code"} | {"collateral": version.collateral}
    product_version_add(code="home_equity", values={**values, "rate_month": version.rate_month * 2})
    Turn.objects.update(created_at=now() - timedelta(days=2))
    simulated = Turn.objects.get(pk=next(turn.pk for turn in turns if turn.outcome == "simulated"))
    # Two days earlier the IOF is counted over other days; by the old rate it stays within a real.
    shown = dict(replay(simulated).changes).get("replies", (simulated.replies, simulated.replies))
    assert "1,19%" in "".join(shown[0]) and "1,19%" in "".join(shown[1])


def test_turns_whose_messages_are_gone_are_skipped(talk):
    turn = talk("oi")[0]
    Turn.objects.update(message_ids=[0])
    assert replay(Turn.objects.get(pk=turn.pk)).skipped
    assert "1 turns: 0 the same, 0 different, 1 skipped" in livia()


def test_a_replay_writes_nothing(talk):
    talk(*HOME_EQUITY[:3])
    before = (Turn.objects.count(), Message.objects.count())
    with CaptureQueriesContext(
        connection,
    ) as queries:
        livia()
    written = [query["sql"] for query in queries if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert written == [] and (Turn.objects.count(), Message.objects.count()) == before


def test_a_turn_that_breaks_is_a_finding(talk):
    turn = talk("oi")[0]
    Turn.objects.update(state_before={"stage": "NOWHERE"})
    turn.refresh_from_db()
    assert "ValueError" in replay(turn).changes["error"][1]


def test_since_and_limit_choose_the_turns(talk):
    turns = talk("oi", "sou a Maria", "quero 80 mil")
    Turn.objects.filter(pk=turns[0].pk).update(created_at=now() - timedelta(days=9))
    assert json.loads(livia("--since", "7d", "--json"))["turns"] == 2
    assert [turn.pk for turn in recorded(None, 1)] == [turns[2].pk]
    assert moment("2026-11-01").isoformat() == "2026-11-01T00:00:00-03:00"
    assert moment("2026-11-01T10:00:00Z").utcoffset() == timedelta(0)
    with pytest.raises(CommandError, match="neither a date"):
        livia("--since", "yesterday")
