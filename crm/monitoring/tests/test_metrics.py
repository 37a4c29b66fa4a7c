"""`/metrics`: who may read it, and what the product's work counts."""

import threading
import time
from collections.abc import Callable

import pytest
from django.test import Client

from agent.llm import client as llm
from agent.tests.conftest import groq
from agent.turns import turn_run
from conversations.models import Author, Message, MessageState
from conversations.outbox import message_queue, outbox_failed, outbox_sent
from crm.accounts.models import User
from crm.core import metrics
from crm.core.clock import now
from crm.monitoring import collectors
from crm.monitoring.collectors import Source
from crm.monitoring.figures import gauge

__all__ = ["groq"]


class Counted:
    """How much this process has counted since it was last looked at."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def __call__(self, name: str, **labels: str) -> float:
        found = metrics.OWN.get_sample_value(name, labels) or 0
        key = f"{name} {labels}"
        before, self._seen[key] = self._seen.get(key, 0), found
        return found - before


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_metrics_are_for_managers_and_for_whoever_shows_the_token(browse, ana: User, bruno: User, settings) -> None:
    settings.METRICS_TOKEN = "a-token-for-prometheus"
    settings.ALLOWED_HOSTS = ["crm.example.com"]
    nobody = Client(headers={"host": "crm.example.com"})
    assert nobody.get("/metrics").status_code == 404
    assert nobody.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    for user, status in ((ana, 404), (bruno, 200)):
        assert browse(user).get("/metrics", headers={"host": "crm.example.com"}).status_code == status
    # Prometheus asks by an address inside, which is no name of the site.
    answer = Client().get("/metrics", headers={"Authorization": "Bearer a-token-for-prometheus", "host": "10.0.0.7"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert b"livia_http_request_duration_seconds_bucket" in answer.content
    settings.METRICS_TOKEN = ""
    assert nobody.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_requests_are_counted_by_part_method_and_kind_of_answer(browse, ana: User, counted: Counted) -> None:
    client, hits = browse(ana), "livia_cache_reads_total"
    name, labels = "livia_http_request_duration_seconds_count", {"group": "leads", "method": "GET"}
    counted(name, **labels, status="2xx"), counted(name, **labels, status="4xx"), counted(hits, result="hit")
    for _ in range(3):
        client.get("/board/")
    client.get("/leads/4711/")
    assert (counted(name, **labels, status="2xx"), counted(name, **labels, status="4xx")) == (3, 1)
    assert counted(hits, result="hit") > 0
    client.generic("BREW", "/board/")
    assert counted(name, group="leads", method="other", status="4xx") >= 1, "whatever is asked, labels stay few"


@pytest.mark.django_db
def test_a_message_its_turn_and_its_answer_are_counted_and_timed(
    says, counted: Counted, django_capture_on_commit_callbacks: Callable
) -> None:
    names = {
        "livia_messages_received_total": {}, "livia_answer_duration_seconds_count": {},
        "livia_messages_settled_total": {"author": "livia", "state": "sent"},
        "livia_messages_failed_total": {"reason": "other"},
    }  # fmt: skip
    for name, labels in names.items():
        counted(name, **labels)
    with django_capture_on_commit_callbacks(execute=True):
        thread = says("oi, quero um empréstimo").conversation
    with django_capture_on_commit_callbacks(execute=True):
        turn = turn_run(conversation_id=thread.pk).turn
    assert counted("livia_turn_duration_seconds_count", outcome=turn.outcome) >= 1
    for message_id in turn.reply_ids:
        _leave(message_id, django_capture_on_commit_callbacks)
    with django_capture_on_commit_callbacks(execute=True):
        lost = message_queue(conversation_id=thread.pk, text="Oi", author=Author.CONSULTANT)
        Message.objects.filter(pk=lost.pk).update(state=MessageState.SENDING)
        outbox_failed(message_id=lost.pk, code="whatever a gateway says")
    assert [counted(name, **labels) for name, labels in names.items()] == [1, 1, len(turn.reply_ids), 1]


def _leave(message_id: int, committing: Callable) -> None:
    Message.objects.filter(pk=message_id).update(state=MessageState.SENDING)
    with committing(execute=True):
        outbox_sent(message_id=message_id, provider_id=f"OUT{message_id}", sent_at=now())


def test_calls_of_a_model_are_counted_by_how_they_ended(groq, counted: Counted) -> None:
    first, second = "openai/gpt-oss-120b", "openai/gpt-oss-20b"

    def calls() -> list[float]:
        labels = ((first, "http_5xx"), (first, "ok"), (second, "ok"))
        return [counted("livia_model_calls_total", service="chat", model=m, outcome=o) for m, o in labels]

    calls(), counted("livia_model_tokens_total", model=second, kind="in")
    groq({"status": 503, "repeat_next": "ok"})
    assert llm.ask([{"role": "user", "content": "oi"}]).ok
    assert calls() == [1, 0, 1]
    assert counted("livia_model_tokens_total", model=second, kind="in") > 0


def test_a_server_that_does_not_answer_is_not_waited_for() -> None:
    over = threading.Event()
    source = Source("database", lambda: [] if over.wait(20) else [])
    began = time.monotonic()
    source.begin()
    source.begin()
    assert source.metrics(time.monotonic() + 0.2) == []
    assert time.monotonic() - began < 2
    assert sum(thread.name == "metrics-database" for thread in threading.enumerate()) == 1, "nor asked again meanwhile"
    over.set()


def _refuse() -> list:
    raise OSError


def test_a_server_that_is_away_hides_nothing_else() -> None:
    away = Source("redis", _refuse)
    away.begin()
    assert away.metrics(time.monotonic() + 5) == []


def test_of_a_server_that_went_away_old_figures_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collectors, "KEEP_SECONDS", 0.0)
    answers = [gauge("livia_up", "There", 1), []]
    source = Source("redis", lambda: answers.pop(0))
    source.begin()
    assert source.metrics(time.monotonic() + 5)
    source.begin()
    [thread.join(5) for thread in threading.enumerate() if thread.name == "metrics-redis"]  # it refused at once
    assert source.metrics(time.monotonic() + 5) == []
