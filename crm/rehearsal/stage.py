"""A product of its own to break: in a folder that is deleted afterwards, on servers and a port nobody else uses."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from stack import places, state
from stack.process import spawn
from stack.servers import tail
from stack.valkey import free_port

START_SECONDS = 300.0
STOP_SECONDS = 20.0
POLL_SECONDS = 0.1
# The caller's configuration must not reach the stage: only what any program needs.
INHERITED = ("PATH", "HOME", "LANG", "TMPDIR", "TZ", "LD_LIBRARY_PATH")
# Waits of minutes would make a rehearsal of hours: what is found again after a while is found sooner here.
QUICK = {
    "DEMO_ENABLED": "1",
    "GROQ_API_KEY": "loopback",
    "GROQ_ATTEMPT_SECONDS": "3",
    "GROQ_TURN_SECONDS": "5",
    "GROQ_BREAKER_SECONDS": "5",
    "BURST_WINDOW_SECONDS": "0.4",
    "TYPING_BASE_MS": "200",
    "TYPING_PER_CHAR_MS": "0",
    "TYPING_MAX_MS": "200",
    "ANSWER_SWEEP_SECONDS": "5",
    "TURN_RETRY_SECONDS": "2,5,10",
    "LOOP_TURNS": "1000",
    "LOOP_REPEATS": "1000",
    "WHATSAPP_SUPERVISE_SECONDS": "1",
    "WHATSAPP_LEASE_SECONDS": "6",
    "WHATSAPP_LEASE_RENEW_SECONDS": "2",
    "WHATSAPP_WATCH_SECONDS": "5",
    "WHATSAPP_SEND_PER_MINUTE": "60000",
    "WHATSAPP_SEND_BURST": "1000",
    "PULSE_SECONDS": "2",
    "PULSE_SILENT_SECONDS": "8",
    "HEALTH_SECONDS": "5",
}


class Stage:
    """`with Stage() as stage`: the product runs, and nothing of it is left afterwards."""

    def __init__(self, *, keep: bool = False, **settings: str) -> None:
        self.keep = keep
        self.folder = Path(tempfile.mkdtemp(prefix="livia-rehearsal-"))
        self.folder.chmod(0o711)  # PostgreSQL's own user must get through
        self.port, groq = free_port(), free_port()
        inherited = {name: os.environ[name] for name in INHERITED if name in os.environ}
        own = {"LIVIA_DATA": str(self.folder), "GROQ_BASE_URL": f"http://127.0.0.1:{groq}"}
        self.environment = inherited | QUICK | own | settings
        self.running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Stage":
        try:
            self._start()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def manage(self, *arguments: str) -> int:
        """Run a management command on the stage's servers; its exit code."""
        return self._stack("manage", *arguments).wait()

    def close(self) -> None:
        """The product last: a command that still runs wants to tidy up on it."""
        for process in reversed(self.running):
            _end(process)
        if self.keep:
            return
        shutil.rmtree(places.outside(self.folder), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self) -> None:
        log = self.folder / "stack.log"
        with log.open("wb") as output:
            product = self._stack("--port", str(self.port), stdout=output, stderr=output)
        deadline = time.monotonic() + START_SECONDS
        while state.read_note(self.folder) is None:
            if product.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The product did not start:\n{tail(log)}")
            time.sleep(POLL_SECONDS)

    def _stack(self, *arguments: str, **streams: Any) -> "subprocess.Popen[bytes]":
        process = spawn(
            [sys.executable, "-m", "stack", *arguments],
            on_parent_death=signal.SIGTERM,
            cwd=places.ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            **streams,
        )
        self.running.append(process)
        return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    """Ask the whole session of a process to end, then make it."""
    for signum, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGKILL, 5.0)):
        if process.poll() is not None:
            return
        os.killpg(process.pid, signum)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            continue
