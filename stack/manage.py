"""`python3 run.py manage …`: a management command on the running stack's servers, or on its own for a moment."""

import signal
import subprocess
import sys
import time
from pathlib import Path

from stack import places, state
from stack.console import say
from stack.environment import product_environment
from stack.servers import Servers

PATIENCE_SECONDS = 60.0


def manage(arguments: list[str]) -> int:
    base = places.data_dir()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if lock := state.take_lock(base):
            with lock:
                return with_own_servers(base, arguments)
        if note := state.read_note(base):
            return command(base, note["urls"], arguments)
        time.sleep(0.1)  # it is starting, or another command has the servers
    say("Lívia CRM is busy starting or running another command. Try again in a moment.")
    return 1


def with_own_servers(base: Path, arguments: list[str]) -> int:
    state.remove_note(base)  # left by a killed start
    servers = Servers(base)
    try:
        servers.start()
        servers.wait()
        return command(base, servers.urls, arguments)
    finally:
        servers.stop(seconds=5)


def command(base: Path, urls: dict[str, str], arguments: list[str]) -> int:
    """Run it in our own session, so that it can ask questions; Ctrl-C is the command's to handle."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=places.ROOT,
            env=product_environment(base, urls),
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        ).returncode
    finally:
        signal.signal(signal.SIGINT, before)
