"""A crowd of simulated clients: who writes next, and how long each thinks before writing again."""

import heapq
import zlib
from collections import deque
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from crm.rehearsal.script import NUDGES, TALKS, Persona, Script

if TYPE_CHECKING:
    from crm.rehearsal.watching import Said

# There is no area code 23 in Brazil: these numbers are nobody's.
NOBODYS, NUMBERS = "55239", 10**8
BURST_GAP = (0.5, 1.5)  # seconds between the messages said in one go


@dataclass(eq=False)
class Client:
    """One person: at most one of `due` (will write) and `waits_since` (for Lívia's answer) is set."""

    phone: str
    persona: Persona
    steps: deque[deque[str]]
    last_said: float = 0.0
    waits_since: float | None = None
    lines_seen: int = 0  # on this phone's screen
    conversation_id: int | None = None
    unanswered: "list[Said]" = field(default_factory=list)

    @property
    def over(self) -> bool:
        return not self.steps


@dataclass
class Crowd:
    """At most `chats` people at a time; one whose talk is over makes room for somebody new."""

    chats: int
    think: tuple[float, float]
    random: Random
    mark: str
    fresh: float = 0.25  # the share of messages that begin a talk, while there is room
    script: Script = TALKS
    met: list[Client] = field(default_factory=list)
    waiting: dict[Client, None] = field(default_factory=dict)  # in the order they began to
    talking: int = 0
    _due: list[tuple[float, int, Client]] = field(default_factory=list)
    _ticket: int = 0

    def __post_init__(self) -> None:
        self._first_number = zlib.crc32(self.mark.encode()) % NUMBERS

    def next(self, now: float) -> tuple[Client, str] | None:
        """Who writes now, and what. None: everybody thinks, or has just written."""
        room, ready = self.talking < self.chats, bool(self._due) and self._due[0][0] <= now
        if room and (not ready or self.random.random() < self.fresh):
            return self._step(self._newcomer(), now)
        if ready:
            return self._step(heapq.heappop(self._due)[2], now)
        client = next(iter(self.waiting), None)
        if client is None or now - client.last_said < self.think[1]:
            return None
        del self.waiting[client]
        self.waiting[client] = None
        client.last_said = now
        return client, self.random.choice(NUDGES)

    def heard(self, client: Client, now: float) -> None:
        """Lívia answered this client, who thinks about it."""
        if client not in self.waiting:
            return
        del self.waiting[client]
        client.waits_since = None
        if client.over:
            self.talking -= 1
        else:
            self._later(client, now + self.random.uniform(*self.think))

    def leave(self, client: Client) -> None:
        """The talk ends here: a person attends to this client now."""
        if client in self.waiting:
            client.steps.clear()
            self.heard(client, 0)

    def _newcomer(self) -> Client:
        persona = Persona.drawn(self.random)
        steps = deque(deque(step) for step in self.random.choice(self.script))
        number = (self._first_number + len(self.met)) % NUMBERS
        client = Client(f"{NOBODYS}{number:08d}", persona, steps)
        self.met.append(client)
        self.talking += 1
        return client

    def _step(self, client: Client, now: float) -> tuple[Client, str]:
        step = client.steps[0]
        line = client.persona.say(step.popleft())
        client.last_said = now
        if step:
            self._later(client, now + self.random.uniform(*BURST_GAP))
        else:
            client.steps.popleft()
            client.waits_since = now
            self.waiting[client] = None
        return client, line

    def _later(self, client: Client, at: float) -> None:
        self._ticket += 1
        heapq.heappush(self._due, (at, self._ticket, client))
