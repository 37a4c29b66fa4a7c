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
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback
from whatsapp import runner
from whatsapp.models import Session
from whatsapp.pairing import qr_get
from whatsapp.services import session_connect
from whatsapp.simulator.network import Network
from whatsapp.states import Gateway
from whatsapp.tests import backups

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
    settings.WHATSAPP_SEND_PER_MINUTE, settings.WHATSAPP_SEND_BURST = 60_000, 1000
    monkeypatch.setenv("WHATSAPP_SEND_PER_MINUTE", "60000")
    monkeypatch.setenv("WHATSAPP_SEND_BURST", "1000")
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


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server: str, settings):
    """An empty bucket, and the settings that lead there."""
    settings.BACKUP_S3_ENDPOINT_URL = s3_server
    settings.BACKUP_S3_BUCKET, settings.BACKUP_S3_PREFIX = "backups", "livia"
    settings.BACKUP_S3_REGION = "us-east-1"
    settings.BACKUP_S3_ACCESS_KEY_ID = settings.BACKUP_S3_SECRET_ACCESS_KEY = "test"
    settings.BACKUP_KEY, settings.BACKUP_KEEP = [backups.KEY], 14
    import boto3

    bucket = boto3.resource(
        "s3", endpoint_url=s3_server, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    ).Bucket("backups")
    bucket.create()
    yield bucket
    bucket.objects.delete()
    bucket.delete()


@pytest.fixture
def store(session: Session) -> Path:
    """A session that was paired, with a SQLite store as the real library keeps it."""
    Session.objects.filter(pk=session.pk).update(jid="5511988887777@s.whatsapp.net", phone="5511988887777")
    session.folder.mkdir(mode=0o700)
    path = session.folder / "store.db"
    backups.fill(path, "first")
    return path


# ---- the real library, on a WhatsApp of our own
@pytest.fixture
def phone(loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Phone:
    """Lívia's phone, on the network that the children of this test will find."""
    for name, value in loopback.environment().items():
        monkeypatch.setenv(name, value)
    loopback.auto_receipts = ("delivery", "read")
    return Phone("5511940028922", "Lívia")


@pytest.fixture
def maria(loopback: Loopback) -> Contact:
    return Contact(*MARIA)


@pytest.fixture
def number(inbox: Inbox, phone: Phone) -> Session:
    return Session.objects.create(inbox=inbox, gateway=Gateway.NEONIZE)


@pytest.fixture
def online_number(
    number: Session,
    phone: Phone,
    loopback: Loopback,
    run: Callable[[int], Running],
) -> Iterator[Running]:
    session_connect(session_id=number.pk)
    running = run(number.pk)
    loopback.scan(eventually(lambda: qr_get(number.pk)), phone)
    eventually(lambda: state_of(number) == "online")
    yield running
