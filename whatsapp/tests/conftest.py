"""Lívia's number on the simulator, its phones, and a real child process where a test asks for one."""

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest
from django.db import connection

from conversations.models import Inbox, InboxRole
from crm.accounts.models import Role, User
from whatsapp import runner
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.simulator.network import Network
from whatsapp.states import Gateway

T = TypeVar("T")

MARIA = ("5511998123340", "Maria Aparecida")


def eventually(look: Callable[[], T], *, seconds: float = 40, every: float = 0.05) -> T:
    """The first truthy answer of `look`."""
    until = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < until, f"it did not come true in {seconds} s"
        time.sleep(every)
    return found


@pytest.fixture(autouse=True)
def session_dir(tmp_path: Path, settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.WHATSAPP_SESSION_DIR = tmp_path
    settings.WHATSAPP_RESTART_DELAYS = [0.1] * 5
    settings.WHATSAPP_LEASE_RENEW_SECONDS = 0.5
    settings.WHATSAPP_STOP_GRACE_SECONDS = 10
    monkeypatch.setenv("WHATSAPP_SESSION_DIR", str(tmp_path))
    monkeypatch.setenv("WHATSAPP_LEASE_RENEW_SECONDS", "0.5")
    monkeypatch.setenv("WHATSAPP_STOP_GRACE_SECONDS", "10")
    return tmp_path


@pytest.fixture
def bruno() -> User:
    return User.objects.create_user("bruno@livia.test", "correct-horse-7", name="Bruno", role=Role.MANAGER)


@pytest.fixture
def caio() -> User:
    return User.objects.create_user("caio@livia.test", "correct-horse-7", name="Caio", role=Role.CONSULTANT)


@pytest.fixture
def inbox() -> Inbox:
    return Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA)


@pytest.fixture
def session(inbox: Inbox) -> Iterator[Session]:
    session = Session.objects.create(inbox=inbox, gateway=Gateway.SIMULATOR)
    Network(session.pk).forget()
    yield session
    Network(session.pk).forget()


@pytest.fixture
def network(session: Session) -> Network:
    return Network(session.pk)


@pytest.fixture(scope="session")
def bytecode(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the children of all tests share what they compiled: they start in a quarter of the time."""
    return tmp_path_factory.mktemp("bytecode")


@pytest.fixture
def child_database(transactional_db: None, bytecode: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes see the database of the test, not the one the settings name."""
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(bytecode))
    url = urlsplit(os.environ["DATABASE_URL"])
    monkeypatch.setenv("DATABASE_URL", url._replace(path=f"/{connection.settings_dict['NAME']}").geturl())


class Running:
    """A runner in a thread, as a worker holds it."""

    def __init__(self, session_id: int) -> None:
        self.session_id = session_id
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            runner.run(self.session_id, self.stopping)
        finally:
            connection.close()

    def start(self) -> "Running":
        self.thread.start()
        return self

    def stop(self, seconds: float = 20) -> None:
        self.stopping.set()
        self.thread.join(seconds)
        assert not self.thread.is_alive(), "the runner did not end"


@pytest.fixture
def run(child_database: None) -> Iterator[Callable[[int], Running]]:
    """Start runners; all end with the test."""
    started: list[Running] = []

    def start(session_id: int) -> Running:
        started.append(Running(session_id).start())
        return started[-1]

    yield start
    for running in started:
        running.stop()


def state_of(session: Session) -> str:
    return Session.objects.values_list("state", flat=True).get(pk=session.pk)


def pair(session: Session, network: Network) -> None:
    """Point the phone at the QR code as soon as it is shown."""
    eventually(lambda: state_of(session) == "awaiting_qr")
    network.scan()
    eventually(lambda: state_of(session) == "online")


@pytest.fixture
def online(session: Session, network: Network, run: Callable[[int], Running]) -> Running:
    """The session paired and connected, in a real child process."""
    session_connect(session_id=session.pk)
    running = run(session.pk)
    pair(session, network)
    return running
