"""pytest plugin: throw-away PostgreSQL and Valkey, up before Django reads its settings.

Loaded with `-p stack.testing`. Under pytest-xdist the controller starts the servers once and its workers inherit their
URLs; each worker gets a Redis database and a key prefix of its own (pytest-django gives it a PostgreSQL database).
"""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from stack.catalogues import compile_stale
from stack.environment import product_environment
from stack.servers import Servers

OURS = "LIVIA_TEST_REDIS"  # set where the Redis is ours and has a database for every worker


class ThrowAway:
    """The servers of one test run and the folder that holds all their files."""

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="livia-test-"))
        self.base.chmod(0o711)
        self.servers = Servers(self.base, durable=False)

    def start(self) -> None:
        self.servers.start()
        self.servers.wait()
        if "REDIS_URL" not in os.environ:
            os.environ[OURS] = self.servers.urls["REDIS_URL"]
        for name, value in product_environment(self.base, self.servers.urls).items():
            os.environ[name] = value

    def stop(self) -> None:
        self.servers.stop(seconds=3)
        shutil.rmtree(self.base, ignore_errors=True)


_running: ThrowAway | None = None


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """A wrapper runs before pytest-django's own hook, which loads the settings."""
    global _running
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    if worker is None:
        compile_stale()
        _running = ThrowAway()
        try:
            _running.start()
        except BaseException:
            _running.stop()
            raise
    separate(worker or "main")
    return (yield)


def separate(worker: str) -> None:
    """Keys and channels of one worker never meet another's."""
    os.environ["TEST_WORKER"] = worker
    os.environ["REDIS_BRIEF_SECONDS"] = "5"  # a busy machine is no outage
    os.environ["PULSE_SECONDS"] = "0"  # a server of one test is nothing that another should find
    os.environ["PRESSURE_QUEUE"] = "1000000"  # nobody works off what tests ring for
    os.environ["REDIS_PREFIX"] = f"livia-test-{worker}"
    if worker != "main" and (own := os.environ.get(OURS)):
        os.environ["REDIS_URL"] = f"{own}/{int(worker.removeprefix('gw')) + 1}"


def pytest_unconfigure() -> None:
    global _running
    if _running is not None:
        _running.stop()
        _running = None
