"""`python3 run.py`: everything from nothing to a page that answers, then watch over it."""

import http.client
import socket
import sys
import time
from pathlib import Path

from stack import places, state
from stack.console import say
from stack.environment import product_environment
from stack.process import adopt_orphans
from stack.programs import PREPARE, programs
from stack.servers import Servers, tail
from stack.supervisor import Supervisor

HOST = "127.0.0.1"
PAGE_SECONDS = 60.0
DEMO_LOGINS = "ana@demo.livia, bruno@demo.livia, caio@demo.livia"
DEMO_PASSWORD = "livia-demo"


def start(*, port: int, reset: bool, sure: bool) -> int:
    began = time.monotonic()
    base = places.data_dir()
    lock = state.take_lock(base)
    if lock is None:
        return refuse_second(base)
    with lock:
        if taken(port):
            say(f"Port {port} is in use by another program. Choose another one: python3 run.py --port {port + 1}")
            return 1
        if reset and not (sure or confirmed(base)):
            say("Nothing was deleted.")
            return 1
        if reset:
            places.wipe(base, keep=state.LOCK)
            say("The local data is deleted.")
        state.remove_note(base)
        return run(base, port, began)


def run(base: Path, port: int, began: float) -> int:
    adopt_orphans()
    servers = Servers(base)
    environment = product_environment(base, servers.urls)
    supervisor = Supervisor(servers, environment, base / "log")
    supervisor.catch_signals()
    failure = ""
    try:
        bring_up(supervisor, port)
        if not supervisor.stopping.is_set():
            address = f"http://localhost:{port}/"
            state.write_note(base, address=address, urls=servers.urls)
            announce(address, time.monotonic() - began, demo=environment.get("DEMO_ENABLED", environment["DEBUG"]))
        while not supervisor.stopping.wait(0.1):
            supervisor.tend()
    except RuntimeError as error:
        failure = str(error)
    finally:
        state.remove_note(base)
        asked = time.monotonic()
        supervisor.stop()
    if failure:
        print(f"Lívia CRM could not start: {failure}", file=sys.stderr)
        return 1
    say(f"Stopped ({time.monotonic() - asked:.1f} s).")
    return 0


def bring_up(supervisor: Supervisor, port: int) -> None:
    """Servers; then the web beside migrations and demo data; then the rest, which needs the tables."""
    servers, all_programs = supervisor.servers, programs(HOST, port)
    servers.start()
    servers.wait(stopping=supervisor.stopping.is_set)
    for program in all_programs:
        if not program.waits_for_data and not supervisor.stopping.is_set():
            supervisor.run(program)
    if not supervisor.stopping.is_set():
        code = supervisor.run_once(PREPARE)
        if code:
            raise RuntimeError(f"the database could not be prepared:\n{tail(supervisor.logs / 'prepare.log', 30)}")
    wait_for_page(supervisor, port)
    for program in all_programs:
        if program.waits_for_data and not supervisor.stopping.is_set():
            supervisor.run(program)


def wait_for_page(supervisor: Supervisor, port: int) -> None:
    deadline = time.monotonic() + PAGE_SECONDS
    while not supervisor.stopping.is_set() and not answers(port):
        web = supervisor.children[0].process
        if time.monotonic() > deadline or (web is not None and web.poll() is not None):
            raise RuntimeError(f"the page does not answer:\n{tail(supervisor.logs / 'web.log', 30)}")
        supervisor.stopping.wait(0.05)


def answers(port: int) -> bool:
    """Whether a person would get a page; errors of the server do not count."""
    connection = http.client.HTTPConnection(HOST, port, timeout=30)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def announce(address: str, seconds: float, *, demo: str) -> None:
    say(f"\nLívia CRM is running at {address}  (ready in {seconds:.1f} s)")
    if demo.lower() in ("1", "true", "yes", "on"):
        say(f"Demo logins: {DEMO_LOGINS}; password: {DEMO_PASSWORD}")
    say("Press Ctrl-C to stop.\n")


def refuse_second(base: Path) -> int:
    note = state.read_note(base)
    if note:
        say(f"Lívia CRM is already running at {note['address']} (process {note['pid']}).")
    else:
        say("Lívia CRM is already starting, or a management command is using its servers. Try again in a moment.")
    return 1


def confirmed(base: Path) -> bool:
    """Ask before deleting; no answer (no terminal) means no."""
    size = sum(1 for _ in base.iterdir())
    if size <= 1:
        return True
    say(f"This deletes all local data in {base}: leads, conversations, files and paired WhatsApp numbers.")
    try:
        return input("Type yes to delete it: ").strip().lower() == "yes"
    except EOFError:
        return False


def taken(port: int) -> bool:
    """Whether another program listens there; a moment is given to a killed predecessor."""
    for _ in range(20):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                time.sleep(0.05)
            else:
                return False
    return True
