"""The product's servers for a benchmark: PostgreSQL, Valkey, migrations, Daphne on a free port."""

import http.client
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from stack.environment import product_environment
from stack.process import spawn
from stack.programs import programs
from stack.servers import Servers, tail

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
START_SECONDS = 60.0


@contextmanager
def product() -> Iterator[int]:
    """Daphne's port while everything runs; Django is set up in this process on the same servers."""
    raise_file_limit()
    base = Path(tempfile.mkdtemp(prefix="livia-bench-"))
    base.chmod(0o711)  # PostgreSQL's own user must get through
    servers = Servers(base)
    try:
        servers.start()
        servers.wait()
        os.environ.update(product_environment(base, servers.urls))
        os.environ["LOG_LEVEL"] = "WARNING"
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, check=True)
        import django

        django.setup()
        with _daphne(base / "log" / "web.log") as port:
            yield port
    finally:
        servers.stop(seconds=10)
        shutil.rmtree(base, ignore_errors=True)


@contextmanager
def _daphne(log: Path) -> Iterator[int]:
    port = free_port()
    web = next(program for program in programs(HOST, port) if program.name == "web")
    with log.open("wb") as output:
        process = spawn(list(web.argv), cwd=ROOT, env=dict(os.environ), stdout=output, stderr=output)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Daphne did not start:\n{tail(log)}")
            time.sleep(0.05)
        yield port
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
