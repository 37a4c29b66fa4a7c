"""PostgreSQL or Redis going away: a sentence instead of a traceback, and everything works again by itself."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterator

import psycopg
import pytest

from stack.postgres import Postgres
from stack.servers import alive
from stack.valkey import Valkey
from tests.web import TOKEN, Web, wait_for, web_on


def revive(server: Postgres | Valkey) -> None:
    server.start()
    wait_for(server.ready)


def metrics_tell(web: Web, away: str) -> bool:
    """Who is away, once what was asked before is no longer fresh; and all the rest as ever."""
    status, told = web.ask("GET", "/metrics", Authorization=f"Bearer {TOKEN}")
    assert status == 200
    assert "livia_http_request_duration_seconds_count" in told
    figures = {"database": "livia_conversations_waiting ", "redis": "livia_queue_tasks{"}
    assert all(figure in told for part, figure in figures.items() if part != away)
    return f'livia_up{{part="{away}"}} 0.0' in told


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    with web_on(tmp_path_factory.mktemp("outages")) as web:
        yield web


def test_connections_cut_by_the_database_are_replaced_unnoticed(web: Web) -> None:
    assert [web.answers("/board/") for _ in range(10)] == [200] * 10
    with psycopg.connect(web.servers.urls["DATABASE_URL"], autocommit=True) as connection:
        others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        pids = [pid for (pid,) in connection.execute(f"SELECT pid {others}")]
        connection.execute(f"SELECT pg_terminate_backend(pid) {others}")
        gone = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"  # the signal is sent, not yet obeyed
        wait_for(lambda: connection.execute(gone, [pids]).fetchone() == (0,))
    assert pids
    assert [web.answers("/board/") for _ in range(10)] == [200] * 10


def test_the_pool_neither_leaks_nor_grows_past_its_limit(web: Web) -> None:
    assert {web.answers("/board/") for _ in range(60)} == {200}
    with psycopg.connect(web.servers.urls["DATABASE_URL"], autocommit=True) as connection:
        used = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
    assert used and used[0] <= 5


def test_without_postgresql_pages_and_api_say_so_and_recover(web: Web) -> None:
    web.postgres.stop(5)
    try:
        status, page = web.ask("GET", "/board/", Accept="text/html")
        assert status == 503
        assert "Traceback" not in page and re.search(r"<h1>\s*\S", page)
        status, body = web.post_lead(1)
        assert (status, json.loads(body)["error"]["code"]) == (503, "unavailable")
        assert web.answers("/health/live") == 200
        wait_for(lambda: metrics_tell(web, "database"))
        assert web.answers("/health/ready") == 503
    finally:
        revive(web.postgres)
    wait_for(lambda: web.answers("/board/") == 200)
    assert web.post_lead(1)[0] == 201


def test_without_redis_pages_and_leads_go_on(web: Web) -> None:
    web.valkey.stop(5)
    assert not alive(web.valkey)
    try:
        assert web.answers("/board/") == 200
        assert web.answers("/conversations/") == 200
        assert web.answers("/login/") in (200, 302)
        assert web.post_lead(2)[0] == 201
        assert web.answers("/contato/") == 200
        wait_for(lambda: metrics_tell(web, "redis"))
    finally:
        revive(web.valkey)
    assert web.post_lead(3)[0] == 201


def test_a_redis_that_hangs_keeps_nobody_waiting(web: Web) -> None:
    wait_for(lambda: web.answers("/board/") == 200)
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": "a" * 32}
    cookies = f"sessionid={web.session}; csrftoken={'a' * 32}"
    requests: dict[str, Callable[[], int]] = {
        "a page": lambda: web.answers("/board/"),
        "a lead": lambda: web.post_lead(4)[0],
        "another lead": lambda: web.post_lead(5)[0],
        "what rings for a task": lambda: web.ask(
            "POST", "/account/availability/", "available=1", **form, Cookie=cookies
        )[0],
    }
    web.valkey.process.send_signal(signal.SIGSTOP)
    try:
        for what, request in requests.items():
            began = time.monotonic()
            assert request() in (200, 201, 302), what
            assert time.monotonic() - began < 1.5, what
    finally:
        web.valkey.process.send_signal(signal.SIGCONT)
