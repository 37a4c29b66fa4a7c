"""A real Daphne in a process of its own, real sockets to it, and servers of one's own to take away."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client

from crm.accounts.models import User
from crm.core.work import unit
from crm.realtime.publish import publish
from stack.process import spawn
from stack.valkey import Valkey, free_port
from tests.realtime.follower import Follower
from tests.realtime.waiting import eventually

PATROL_SECONDS = 0.3


@dataclass
class Served:
    """A server: where it listens and what it wrote."""

    port: int
    log: Path

    @property
    def complaints(self) -> str:
        return self.log.read_text()


@contextmanager
def daphne(log: Path, **changes: str) -> Iterator[Served]:
    """Daphne as it runs in production, on the test's database."""
    served = Served(free_port(), log)
    usual = {"DATABASE_URL": database_url(), "REALTIME_PATROL_SECONDS": str(PATROL_SECONDS)}
    command = [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(served.port), "-v", "0"]
    with log.open("wb") as output:
        process = spawn(
            [*command, "crm.asgi:application"], env=os.environ | usual | changes, stdout=output, stderr=output
        )
    try:
        eventually(lambda: answers(served.port) or process.poll() is not None, seconds=30)
        assert process.poll() is None, served.complaints
        yield served
    finally:
        end(process)


def answers(port: int) -> bool:
    try:
        with Follower(port, ""):
            return True
    except OSError:
        return False


def end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def database_url() -> str:
    """The product's URL with the name of the test database."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))


@pytest.fixture(scope="session")
def server(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The server of most tests."""
    with daphne(tmp_path_factory.mktemp("daphne") / "web.log") as served:
        yield served


@pytest.fixture
def followers() -> Iterator[Callable[..., Follower]]:
    """Open sockets, closed at the end: `followers(server, ana)`."""
    with ExitStack() as stack:

        def follow(served: Served, user: User | None, **headers: str) -> Follower:
            cookie = cookie_of(user) if user else ""
            return stack.enter_context(Follower(served.port, cookie, **headers))

        yield follow


@pytest.fixture
def follow(server: Served, followers: Callable[..., Follower], transactional_db: None) -> Callable[..., Follower]:
    """A socket of a person at the usual server."""
    return lambda user, **headers: followers(server, user, **headers)


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    """A Valkey of this test, to take away and bring back."""
    valkey = Valkey(tmp_path, tmp_path / "valkey.log", durable=False)
    valkey.start()
    try:
        eventually(valkey.ready)
        yield valkey
    finally:
        valkey.stop(3)


@pytest.fixture
def rings_at_own(own_valkey: Valkey, settings: Any) -> None:
    """This process rings, and hears, at the test's own Valkey."""
    layer = settings.CHANNEL_LAYERS["default"]
    settings.CHANNEL_LAYERS = {"default": {**layer, "CONFIG": {**layer["CONFIG"], "hosts": [own_valkey.url]}}}


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{django_settings.SESSION_COOKIE_NAME}={client.session.session_key}"


def tell(*rooms: str, object_id: str = "thing", html: str = "<b>seen</b>") -> None:
    """One change, told to rooms."""
    with unit():
        publish(rooms, kind="thing", object_id=object_id, render=lambda: html)
