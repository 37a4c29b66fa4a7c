"""From the gateway's callback to the open chat page: a client's message, until its bubble is at the socket.

All of it is the product: a session's child process with its spool, drainer, sender and chores, PostgreSQL, Valkey,
Daphne's WebSocket. Only the phone is simulated, and the stamp is taken when the gateway enters its callback.
"""

import argparse
import json
import math
import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from bench import ground, machine, report
from bench.fanout import reader, session_cookie

if TYPE_CHECKING:
    from whatsapp.models import Session

MESSAGES, RATES, CHATS, WARM_UP = 500, (5, 20), 10, 30
PATIENCE_SECONDS = 30.0
AIM_MS = 150
BUBBLE = re.compile(r'id="msg-(\d+)".*<span class="text">([\d.]+)</span>', re.DOTALL)
STEPS = {
    "callback to bubble": ("entered", "shown"),
    "callback (into the spool)": ("entered", "kept"),
    "drainer, to its commit": ("kept", "stored"),
    "push (Redis, hub, WebSocket)": ("stored", "shown"),
}
INTRO = (
    f"{CHATS} clients take turns to write; one page has all their threads and the conversation list open. Measured "
    "from the moment the gateway enters its callback in the session's process until the message's bubble is at the "
    "page's socket, by one clock: spool, drainer, commit, Valkey, hub, Daphne's WebSocket. Milliseconds."
)
Bubble = dict[str, float]


@contextmanager
def session_child(base: Path, session: "Session") -> Iterator[Path]:
    """The session's child, online; its stamps are in the file once this is left."""
    from whatsapp import lease, runner
    from whatsapp.gateways.simulator import SimulatorGateway

    session.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    SimulatorGateway(session.pk, session.folder, lambda event: None).adopt()
    token = lease.lease_take(session.pk, "bench") or ""
    file = base / f"stamps-{session.pk}.json"
    environment = os.environ | {runner.TOKEN_VARIABLE: token}
    argv = [sys.executable, "-m", "bench.stamped_child", str(session.pk), token, str(file)]
    child = subprocess.Popen(argv, cwd=ground.ROOT, stdin=subprocess.PIPE, env=environment, start_new_session=True)
    try:
        wait_for(lambda: _state(session) == "online", "the session did not come online")
        yield file
    finally:
        child.terminate()
        child.wait(PATIENCE_SECONDS)


def _state(session: "Session") -> str:
    session.refresh_from_db(fields=["state"])
    return session.state


def wait_for(look: Any, complaint: str) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while not look():
        if time.monotonic() > until:
            raise RuntimeError(complaint)
        time.sleep(0.05)


class Page:
    """The socket of an open chat page; a thread notes when each bubble is there."""

    def __init__(self, socket: ClientConnection, rooms: dict[str, int]) -> None:
        self.bubbles: dict[str, Bubble] = {}
        self.ids: dict[str, int] = {}
        self.socket = socket
        self.socket.send(json.dumps({"rooms": rooms}))
        threading.Thread(target=self._hear, daemon=True).start()

    def _hear(self) -> None:
        for text in self.socket:
            at = time.monotonic()
            frame = json.loads(text)
            if frame.get("kind") == "message" and (found := BUBBLE.search(frame["html"])):
                self.ids[found[2]] = int(found[1])
                self.bubbles[found[2]] = {"entered": float(found[2]), "shown": at}


def page_socket(port: int, cookie: str) -> ClientConnection:
    """Enter it to open it."""
    return connect(
        f"ws://{ground.HOST}:{port}/ws/",
        origin=Origin(f"http://{ground.HOST}:{port}"),
        additional_headers={"Cookie": cookie},
        compression=None,
    )


def write(network: Any, number: int, rate: float) -> None:
    """So many messages, evenly in time."""
    start = time.monotonic()
    for turn in range(number):
        time.sleep(max(start + turn / rate - time.monotonic(), 0))
        network.say(f"55119970{turn % CHATS:05d}", f"Cliente {turn % CHATS}", "oi")


def measure(base: Path, port: int, rate: float, messages: int) -> list[Bubble]:
    """The bubbles of one run at so many messages a second, the warm-up left out."""
    from conversations.models import Conversation, Inbox, InboxRole
    from crm.accounts.models import Role
    from crm.realtime.rooms import snapshot
    from whatsapp.models import Session
    from whatsapp.simulator.network import Network
    from whatsapp.states import Gateway, State

    inbox = Inbox.objects.create(name="Lívia", role=InboxRole.LIVIA)
    session = Session.objects.create(inbox=inbox, gateway=Gateway.SIMULATOR, wanted=True, state=State.STARTING)
    network = Network(session.pk)
    with ExitStack() as stack:
        user = stack.enter_context(reader())
        file = stack.enter_context(session_child(base, session))
        write(network, WARM_UP, 10)
        threads = Conversation.objects.filter(inbox=inbox, unread_count=WARM_UP // CHATS)
        wait_for(lambda: threads.count() == CHATS, "the first messages did not arrive")
        user.role = Role.MANAGER
        user.save()
        rooms = [f"chat.{pk}" for pk in threads.values_list("pk", flat=True)]
        socket = stack.enter_context(page_socket(port, session_cookie(user)))
        page = Page(socket, snapshot(user, [*rooms, "inbox"]))
        write(network, messages, rate)
        wait_for(lambda: len(page.bubbles) >= messages, f"only {len(page.bubbles)} of {messages} bubbles came")
    seen = json.loads(file.read_text())
    for stamp, bubble in page.bubbles.items():
        bubble["kept"] = seen["kept"][stamp]
        bubble["stored"] = seen["stored"].get(str(page.ids[stamp]), math.nan)
    return list(page.bubbles.values())


def row(rate: float, step: str, bubbles: Sequence[Bubble]) -> str:
    begin, over = STEPS[step]
    spans = [(bubble[over] - bubble[begin]) * 1000 for bubble in bubbles]
    spans = sorted(span for span in spans if not math.isnan(span))
    cells = [f"{spans[min(math.ceil(len(spans) * part) - 1, len(spans) - 1)]:.1f}" for part in (0.5, 0.95, 0.99, 1)]
    return f"| {rate:g} a second | {step} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="From the gateway's callback to the socket of the open chat page.")
    parser.add_argument("rates", nargs="*", type=float, default=RATES, help="messages a second")
    parser.add_argument("--messages", type=int, default=MESSAGES)
    options = parser.parse_args()
    where = machine.describe()
    lines = ["| messages | step | p50 | p95 | p99 | slowest |", "|---|---|---:|---:|---:|---:|"]
    with ground.servers(**ground.PRODUCTION) as base, ground.daphne(base) as port:
        for rate in options.rates:
            bubbles = measure(base, port, rate, options.messages)
            lines += [row(rate, step, bubbles) for step in STEPS]
            print(*lines[-len(STEPS) :], sep="\n", flush=True)
    text = (
        f"# From the callback to the chat page\n\n{INTRO}\n\n"
        f"`python -m bench.chat_latency`, {options.messages} messages a rate. "
        f"Aim: p99 below {AIM_MS} ms on an idle machine.\n\n"
        f"Measured {datetime.now(UTC):%Y-%m-%d} on: {where}.\n\n" + "\n".join(lines) + "\n"
    )
    (report.RESULTS / "chat_latency.md").write_text(text)


if __name__ == "__main__":
    main()
