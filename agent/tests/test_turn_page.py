"""A turn at a glance: what was said, how it was understood, by which way the words came, and every figure's source."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agent.models import Turn
from agent.templatetags.livia import marked
from agent.tests.conftest import reply, says_json
from agent.turn_page import turn_view
from agent.turns import turn_run
from conversations.models import Message
from crm.core.clock import now


@pytest.fixture
def turn_of(says):
    def answer(*texts: str) -> Turn:
        for text in texts:
            turn = turn_run(conversation_id=says(text).conversation_id).turn
        assert turn is not None
        return turn

    return answer


@pytest.fixture
def page(bruno, browse):
    client = browse(bruno)

    def get(turn: Turn) -> str:
        answer = client.get(reverse("admin:agent_turn_change", args=[turn.pk]))
        assert answer.status_code == 200
        return answer.content.decode()

    return get


def test_a_turn_by_rules_shows_words_slots_and_their_messages(turn_of, page):
    turn = turn_of("quero um empréstimo com garantia da minha casa, preciso de 250 mil")
    told = page(turn)
    assert "preciso de 250 mil" in told and "R$ 250.000" in told
    row = next(row for row in turn_view(turn).slots if row.after == "R$ 250.000")
    assert row.is_new and row.url.endswith(f"?around={turn.message_ids[0]}#msg-{turn.message_ids[0]}")
    assert row.url in told


def test_values_of_before_are_not_marked_new(turn_of):
    turn = turn_of("meu nome é Helena, quero um consórcio", "150 mil")
    rows = {row.label: row.is_new for row in turn_view(turn).slots}
    assert sorted(rows.values()) == [False] * (len(rows) - 1) + [True]


def test_a_turn_by_the_model_shows_attempts_tokens_and_prompt(turn_of, groq, page):
    groq(reply("Que bom falar com você! Qual é o seu nome, por favor?"))
    turn = turn_of("oi")
    told = page(turn)
    assert "openai/gpt-oss-120b" in told and turn.request_id in told
    assert reverse("admin:agent_promptversion_change", args=[turn.prompt_version_id]) in told
    assert turn.prompt_hash in told and "lv-step" in told


def test_a_model_that_was_refused_is_shown_as_asked_in_vain(turn_of, groq, page):
    groq(reply("Seu crédito já está aprovado! Qual é o seu nome?"))
    turn = turn_of("oi")
    assert turn.guard_hits
    steps = [(step.code, step.is_lost) for step in turn_view(turn).path]
    assert ("model", True) in steps and ("guard", False) in steps
    assert steps.index(("model", True)) < steps.index(("guard", False))
    assert turn.guard_hits[0]["text"] in page(turn)


def test_a_malformed_answer_and_an_error_are_told(turn_of, groq, page):
    groq(says_json("isto não é JSON"))
    assert turn_of("oi").raw_output
    groq({"status": 503})
    turn = turn_of("preciso de 90 mil")
    assert "503" in page(turn)


def test_every_figure_is_marked_with_its_source():
    figures = [
        {"text": "R$ 1.000", "kind": "money", "value": "100000", "source": "slot:credit_amount"},
        {"text": "1.000", "kind": "money", "value": "1", "source": ""},
        {"text": "10 meses", "kind": "term", "value": "10", "source": "product:home_equity"},
    ]
    html = marked("*R$ 1.000* em 10 meses, ou 110 meses <b>", figures)
    assert html.count("<mark") == 2 and "<b><mark" in html and "&lt;b&gt;" in html
    assert "110 meses" in html


def test_marking_escapes_what_a_client_wrote():
    evil = [{"text": '"><script>', "kind": "money", "value": "1", "source": '"><script>'}]
    html = marked('valor "><script> aqui', evil)
    assert "<script>" not in html


def test_a_later_edit_or_deletion_by_a_person_is_told(turn_of, page):
    turn = turn_of("oi")
    Message.objects.filter(pk=turn.reply_ids[0]).update(original_text="x", text="Oi, é o Bruno", edited_at=now())
    assert "Oi, é o Bruno" in page(turn)
    Message.objects.filter(pk=turn.reply_ids[0]).update(revoked_at=now())
    assert "lv-after" in page(turn)


def test_neighbours_are_one_step_away(turn_of, page):
    first, second = turn_of("oi"), turn_of("quero um consórcio")
    assert reverse("admin:agent_turn_change", args=[second.pk]) in page(first)
    assert reverse("admin:agent_turn_change", args=[first.pk]) in page(second)


def test_a_turn_of_an_older_release_still_shows(turn_of, page):
    turn = turn_of("oi")
    odd = {"context": [], "figures": [{}], "guard_hits": [{}], "rejected": [{"slot": "x"}], "attempts": [{}]}
    Turn.objects.filter(pk=turn.pk).update(**odd, path=["future"], intent="unheard_of", reply_ids=[999_999])
    assert page(Turn.objects.get(pk=turn.pk))


def test_the_page_costs_the_same_whatever_it_holds(turn_of, bruno, browse):
    client = browse(bruno)
    costs = []
    for turn in (turn_of("oi"), turn_of("meu nome é Helena", "quero um consórcio", "de 150 mil")):
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("admin:agent_turn_change", args=[turn.pk]))
        costs.append(len(queries))
    assert abs(costs[0] - costs[1]) <= 1 and max(costs) <= 12


def test_the_list_costs_the_same_with_more_turns(turn_of, bruno, browse):
    client, address = browse(bruno), reverse("admin:agent_turn_changelist")
    turn_of("oi")
    client.get(address)
    costs = []
    for text in ("quero um consórcio", "de 150 mil"):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs.append(len(queries))
        turn_of(text)
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    "query",
    [
        "kind=model", "kind=rules", "kind=default", "kind=nonsense", "trouble=any", "trouble=guard", "trouble=error",
        "trouble=malformed", "trouble=rejected", "outcome=continue", "intent=greet", "q=1", "q=Maria", "q=%00",
        "stage_after__exact=INTRO",
    ],
)  # fmt: skip
def test_the_list_is_narrowed_down(turn_of, bruno, browse, query):
    turn_of("oi")
    assert browse(bruno).get(f"{reverse('admin:agent_turn_changelist')}?{query}").status_code in (200, 400)


def test_the_filter_by_words_finds_them(turn_of, groq, bruno, browse):
    groq(reply("Que bom falar com você! Qual é o seu nome, por favor?"))
    turn = turn_of("oi")
    link = reverse("admin:agent_turn_change", args=[turn.pk])
    for kind, found in (("model", True), ("rules", False)):
        page = browse(bruno).get(f"{reverse('admin:agent_turn_changelist')}?kind={kind}").content.decode()
        assert (link in page) == found


def test_no_turn_is_404(bruno, browse):
    for number in ("999999", "abc", "99999999999999999999999"):
        assert browse(bruno).get(f"/admin/agent/turn/{number}/change/").status_code == 404
