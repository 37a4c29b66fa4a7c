"""Presence of this process's lines: what they say is gathered for a moment, told to Redis, and what Redis knows is
told to the lines that follow those rooms.

All of it is a courtesy: without Redis nobody is seen anywhere, and nothing else changes.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Protocol

import redis
import structlog

from crm.accounts.models import User
from crm.realtime import bell, frames
from crm.realtime.frames import Message
from crm.realtime.presence import Person, Present, Seen, as_data, member, presence_read, presence_write

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.2  # between two rounds: what is said meanwhile goes in one exchange
LOOK_SECONDS = 1.0  # how late it is noticed that somebody's time is over
BEAT_SECONDS = 4.0  # with a browser's ping each 25 s less than PRESENCE_SECONDS, so that nobody blinks
AWAY_SECONDS = 2.0


class PresentLine(Protocol):
    name: str
    user: User

    def push(self, message: Message) -> None: ...


class _Where:
    """Of one line: its rooms, the one typed in and since when, and when it was last heard of."""

    def __init__(self) -> None:
        self.rooms: set[str] = set()
        self.posted: set[str] = set()
        self.typing, self.typed = "", 0.0
        self.heard = time.time()
        self.told = 0.0


class Whereabouts:
    def __init__(self, followers: Callable[[str], Iterable[PresentLine]]) -> None:
        self.followers = followers  # the lines of this process that follow a room
        self.lines: dict[PresentLine, _Where] = {}
        self.shown: dict[str, Present] = {}  # what the followers of a room know
        self.changed: set[PresentLine] = set()
        self.left: set[tuple[str, str]] = set()
        self.touched: set[str] = set()  # rooms whose followers everywhere have to look
        self.look: set[str] = set()
        self.asking: defaultdict[str, set[PresentLine]] = defaultdict(set)  # told what is known, changed or not
        self.wake = asyncio.Event()
        self.beaten = 0.0
        self.is_away = False

    def open(self, line: PresentLine) -> None:
        self.lines[line] = _Where()

    def hear(self, line: PresentLine) -> None:
        if where := self.lines.get(line):
            where.heard = time.time()

    def expect(self, line: PresentLine, rooms: set[str]) -> None:
        """The browser of this line may post that it is in these rooms."""
        if where := self.lines.get(line):
            where.posted |= rooms

    def announce(self, line: PresentLine, rooms: set[str], typing: str) -> None:
        """The person of this line is in these rooms and no others, and types in one of them or in none."""
        if (where := self.lines.get(line)) is None:
            return
        self.left |= {(room, member(line.user, line.name)) for room in where.rooms - rooms}
        self.touched |= where.rooms ^ rooms
        if typing != where.typing:
            self.touched |= {room for room in (typing, where.typing) if room}
        for room in rooms - where.rooms:
            self.asking[room].add(line)
        where.rooms, where.typing, where.typed = rooms, typing, time.time() if typing else 0.0
        self.changed.add(line)
        self.wake.set()

    def leave(self, line: PresentLine) -> None:
        """The line is closed."""
        where = self.lines.pop(line, None)
        if where is None:
            return
        self.changed.discard(line)
        if rooms := where.rooms | where.posted:
            self.left |= {(room, member(line.user, line.name)) for room in rooms}
            self.touched |= rooms
            self.wake.set()

    def rung(self, rooms: Iterable[str]) -> None:
        """Somebody came, went or types, here or at another process."""
        self.look |= set(rooms)
        self.wake.set()

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wake.wait(), LOOK_SECONDS)
            self.wake.clear()
            try:
                await self._tell()
                await self._show()
                self.is_away = False
                await asyncio.sleep(GATHER_SECONDS)
            except redis.RedisError as error:
                self._away(error)
                await asyncio.sleep(AWAY_SECONDS)
            except Exception as error:
                log.warning("presence_failed", error=type(error).__name__)
                await asyncio.sleep(AWAY_SECONDS)

    async def _tell(self) -> None:
        """To Redis, and by a ring to every process."""
        changed, left, touched = self.changed, self.left, self.touched
        self.changed, self.left, self.touched = set(), set(), set()
        online: set[int] = set()
        if time.monotonic() - self.beaten >= BEAT_SECONDS:
            self.beaten = time.monotonic()
            changed |= {line for line, where in self.lines.items() if where.rooms and where.heard > where.told}
            online = {line.user.pk for line in self.lines}
        if changed or left or online:
            await asyncio.to_thread(presence_write, list(self._seen(changed)), left=left, online=online)
        if touched:
            self.look |= touched
            bell.ring_presence(touched)

    def _seen(self, lines: Iterable[PresentLine]) -> Iterator[Seen]:
        for line in lines:
            if where := self.lines.get(line):
                where.told = where.heard
                for room in where.rooms:
                    typed = where.typed if room == where.typing else 0.0
                    yield Seen(room, member(line.user, line.name), where.heard, typed)

    async def _show(self) -> None:
        """To the lines that follow the rooms where something changed, or where somebody's time is over."""
        at = time.time()
        look, self.look = self.look, set()
        asking, self.asking = self.asking, defaultdict(set)
        look |= asking.keys() | {room for room, present in self.shown.items() if present.until <= at}
        followed = [room for room in look if self.followers(room)]
        for room in look.difference(followed):
            self.shown.pop(room, None)
        if followed:
            known = await asyncio.to_thread(presence_read, followed)
            for room, present in known.items():
                self._pass_on(room, present, asking[room])

    def _pass_on(self, room: str, present: Present, asking: set[PresentLine]) -> None:
        changed = present.people != self.shown.get(room, Present()).people
        self.shown[room] = present
        if not present.people:
            del self.shown[room]
        lines = set(self.followers(room))
        messages: dict[int, Message] = {}
        for line in lines if changed else lines & asking:
            if line.user.pk not in messages:
                messages[line.user.pk] = frames.presence(room, as_data(_others(present.people, line.user)))
            line.push(messages[line.user.pk])

    def _away(self, error: Exception) -> None:
        """Nobody is seen until Redis is back; then everybody says again where they are."""
        if not self.is_away:
            log.warning("presence_away", error=type(error).__name__)
        self.is_away = True
        for room in list(self.shown):
            self._pass_on(room, Present(), set())
        self.changed |= {line for line, where in self.lines.items() if where.rooms}
        self.touched |= {room for where in self.lines.values() for room in where.rooms}


def _others(people: Iterable[Person], user: User) -> list[Person]:
    return [person for person in people if person.id != user.pk]
