"""The product's servers for a benchmark: PostgreSQL, Valkey, migrations, and a web server on a free port."""

import http.client
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from stack.environment import product_environment
from stack.process import spawn
from stack.programs import programs
from stack.servers import Servers, tail

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60.0


# As in production, apart from the certificate.
PRODUCTION = {
    "DEBUG": "0",
    "HTTPS": "0",
    "SECRET_KEY": "only-while-a-benchmark-runs-0123456789",
    "THROTTLE_USER": "1000000000/min",
    "THROTTLE_ANONYMOUS": "1000000000/min",
}


@contextmanager
def product() -> Iterator[int]:
    """Daphne's port while everything runs, as the one-command start runs it."""
    with servers() as base, daphne(base) as port:
        yield port


@contextmanager
def servers(**environment: str) -> Iterator[Path]:
    """A folder while PostgreSQL and Valkey run, migrated; Django is set up in this process on the same servers."""
    raise_file_limit()
    base = Path(tempfile.mkdtemp(prefix="livia-bench-"))
    base.chmod(0o711)  # PostgreSQL's own user must get through
    data = Servers(base)
    try:
        data.start()
        data.wait()
        os.environ.update(environment)
        os.environ.update(product_environment(base, data.urls))
        os.environ["LOG_LEVEL"] = "WARNING"
        os.environ["STATIC_ROOT"] = str(base / "static")
        _manage("migrate")
        if os.environ["DEBUG"] == "0":
            _manage("collectstatic", "--noinput")
        import django

        django.setup()
        yield base
    finally:
        data.stop(seconds=10)
        shutil.rmtree(base, ignore_errors=True)


def _manage(*command: str) -> None:
    subprocess.run([sys.executable, "manage.py", *command, "--verbosity", "0"], cwd=ROOT, check=True)


def daphne(base: Path) -> AbstractContextManager[int]:
    port = free_port()
    web = next(program for program in programs(HOST, port) if program.name == "web")
    return _serving(web.argv, port, base)


def gunicorn(base: Path, *, workers: int = 2, threads: int = 16) -> AbstractContextManager[int]:
    """The WSGI server of docker-compose.yml."""
    port = free_port()
    arguments = (f"--bind={HOST}:{port}", f"--workers={workers}", f"--threads={threads}", "--log-level=warning")
    return _serving((sys.executable, "-m", "gunicorn", "crm.wsgi:application", *arguments), port, base)


@contextmanager
def realtime(base: Path, server: str) -> Iterator[tuple[int, int]]:
    """Port and process of the ASGI application under that server, which must be installed."""
    port = free_port()
    arguments = {
        "daphne": ("-b", HOST, "-p", str(port), "-v", "0"),
        "uvicorn": ("--host", HOST, "--port", str(port), "--log-level", "warning", "--backlog", "2048"),
    }
    argv = (sys.executable, "-m", server, *arguments[server], "crm.asgi:application")
    with _running(argv, port, base) as process:
        yield port, process.pid


@contextmanager
def _serving(argv: Sequence[str], port: int, base: Path) -> Iterator[int]:
    with _running(argv, port, base):
        yield port


@contextmanager
def _running(argv: Sequence[str], port: int, base: Path) -> "Iterator[subprocess.Popen[bytes]]":
    log = base / "log" / "web.log"
    with log.open("wb") as output:
        process = spawn(list(argv), cwd=ROOT, env=dict(os.environ), stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The web server did not start:\n{tail(log)}")
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection(HOST, port, timeout=10)
    try:
        connection.request("GET", "/health/live")
        return connection.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def raise_file_limit() -> None:
    """Thousands of sockets need as many descriptors; children inherit the limit."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
