"""Web processes as they run in production: what they say while the database hangs, and how they leave."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from django.conf import settings

from crm.core.clock import now
from crm.monitoring.checks import CHECKS
from crm.monitoring.findings import State
from crm.monitoring.health import health_now
from crm.monitoring.models import Process, ProcessKind
from stack.process import spawn
from stack.valkey import Valkey, free_port
from tests.realtime.conftest import cookie_of, daphne
from tests.realtime.follower import Follower
from tests.realtime.waiting import eventually
from tests.relay import Relay

pytestmark = pytest.mark.django_db(transaction=True)

TOKEN = "a-token-for-those-who-measure"


@pytest.fixture
def relay() -> Iterator[Relay]:
    door = Relay()
    yield door
    door.close()


Started = tuple["subprocess.Popen[bytes]", int]


@pytest.fixture
def gunicorn(relay: Relay, tmp_path: Path) -> Iterator[Started]:
    port = free_port()
    command = "-m gunicorn crm.wsgi:application --workers=1 --threads=4 --worker-tmp-dir=/dev/shm".split()
    environment = os.environ | {
        "DATABASE_URL": relay.url, "DRAIN_SECONDS": "4", "PULSE_SECONDS": "0.5", "METRICS_TOKEN": TOKEN,
        "HEALTH_SECONDS": "1",
    }  # fmt: skip
    with (tmp_path / "web.log").open("wb") as log:
        process = spawn(
            [sys.executable, *command, f"--bind=127.0.0.1:{port}"], cwd=settings.BASE_DIR, env=environment,
            stdout=log, stderr=log,
        )  # fmt: skip
    try:
        eventually(lambda: ask(port, "/health/ready")[0] == 200, seconds=60)
        yield process, port
    finally:
        process.kill()
        process.wait()


def ask(port: int, path: str, cookie: str = "") -> tuple[int, dict]:
    """With the token, or with a cookie instead; status 0 where nobody answers."""
    shown = {"Cookie": cookie} if cookie else {"Authorization": f"Bearer {TOKEN}"}
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path, headers={**shown, "Host": "localhost"})
        answer = line.getresponse()
        body = answer.read()
        return answer.status, json.loads(body) if "json" in answer.headers["Content-Type"] else {}
    except OSError:
        return 0, {}
    finally:
        line.close()


def timed(act: Callable[[], tuple[int, dict]]) -> tuple[int, dict, float]:
    began = time.monotonic()
    return *act(), time.monotonic() - began


@pytest.mark.thorough
def test_a_hanging_database_is_named_in_time_and_a_stop_loses_no_request(gunicorn: Started, relay: Relay):
    process, port = gunicorn
    row = eventually(lambda: Process.objects.filter(kind=ProcessKind.WEB, pid__in=workers_of(process)).first())
    assert not row.stopping

    relay.shut()
    status, body, took = timed(lambda: ask(port, "/health/ready"))
    assert (status, body["status"]) == (503, "unavailable") and took < 2.5
    status, body, took = timed(lambda: ask(port, "/health/"))
    assert (status, body["status"]) == (503, "unhealthy") and took < 3.5
    assert body["checks"]["database"]["status"] == "unhealthy" and body["checks"]["redis"]["status"] == "healthy"
    status, _body, took = timed(lambda: ask(port, "/monitoring/"))
    assert status == 503 and took < 2.5
    for path in ("/health/", "/metrics"):  # who comes with a session may be a manager, which nobody can tell now
        status, _body, took = timed(lambda path=path: ask(port, path, cookie="sessionid=of-somebody"))
        assert status == 503 and took < 2.5
    relay.open.set()
    eventually(lambda: ask(port, "/health/ready")[0] == 200)

    relay.shut()
    answers: list[int] = []
    slow = threading.Thread(target=lambda: answers.append(ask(port, "/health/ready")[0]))
    slow.start()
    assert relay.knocked.wait(10)
    process.send_signal(signal.SIGTERM)
    eventually(lambda: ask(port, "/health/ready") == (503, {"status": "shutting_down"}))
    relay.open.set()
    slow.join(20)
    assert answers[0] in (200, 503)  # by how long the door was shut; but answered
    assert process.wait(20) == 0
    eventually(lambda: not Process.objects.filter(pk=row.pk, seen_at__gte=now()).exists())
    assert not Process.objects.filter(pk=row.pk).exists()  # it said goodbye


def workers_of(process: "subprocess.Popen[bytes]") -> list[int]:
    return [child.pid for child in psutil.Process(process.pid).children()]


def test_daphne_tells_its_pages_to_come_back_before_it_stops(ana, tmp_path: Path):
    with daphne(tmp_path / "web.log", DRAIN_SECONDS="0.5", PULSE_SECONDS="0.5") as served:
        [server] = [found for found in psutil.Process().children() if str(served.port) in found.cmdline()]
        with Follower(served.port, cookie_of(ana)) as follower:
            follower.until_pong()
            eventually(lambda: Process.objects.filter(kind=ProcessKind.REALTIME, data__lines=1).exists())
            server.terminate()
            eventually(lambda: ask(served.port, "/health/ready") == (503, {"status": "shutting_down"}))
            assert follower.closed_with() == 4503
        server.wait(10)


def test_a_frozen_redis_is_named_and_the_others_answer(tmp_path, settings):
    valkey = Valkey(tmp_path, tmp_path / "valkey.log", durable=False)
    valkey.start()
    settings.REDIS_URL = valkey.url
    os.kill(valkey.process.pid, signal.SIGSTOP)
    try:
        began = time.monotonic()
        found = {one.check.name: one.finding for one in health_now().checked}
        assert time.monotonic() - began < settings.HEALTH_CHECK_SECONDS + 0.5
    finally:
        os.kill(valkey.process.pid, signal.SIGCONT)
        valkey.stop(3)
    assert set(found) == {check.name for check in CHECKS}
    assert found["redis"].state == State.UNHEALTHY and found["redis"].remedy
    assert found["database"].state == State.HEALTHY
