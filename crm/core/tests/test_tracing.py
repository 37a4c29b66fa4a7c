import subprocess
import sys
import threading
import time

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from crm.celery import app
from crm.core.doorbell import ring
from crm.core.tracing import Place, carried, current, place_of, span, spans_by, traced
from crm.logs import masked, raised
from crm.otel import Tracer, trace_to
from crm.views import server_error

TRACE, PARENT = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_traceparent_names_the_trace_only_where_it_is_well_formed():
    assert place_of(TRACE) == Place(TRACE)
    assert place_of(f"00-{TRACE}-{PARENT}-00") == Place(TRACE, PARENT)
    half = (f"ff-{TRACE}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01", f"00-{TRACE}")
    for carrier in ("", "0" * 32, TRACE.upper(), "é" * 32, *half):
        place = place_of(carrier)
        assert len(place.trace) == 32 and place.trace != TRACE and not place.span
    assert current() == ""


def test_another_thread_goes_on_with_the_trace_of_whoever_rang():
    heard, done = [], threading.Event()
    with traced(TRACE):
        ring(lambda: heard.append(current()) or done.set())
    assert done.wait(5) and heard == [TRACE]


def test_a_task_carries_the_trace_of_whoever_rang_and_begins_one_where_nobody_did():
    seen: list[str] = []

    @app.task(name="tests.look")
    def task() -> None:
        seen.append(current())

    with app.connection_for_write("memory://") as broker, traced(TRACE):
        task.apply_async(connection=broker, queue="traces")
        message = broker.SimpleQueue("traces").get(timeout=5)
    assert message.headers["traceparent"] == TRACE
    task.apply()
    app.tasks.pop("tests.look")
    assert len(seen[0]) == 32 and seen[0] != TRACE and current() == ""


def test_every_answer_names_its_trace_and_an_error_page_the_beginning_of_it(db):
    client = Client()
    answers = [client.get("/login/"), client.get("/nowhere/"), client.get("/api/v1/leads")]
    traces = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(traces) == 3 and all(len(trace) == 32 for trace in traces)
    asked = client.get("/login/", headers={"traceparent": f"00-{TRACE}-{PARENT}-01"})
    assert asked.headers["X-Request-ID"] == TRACE
    with traced(TRACE):
        page = server_error(RequestFactory().get("/"))
    assert page.status_code == 500 and f"<code>{TRACE[:8]}</code>" in page.content.decode()


PERSONAL = (
    "5511998123340", "+55 11 99812-3340", "(11) 99812-3340", "11 3812-3340", "123.456.789-09", "12345678909",
    "12.345.678/0001-90", "maria.souza@example.com.br", "5511998123340@s.whatsapp.net", "258476900184231@lid",
)  # fmt: skip
INNOCENT = (
    "message_received", "2026-11-21T22:06:43.123456Z", "2026-11-21 22:06:43", "192.168.100.100", TRACE,
    "3EB0C431C26A1916", "550e8400-e29b-41d4-a716-446655440000", "GET /conversations/1234567/",
    "turns.py:123 < tasks.py:36", "1500 ms",
)  # fmt: skip


def test_a_line_of_the_log_shows_no_phone_no_document_and_no_address():
    for text in PERSONAL:
        line = masked(None, "", {"event": f"about {text}, said", "rows": [{"who": text}], "n": 5511998123340})
        assert line == {"event": "about …, said", "rows": [{"who": "…"}], "n": 5511998123340}
    assert masked(None, "", {"event": list(INNOCENT)}) == {"event": list(INNOCENT)}


def test_an_error_is_logged_as_its_kind_and_places_never_its_words():
    try:
        try:
            int("Maria Aparecida")
        except ValueError as error:
            raise LookupError("Key (name)=(Maria) already exists") from error
    except LookupError:
        told = raised(None, "", {"exc_info": True})["exception"]
    assert told.endswith("builtins.LookupError") and "builtins.ValueError" in told and "test_tracing.py" in told
    assert "already exists)" not in told and "invalid literal" not in told


def test_without_an_endpoint_nothing_of_the_tracer_is_imported():
    code = "import sys, crm.otel; crm.otel.trace_to(''); print([name for name in sys.modules if 'opentel' in name])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_an_endpoint_without_the_packages_or_without_an_address_stops_the_start(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match="collector:4318"):
        trace_to("collector:4318")
    monkeypatch.setitem(sys.modules, "opentelemetry", None)
    with pytest.raises(ImproperlyConfigured, match="requirements-otel.txt"):
        trace_to("http://collector:4318")


def test_a_collector_that_is_away_neither_slows_nor_floods(caplog):
    pytest.importorskip("opentelemetry.sdk")
    tracer = Tracer("http://127.0.0.1:9", "test")
    spans_by(tracer.open)
    try:
        with traced(TRACE), span("first"):
            assert carried().startswith(f"00-{TRACE}-") and carried().endswith("-01")
        began = time.perf_counter()
        for _ in range(1000):
            with span("one", number=1):
                pass
        assert time.perf_counter() - began < 2
        for _ in range(2):
            tracer.flush()
    finally:
        spans_by(None)
    ours = [record for record in caplog.records if record.name.startswith("crm")]
    assert [record.msg["event"] for record in ours] == ["spans_not_sent"]
