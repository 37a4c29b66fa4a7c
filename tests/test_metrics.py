"""Processes as in production count together: nothing is lost among them, whichever is asked and whichever dies."""

import http.client
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from crm.accounts.models import User
from crm.celery import app
from stack import places
from stack.process import spawn
from stack.valkey import free_port
from tests.realtime.conftest import cookie_of, daphne, database_url, end
from tests.realtime.follower import Follower
from tests.realtime.waiting import eventually

TOKEN = "a-token-for-prometheus"
Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(transactional_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Programs on the test's database that count in one folder."""
    changes = {"METRICS_TOKEN": TOKEN, "METRICS_DIR": str(tmp_path / "metrics"), "C_FORCE_ROOT": "1"}
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    with ExitStack() as stack:

        def start(*command: str, **further: str) -> "subprocess.Popen[bytes]":
            log = stack.enter_context((tmp_path / f"{command[0]}.log").open("wb"))
            environment = os.environ | {"DATABASE_URL": database_url()} | further
            argv = [sys.executable, "-m", *command]
            process = spawn(argv, cwd=places.ROOT, env=environment, stdout=log, stderr=log)
            stack.callback(end, process)
            return process

        yield start


def ask(port: int, path: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except OSError:
        return 0, ""
    finally:
        connection.close()


def scrape(port: int) -> dict[str, float]:
    status, text = ask(port, "/metrics", Authorization=f"Bearer {TOKEN}", Host="10.0.0.7")
    if status != 200:
        return {}
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {f"{one.name} {' '.join(one.labels.values())}".strip(): one.value for one in samples}


PAGE = "livia_http_request_duration_seconds_count main GET 2xx"
WORKER = "-A crm worker -n counted@%h -Q counted -P threads -c 2 --loglevel=WARNING --without-gossip --without-mingle"


def test_requests_and_tasks_are_counted_exactly_over_all_processes(start: Start, bruno: User) -> None:
    port, other = free_port(), free_port()
    web = start("gunicorn", "crm.wsgi", "-b", f"127.0.0.1:{port}", "-w", "2", "--threads", "4")
    start("celery", *WORKER.split(), METRICS_PORT=str(other))
    eventually(lambda: ask(port, "/health/live")[0] == 200, seconds=60)
    workers = psutil.Process(web.pid).children()
    with ThreadPoolExecutor(8) as visitors:
        assert set(visitors.map(lambda _number: ask(port, "/login/")[0], range(60))) == {200}
    assert scrape(port)[PAGE] == 60
    workers[0].kill()
    eventually(lambda: {child.pid for child in psutil.Process(web.pid).children()} - {one.pid for one in workers})
    assert {ask(port, "/login/")[0] for _ in range(5)} == {200}
    assert {scrape(port)[PAGE] for _ in range(4)} == {65}, "whoever answers"

    task = "livia_tasks_total ok accounts.security_prune"
    for _ in range(3):
        app.send_task("accounts.security_prune", queue="counted")
    found = eventually(lambda: (found := scrape(other)).get(task) == 3 and found, seconds=60)
    assert found["livia_task_duration_seconds_count accounts.security_prune"] == 3
    assert scrape(port)[task] == 3, "they count in one folder"
    assert "livia_up database" not in found, "what the database knows is told by the web"
    assert ask(other, "/metrics")[0] == ask(other, "/")[0] == 404


def test_open_sockets_are_counted_until_their_process_dies(start: Start, tmp_path: Path, bruno: User) -> None:
    sockets, opened = "livia_lines_open socket", "livia_lines_opened_total socket"
    with daphne(tmp_path / "daphne.log") as web:
        assert scrape(web.port).get(sockets, 0) == 0, "somebody who is not signed in is not served"
        with Follower(web.port, cookie_of(bruno)), Follower(web.port, cookie_of(bruno)):
            eventually(lambda: scrape(web.port).get(sockets) == 2)
        eventually(lambda: scrape(web.port).get(sockets) == 0)
        assert scrape(web.port)[opened] == 2
