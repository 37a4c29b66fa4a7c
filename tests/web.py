"""A web server as in production, on database servers of its own, which a test may stop and start."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from stack import places
from stack.environment import product_environment
from stack.postgres import Postgres
from stack.process import spawn
from stack.servers import Servers
from stack.valkey import Valkey, free_port

TOKEN = "a-token-for-outages"
BOARD = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.cached_db import SessionStore
from crm.accounts.models import User
from leads.models import Consultant
ana = User.objects.create_user("ana@example.com", "a-long-test-password", name="Ana Clara")
Consultant.objects.create(user=ana)
session = SessionStore()
session[SESSION_KEY] = str(ana.pk)
session[BACKEND_SESSION_KEY] = "crm.accounts.backends.RoleBackend"
session[HASH_SESSION_KEY] = ana.get_session_auth_hash()
session.create()
print(session.session_key)
"""


class Web:
    """gunicorn, PostgreSQL, Valkey, and Ana's session."""

    def __init__(self, base: Path) -> None:
        self.port = free_port()
        saved = {name: os.environ.pop(name, None) for name in ("DATABASE_URL", "REDIS_URL")}
        self.servers = Servers(base, durable=False)
        os.environ.update({name: value for name, value in saved.items() if value is not None})
        self.servers.start()
        self.servers.wait()
        self.environment = product_environment(base, self.servers.urls) | self.servers.urls
        self.environment |= {
            "LEADS_API_TOKEN": TOKEN,
            "METRICS_TOKEN": TOKEN,
            "DEBUG": "1",
            "REDIS_PREFIX": "outages",
            "REDIS_BRIEF_SECONDS": "0.3",
            "DB_POOL_MAX": "5",
            "DB_POOL_TIMEOUT_SECONDS": "1",
        }
        self.manage("migrate")
        self.session = self.manage("shell", "-v", "0", "-c", BOARD).strip().splitlines()[-1]
        argv = [sys.executable, "-m", "gunicorn", "crm.wsgi", "-b", f"127.0.0.1:{self.port}", "--threads", "8"]
        self.log = (base / "web.log").open("wb")
        self.process = spawn(argv, cwd=places.ROOT, env=self.environment, stdout=self.log, stderr=self.log)
        wait_for(lambda: self.answers("/health/ready") == 200)

    @property
    def postgres(self) -> Postgres:
        return next(server for server in self.servers.own if isinstance(server, Postgres))

    @property
    def valkey(self) -> Valkey:
        return next(server for server in self.servers.own if isinstance(server, Valkey))

    def manage(self, *command: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=places.ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, body, {"Cookie": f"sessionid={self.session}", **headers})
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def answers(self, path: str) -> int:
        try:
            return self.ask("GET", path)[0]
        except OSError:
            return 0

    def post_lead(self, number: int) -> tuple[int, str]:
        body = json.dumps({"name": "Maria", "phone": f"+55119981{number:05d}"})
        headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
        return self.ask("POST", "/api/leads", body, **headers)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.servers.stop(seconds=5)


def wait_for(look: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@contextmanager
def web_on(base: Path) -> Iterator[Web]:
    """A running server whose files live in `base`."""
    for folder in (base, *base.parents):  # PostgreSQL's own user must get through to its folder
        if folder.stat().st_uid == os.getuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o011)
    web = Web(base)
    try:
        yield web
    finally:
        web.stop()
