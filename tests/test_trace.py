"""One id leads from what a client wrote on WhatsApp to the page that shows the answer, through every process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings

from agent.loopback import Endpoint
from agent.models import Turn
from agent.tests.conftest import reply
from conversations.models import Direction, Message
from crm.realtime.models import Event
from tests.otlp import Collector
from tests.realtime.conftest import cookie_of, daphne
from tests.realtime.follower import Follower
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.simulator.network import Network
from whatsapp.tests.conftest import (
    bruno,
    bytecode,
    child_database,
    eventually,
    inbox,
    network,
    pair,
    run,
    session,
    session_dir,
)

__all__ = ["bruno", "bytecode", "child_database", "inbox", "network", "run", "session", "session_dir"]
pytestmark = pytest.mark.django_db(transaction=True)

PHONE, NAME, SAID = "5511998123340", "Maria Aparecida Quintanilha", "Boa tarde, queria entender o consignado do INSS"
QUICK = {"BURST_WINDOW_SECONDS": "0.2", "TYPING_BASE_MS": "0", "TYPING_PER_CHAR_MS": "0", "TYPING_MAX_MS": "0"}


@pytest.fixture
def collector(child_database: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collector]:
    """Every process that starts from now on sends its spans here, asks a Groq of ours and logs all it can."""
    groq = Endpoint(reply("Boa tarde! Posso explicar como funciona. Você já recebe o benefício do INSS?"))
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")  # three programs at once would each compile everything
    with Collector() as collector:
        changes = QUICK | {"LOG_JSON": "1", "LOG_LEVEL": "DEBUG", "OTEL_ENDPOINT": collector.url}
        for name, value in (changes | {"GROQ_API_KEY": "gsk-test-key", "GROQ_BASE_URL": groq.start()}).items():
            monkeypatch.setenv(name, value)
        yield collector
    groq.stop()


@pytest.fixture
def worker(collector: Collector, tmp_path: Path) -> Iterator[Path]:
    """What the worker logs."""
    log = tmp_path / "worker.log"
    command = "-m celery --quiet -A crm worker -n traced@%h -Q default,agent -P threads -c 4 --loglevel=WARNING"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, *command.split(), "--without-gossip", "--without-mingle"],
            cwd=settings.BASE_DIR, env={**os.environ, "C_FORCE_ROOT": "1"}, stdout=output, stderr=output,
        )  # fmt: skip
    yield log
    process.terminate()
    process.wait(20)


def lines(told: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in told.splitlines() if line.startswith("{")]


def events_of(told: str, trace: str) -> set[object]:
    return {line["event"] for line in lines(told) if line.get("trace") == trace}


def test_one_id_leads_from_a_message_on_whatsapp_to_the_page_that_shows_the_answer(
    session: Session, network: Network, bruno, run: Callable, worker: Path, collector: Collector, tmp_path: Path, capfd
):
    with daphne(tmp_path / "web.log") as web, Follower(web.port, cookie_of(bruno)) as page:
        session_connect(session_id=session.pk)
        run(session.pk)
        pair(session, network)
        provider_id = network.say(PHONE, NAME, SAID)

        said = eventually(lambda: Message.objects.filter(provider_id=provider_id).first())
        trace = said.trace_id
        assert len(trace) == 32
        page.join({f"chat.{said.conversation_id}": 0})
        answer = eventually(lambda: Message.objects.filter(direction=Direction.OUT, provider_id__gt="").first())
        assert answer.trace_id == trace == Turn.objects.get().trace_id
        shown = Event.objects.filter(room=f"chat.{said.conversation_id}", trace_id=trace)
        assert shown.filter(object_id=f"msg-{answer.pk}").exists()
        seen: list[dict] = []
        eventually(lambda: seen.append(page.hear()) or seen[-1].get("trace") == trace and "Posso explicar" in str(seen))

        pieces = {"whatsapp.receive", "task agent.answer", "livia.turn", "livia.model", "whatsapp.send"}
        eventually(lambda: pieces <= {span.name for span in collector.of(trace)})
        child, web_told = capfd.readouterr().err, web.complaints
    told = worker.read_text()
    assert {"message_received", "message_sent"} <= events_of(child, trace)
    assert {"model_asked", "turn_ended"} <= events_of(told, trace)
    assert "pushed" in events_of(web_told, trace)
    for log in (child, told, web_told):
        for personal in (PHONE, PHONE[4:], "Maria", "Quintanilha", "consignado", "Posso explicar"):
            assert personal not in log
    spans = {span.name: span for span in collector.of(trace)}
    assert spans["livia.turn"].parent == spans["task agent.answer"].id
    assert spans["task agent.answer"].parent == spans["whatsapp.receive"].id
    assert spans["livia.model"].parent == spans["livia.turn"].id
    assert not {PHONE, NAME, SAID} & {value for span in collector.spans for value in span.attributes.values()}
    if shown_to := os.environ.get("TRACE_SHOWN"):  # for docs/monitoring.md
        Path(shown_to).write_text(collector.tree(trace))
