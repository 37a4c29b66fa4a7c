"""Scripts of talks, and playing them against Lívia's own brain.

A script is what the client writes, a message a line; an empty line ends a burst, and Lívia answers it while she
attends. `> text` is written by the consultant (`{eu}` is the first name), perhaps with ` !state` at the end.
`(20m)`, `(3h)`, `(2d)` let time pass. `[áudio]`, `[foto]` and `[documento]` are what the client sends without words.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from agent.brain.business import BusinessInfo
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide
from agent.brain.products import ProductTerms

_PAUSE = re.compile(r"\((\d+)([mhd])\)")
_STATED = re.compile(r"^> (.+?)(?: !(\w+))?$")
_FILES = {"[áudio]": "audio", "[foto]": "image", "[documento]": "document"}
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
ENDS = frozenset({"handoff", "opt_out"})


@dataclass(frozen=True, kw_only=True)
class Talk:
    """`ended` is how many minutes ago the last message came."""

    script: str
    ended: int
    unread: int = 0
    inbox: str = "livia"


@dataclass(frozen=True)
class Said:
    """One line of a talk, `at` this long after its start."""

    author: str  # client, livia, consultant, event
    text: str
    at: timedelta
    kind: str = "text"
    state: str = ""
    names: Mapping[str, str] | None = None


@dataclass(frozen=True)
class TurnPlayed:
    """One answer of Lívia: positions of the lines read and of those said."""

    before: DialogueState
    decision: Decision
    read: tuple[int, ...]
    replied: tuple[int, ...]


@dataclass
class Played:
    """A whole talk. `left` is the position at which Lívia fell silent, `taken` at which a consultant first wrote."""

    said: list[Said] = field(default_factory=list)
    turns: list[TurnPlayed] = field(default_factory=list)
    state: DialogueState = field(default_factory=DialogueState)
    left: int | None = None
    taken: int | None = None

    @property
    def length(self) -> timedelta:
        return self.said[-1].at


class Player:
    """Plays a talk line by line, with a clock of its own."""

    def __init__(
        self, *, products: Mapping[str, ProductTerms], business: BusinessInfo, today: date, rng: random.Random
    ) -> None:
        self.products, self.business, self.today, self.rng = products, business, today, rng

    def play(self, talk: Talk, *, owner: str) -> Played:
        """`owner` is the name of the consultant who serves the client in the end."""
        self.played, self.clock, self.owner = Played(), timedelta(), owner
        self.attends = talk.inbox == "livia"
        for burst in _bursts(talk.script):
            self._burst(burst)
        return self.played

    def _burst(self, lines: list[str]) -> None:
        read: list[int] = []
        for line in lines:
            if read and line.startswith(("(", "> ")):
                read = self._answered(read)
            if pause := _PAUSE.fullmatch(line):
                self.clock += timedelta(**{_UNITS[pause[2]]: int(pause[1])})
            elif written := _STATED.match(line):
                self._consultant(written[1], written[2] or "")
            else:
                read.append(self._client(line, first=not read))
        self._answered(read)

    def _answered(self, read: list[int]) -> list[int]:
        """The burst is over: Lívia answers it if she attends. Returns the next burst, empty."""
        if read and self.attends:
            self._livia(read)
        return []

    def _client(self, line: str, *, first: bool) -> int:
        self._pass(20, 150) if first else self._pass(3, 14)
        kind = _FILES.get(line, "text")
        return self._say("client", "" if line in _FILES else line, kind=kind)

    def _consultant(self, text: str, state: str) -> None:
        if self.played.taken is None:
            self.played.taken = self._event("%(name)s took over the conversation")
        self._pass(25, 90)
        self._say("consultant", text.format(eu=self.owner.split()[0]), state=state)

    def _livia(self, read: list[int]) -> None:
        lines = [self.played.said[position] for position in read]
        incoming = [Incoming(text=line.text, kind=line.kind) for line in lines]
        before = self.played.state
        decision = decide(before, incoming, products=self.products, business=self.business, today=self.today)
        self._pass(5, 8)
        replied = []
        for text in decision.replies:
            replied.append(self._say("livia", text))
            self._pass(2, 4)
        self.played.state = decision.state
        self.played.turns.append(TurnPlayed(before, decision, tuple(read), tuple(replied)))
        if decision.outcome in ENDS:
            self.attends, self.played.left = False, len(self.played.said) - 1
        if decision.outcome == "handoff":
            self._event("Lívia handed the conversation over to %(name)s")

    def _pass(self, least: int, most: int) -> None:
        self.clock += timedelta(seconds=self.rng.randint(least, most))

    def _event(self, text: str) -> int:
        self.played.said.append(Said("event", text, self.clock, "event", names={"name": self.owner}))
        return len(self.played.said) - 1

    def _say(self, author: str, text: str, *, kind: str = "text", state: str = "") -> int:
        self.played.said.append(Said(author, text, self.clock, kind, state))
        return len(self.played.said) - 1


def _bursts(script: str) -> Iterator[list[str]]:
    for block in script.strip().split("\n\n"):
        yield block.splitlines()
