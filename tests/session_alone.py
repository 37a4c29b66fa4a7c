"""One session run by hand, on servers of its own which a test may stop and start, and the network around it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import redis
from django.conf import settings

from stack import places
from stack.environment import product_environment
from stack.postgres import Postgres
from stack.servers import Servers
from stack.valkey import Valkey
from tests.waloop.people import Phone
from tests.waloop.server import Loopback
from tests.web import wait_for
from whatsapp.pairing import qr_key
from whatsapp.simulator.network import Network

BEGIN = """
from conversations.models import Inbox, InboxRole
from whatsapp.models import Session
from whatsapp.services import session_connect
session = Session.objects.create(inbox=Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA), gateway="{gateway}")
session_connect(session_id=session.pk)
print(session.pk)
"""
ANSWER = """
from conversations.models import Author, Conversation
from conversations.outbox import message_queue
message_queue(
    conversation_id=Conversation.objects.earliest("pk").pk, text="{text}", author=Author.LIVIA, typing_ms={typing_ms}
)
"""
TEXTS = "SELECT text FROM conversations_message WHERE direction = 'in' ORDER BY id"


class SessionAlone:
    gateway = ""

    def __init__(self, base: Path, **more: str) -> None:
        saved = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
        self.servers = Servers(base)
        os.environ.update({name: value for name, value in saved.items() if value is not None})
        self.servers.start()
        self.servers.wait()
        self.environment = product_environment(base, self.servers.urls) | self.servers.urls
        self.environment |= {"DEBUG": "1", "REDIS_PREFIX": settings.REDIS_PREFIX, "WHATSAPP_STOP_GRACE_SECONDS": "5"}
        self.environment |= {"WHATSAPP_LEASE_SECONDS": "6", "WHATSAPP_LEASE_RENEW_SECONDS": "1", **more}
        self.redis = redis.Redis.from_url(self.servers.urls["REDIS_URL"])
        self.manage("migrate", "-v", "0")
        self.session_id = int(self.shell(BEGIN.format(gateway=self.gateway)).split()[-1])
        self.log_path = base / "session.log"
        self.log = self.log_path.open("wb")
        command = [sys.executable, "manage.py", "whatsapp_session", str(self.session_id)]
        self.process = subprocess.Popen(
            command, cwd=places.ROOT, env=self.environment, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL
        )

    def server(self, kind: type[Postgres] | type[Valkey]) -> Postgres | Valkey:
        return next(server for server in self.servers.own if isinstance(server, kind))

    @contextmanager
    def without(self, kind: type[Postgres] | type[Valkey]) -> Iterator[None]:
        """One of the servers is away; afterwards it is back and answers."""
        self.server(kind).stop(5)
        yield
        self.server(kind).start()
        wait_for(self.server(kind).ready)

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=places.ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout

    def shell(self, code: str) -> str:
        return self.manage("shell", "-v", "0", "-c", code).strip()

    def answer(self, text: str, *, typing_ms: int = 0) -> None:
        """Into the outbox of the first conversation."""
        self.shell(ANSWER.format(text=text, typing_ms=typing_ms))

    def rows(self, query: str) -> list[Any]:
        with psycopg.connect(self.servers.urls["DATABASE_URL"]) as connection:
            return [row[0] for row in connection.execute(query)]

    def state(self) -> str:
        return str(self.rows("SELECT state FROM whatsapp_session")[0])

    def pair(self) -> None:
        wait_for(lambda: self.state() == "awaiting_qr")
        self.scan()
        wait_for(lambda: self.state() == "online")

    def scan(self) -> None:
        """The phone looks at the code."""
        raise NotImplementedError

    def stop(self) -> None:
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)
        self.log.close()
        self.servers.stop(seconds=5)


class SimulatedSession(SessionAlone):
    gateway = "simulator"

    def __init__(self, base: Path) -> None:
        super().__init__(base)
        self.network = Network(self.session_id)
        self.network.redis = self.redis

    def scan(self) -> None:
        self.network.scan()


class RealSession(SessionAlone):
    """On the real library, whose WhatsApp is the loopback."""

    gateway = "neonize"

    def __init__(self, base: Path, loopback: Loopback, stores: Path) -> None:
        self.loopback, self.stores, self.phone = loopback, stores, Phone("5511940028922", "Lívia")
        super().__init__(base, WHATSAPP_SESSION_DIR=str(stores), **loopback.environment())

    def scan(self) -> None:
        wait_for(lambda: bool(self.redis.get(qr_key(self.session_id))))
        self.loopback.scan(self.redis.get(qr_key(self.session_id)), self.phone)


@contextmanager
def alone_in(folder_name: str = "livia-session-") -> Iterator[Path]:
    """A folder for the servers of one session."""
    base = Path(tempfile.mkdtemp(prefix=folder_name))
    base.chmod(0o711)  # PostgreSQL's own user must get through
    try:
        yield base
    finally:
        shutil.rmtree(base, ignore_errors=True)
