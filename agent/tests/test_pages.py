"""Lívia's page: whether a model speaks for her, and how her last turns went."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from agent.figures import overview, period
from agent.llm import breaker, limits
from agent.models import FollowUp, FollowUpState, LeadClassification, Turn
from agent.standing import standing
from agent.tests.conftest import reply
from agent.turns import turn_run
from agent.words import error, when
from conversations.models import Author, MessageKind, TranscriptState
from conversations.outbox import message_queue
from conversations.services import conversation_take
from crm.core.clock import now
from leads.classification import Classification
from leads.services import lead_assign, lead_classify


@pytest.fixture
def turn(maria_thread) -> Turn:
    made = turn_run(conversation_id=maria_thread.pk).turn
    assert made is not None
    return made


def another(turn: Turn, **values: object) -> Turn:
    """The same turn once more, with other values."""
    created_at = values.pop("created_at", None)
    copy = Turn.objects.get(pk=turn.pk)
    copy.pk, copy._state.adding = None, True
    for name, value in values.items():
        setattr(copy, name, value)
    copy.save(force_insert=True)
    if created_at:
        Turn.objects.filter(pk=copy.pk).update(created_at=created_at)
    return copy


def day():
    return period(now() - timedelta(days=1))


def test_without_a_key_the_page_says_that_the_rules_answer(bruno, browse, settings):
    settings.GROQ_API_KEY = ""
    assert standing().state == "off"
    page = browse(bruno).get(reverse("agent:livia")).content.decode()
    assert "GROQ_API_KEY" in page and 'data-level="quiet"' in page


def test_with_a_key_it_shows_the_breaker_as_it_is(groq, bruno, browse):
    groq()
    address = reverse("agent:livia")
    assert 'data-level="ok"' in browse(bruno).get(address).content.decode()
    for _failure in range(3):
        breaker.failed()
    assert standing().state == "open" and standing().until > now()
    assert "data-countdown" in browse(bruno).get(address).content.decode()
    breaker.succeeded()
    breaker.trip()
    assert "GROQ_API_KEY" in standing().remedy


def test_limits_stand_beside_their_model(groq):
    groq()
    limits.remember(
        "openai/gpt-oss-20b", {"x-ratelimit-remaining-requests": "987", "x-ratelimit-limit-requests": "1000"}
    )
    notes = {note.name: note for note in standing().models}
    assert notes["openai/gpt-oss-20b"].limits["remaining_requests"] == 987
    assert notes["openai/gpt-oss-20b"].can.strict_schema


def test_htmx_fetches_the_state_alone(bruno, browse):
    page = browse(bruno).get(reverse("agent:livia"), headers={"HX-Request": "true"}).content.decode()
    assert "standing" in page and "<html" not in page


def test_an_empty_day_has_no_figures(db):
    empty = day()
    assert empty.turns == 0 and empty.model_p50 is None and empty.refusals == ()


def test_turns_are_counted_by_who_found_the_words(turn):
    another(turn, path=["rules", "model"], model_ms=400, own_ms=10, tokens_in=100, tokens_out=20)
    another(turn, path=["rules", "model", "repaired"], model_ms=800, own_ms=20)
    another(turn, path=["rules", "default"])
    another(turn, outcome="silent", path=["gate"])
    another(turn, path=["rules", "model"], created_at=now() - timedelta(days=2))
    shares = {share.code: share.count for share in day().shares}
    assert shares == {"model": 1, "repaired": 1, "rules": 1, "default": 1}
    assert day().turns == 4 and (day().model_p50, day().model_p95) == (400, 800)
    assert (day().tokens_in, day().tokens_out) == (100, 20)
    assert {share.code: share.count for share in overview().week.shares}["model"] == 2


def test_refusals_and_errors_are_counted_by_kind(turn):
    hits = [{"code": "figure", "text": "0,5%"}, {"code": "approval_promise", "text": "aprovado"}]
    another(turn, guard_hits=hits)
    another(turn, guard_hits=hits[:1])
    another(turn, attempts=[{"model": "a", "error": "timeout"}, {"model": "b", "error": ""}])
    another(turn, attempts=[], model_error="open")
    assert [(share.code, share.count) for share in day().refusals] == [("figure", 2), ("approval_promise", 1)]
    assert {share.code: share.count for share in day().errors} == {"timeout": 1, "open": 1}


def test_voices_and_reminders_are_counted(turn, says):
    thread = turn.conversation
    says("", kind="audio").__class__.objects.filter(kind=MessageKind.AUDIO).update(
        transcript="oi", transcript_state=TranscriptState.DONE
    )
    sent = message_queue(conversation_id=thread.pk, text="Ainda está por aí?", author=Author.LIVIA)
    FollowUp.objects.create(conversation=thread, number=1, due_at=now(), state=FollowUpState.SENT, message=sent)
    assert (day().heard, day().reminded, day().reminded_answered) == (1, 1, 0)
    says("estou sim")
    assert day().reminded_answered == 1


def test_an_error_is_told_in_words():
    with override("en"):
        assert [error(code) for code in ("timeout", "http_503", "TypeError")] == [
            "No answer in time", "HTTP 503", "TypeError"
        ]  # fmt: skip


def test_a_turn_that_was_not_timed_counts_for_no_time(turn):
    Turn.objects.update(own_ms=0)
    assert day().own_p50 is None
    another(turn, own_ms=7)
    assert day().own_p50 == 7


def test_problems_lead_to_their_turns(turn, bruno, browse):
    odd = another(turn, model_error="http_503")
    another(turn, model_error="off")
    assert overview().problems == [odd]
    assert (
        reverse("admin:agent_turn_change", args=[odd.pk]) in browse(bruno).get(reverse("agent:livia")).content.decode()
    )


def test_the_page_costs_the_same_however_much_was_said(turn, bruno, browse):
    client, address = browse(bruno), reverse("agent:livia")
    client.get(address)
    costs = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        costs.append(len(queries))
        another(turn, model_error="timeout", guard_hits=[{"code": "figure", "text": "1"}])
    assert costs[0] == costs[1]


def test_a_turn_by_the_model_counts_as_such(says, groq):
    groq(reply("Que bom falar com você! Qual é o seu nome, por favor?"))
    turn_run(conversation_id=says("oi").conversation_id)
    assert {share.code: share.percent for share in day().shares}["model"] == 100


def test_the_lead_page_says_who_judged(maria_thread, ana, browse):
    lead = lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    address = reverse("leads:detail", args=[lead.pk])
    reasons = [{"code": "x", "points": 5, "text": "Disse a renda"}]
    lead_classify(lead_id=lead.pk, result=Classification("HOT", 80, reasons))
    LeadClassification.objects.create(
        lead=lead, temperature="HOT", score=80, reasons=reasons, source="model", model="gpt-oss-x",
        rules_temperature="WARM", rules_score=61,
    )  # fmt: skip
    page = browse(ana).get(address).content.decode()
    assert "gpt-oss-x" in page and "61" in page and "Disse a renda" in page


def test_a_day_soon_to_come_is_said_in_words():
    def at(text: str) -> datetime:
        return timezone.make_aware(datetime.fromisoformat(text))

    with time_machine.travel(at("2026-11-20T22:30")), override("en"):
        assert when(at("2026-11-20T23:00")) == "today at 23:00"
        assert when(at("2026-11-21T09:00")) == "tomorrow at 09:00"
        assert when(at("2026-11-23T09:00")) == "Mon, 23/11 at 09:00"


def test_the_panel_tells_of_a_reminder_that_waits(turn, ana, browse):
    thread = turn.conversation
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)
    client, address = browse(ana), reverse("conversations:side", args=[thread.pk])
    due_at = FollowUp.objects.get(conversation=thread, state=FollowUpState.WAITING).due_at
    assert when(due_at) in client.get(address).content.decode()
    conversation_take(conversation_id=thread.pk, user=ana)
    assert when(due_at) not in client.get(address).content.decode()
