"""Simulated clients writing to one number: at a rate, with time to think, and with an account of every message.

    load = Load(session_id, chats=200, rate=10)
    load.start()
    ...
    load.stop()            # nobody writes any more
    load.settle(120)       # until everything is stored, answered and sent, or the time is over
    verdict = load.verdict()

The phones are as patient as WhatsApp's servers: what the network did not take, or forgot with its Redis, is sent again
under the same id. The product may be killed under it; where its servers do not answer, the load looks again.
"""

import threading
import time
from collections import deque
from dataclasses import dataclass
from random import Random

import redis
from django.db import DatabaseError, InterfaceError, connection

from crm.rehearsal import counting, watching
from crm.rehearsal.clients import Client, Crowd
from crm.rehearsal.counting import Verdict
from crm.rehearsal.script import TALKS, Script
from crm.rehearsal.watching import Said
from whatsapp.simulator.keys import KEPT_SECONDS
from whatsapp.simulator.network import Network

AWAY = (redis.RedisError, DatabaseError, InterfaceError)
LOOK_SECONDS = 0.5
STANDING_SECONDS = 3.0
PAUSE_SECONDS = 0.3
QUIET_LOOKS = 2


@dataclass(frozen=True)
class Progress:
    """Where the load stands. `sent` and `stored` count messages, `answered` those Lívia's words came after."""

    sent: int
    stored: int
    answered: int
    untaken: int  # written, but the network does not answer
    waiting: int  # clients who wait for Lívia
    oldest_unstored_s: float
    oldest_wait_s: float  # of a client, for Lívia's words
    chats: int
    held: int  # moments when nobody was free to write
    resent: int
    looks_failed: int


class Load:
    def __init__(
        self, session_id: int, *, chats: int = 200, rate: float = 10, think: tuple[float, float] = (2, 30),
        script: Script = TALKS, seed: int = 1, mark: str = "", fresh: float = 0.25,
        answers: bool = True,
    ) -> None:  # fmt: skip
        """`answers`: whether Lívia is on; without her the clients go on once their words are stored."""
        self.network = Network(session_id)
        self.rate, self.answers = rate, answers
        self.mark = mark or f"L{time.time_ns() // 1_000_000}"
        self.random = Random(seed)
        self.crowd = Crowd(chats, think, Random(seed + 1), self.mark, fresh, script)
        self.said: list[Said] = []
        self.unstored: dict[Said, None] = {}
        self.held = self.resent = self.silent = self.looks_failed = 0
        self._outbox: deque[Said] = deque()
        self._taken = 0  # the highest number the network took
        self._shaken = False  # whether it failed since
        self._quiet: dict[Client, int] = {}
        self._lock = threading.Lock()
        self._writing, self._looking = threading.Event(), threading.Event()
        self._threads: list[threading.Thread] = []

    # ---- life
    def start(self) -> None:
        self._writing.set()
        self._looking.set()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for name, work in (("load-write", self._write), ("load-look", self._look))
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Nobody begins a message any more; what was written still goes out."""
        self._writing.clear()

    def settle(self, seconds: float) -> bool:
        """Wait until all that was said is stored, read by Lívia, and her words have left. Then the looking ends."""
        self._writing.clear()
        until = time.monotonic() + seconds
        while not (done := self.settled()) and time.monotonic() < until:
            time.sleep(LOOK_SECONDS)
        self._looking.clear()
        for thread in self._threads:
            thread.join(30)
        return done

    def settled(self) -> bool:
        with self._lock:
            if self._outbox or self.unstored:
                return False
            if not self.answers:
                return True
            threads = {client.conversation_id for client in self.crowd.met if client.conversation_id}
        try:
            return all(standing.settled for standing in watching.standings(threads).values())
        except AWAY:
            connection.close()
            return False

    def verdict(self) -> Verdict:
        """Call it after `settle`, with the servers up."""
        return counting.count(self.network, self.said, self.crowd.met)

    def progress(self) -> Progress:
        now = time.time()
        with self._lock:
            unstored = next(iter(self.unstored), None)
            waits = min((client.waits_since for client in self.crowd.waiting if client.waits_since), default=now)
            return Progress(
                sent=len(self.said),
                stored=len(self.said) - len(self.unstored),
                answered=sum(1 for one in self.said if one.answered),
                untaken=len(self._outbox),
                waiting=len(self.crowd.waiting),
                oldest_unstored_s=now - unstored.at if unstored else 0.0,
                oldest_wait_s=max(now - waits, 0.0),
                chats=len(self.crowd.met),
                held=self.held,
                resent=self.resent,
                looks_failed=self.looks_failed,
            )

    def since(self, moment: float) -> list[Said]:
        """What was said from that moment of the wall clock on, each with its fate so far."""
        with self._lock:
            return [one for one in self.said if one.at >= moment]

    # ---- writing
    def _write(self) -> None:
        due = time.monotonic()
        while self._writing.is_set() or self._outbox:
            now = time.monotonic()
            if self._writing.is_set() and now >= due:
                due += self.random.expovariate(self.rate)
                self._compose()
            if self._outbox:
                self._hand_over()
            else:
                time.sleep(min(max(due - time.monotonic(), 0), 0.05))

    def _compose(self) -> None:
        with self._lock:
            now = time.time()
            chosen = self.crowd.next(now)
            if chosen is None:
                self.held += 1
                return
            client, text = chosen
            number = len(self.said) + 1
            said = Said(number, f"{self.mark}-{number}", client, text, now)
            self.said.append(said)
            client.unanswered.append(said)
            self.unstored[said] = None
        self._outbox.append(said)

    def _hand_over(self) -> None:
        said = self._outbox[0]
        try:
            if self._shaken:
                self._say_again_what_was_forgotten()
                return
            self.network.say(said.client.phone, said.client.persona.name, said.text, provider_id=said.provider_id)
            self.network.redis.set(self._key, said.number, ex=KEPT_SECONDS)
        except redis.RedisError:
            self._shaken = True
            time.sleep(PAUSE_SECONDS)
            return
        said.taken, self._taken = time.time(), max(self._taken, said.number)
        self._outbox.popleft()

    def _say_again_what_was_forgotten(self) -> None:
        """Redis was away. What it took is there up to the number it remembers: the rest goes out again, in order."""
        kept = int(self.network.redis.get(self._key) or 0)
        with self._lock:
            forgotten = [one for one in self.said[kept : self._taken] if one in self.unstored]
        self._outbox.extendleft(reversed(forgotten))
        self.resent += len(forgotten)
        self._taken, self._shaken = kept, False

    @property
    def _key(self) -> str:
        return self.network.key("load", self.mark)

    # ---- looking
    def _look(self) -> None:
        standing_at = 0.0
        try:
            while self._looking.is_set():
                try:
                    self._see()
                    if time.monotonic() >= standing_at:
                        standing_at = time.monotonic() + STANDING_SECONDS
                        self._see_who_is_left()
                except AWAY:
                    self.looks_failed += 1
                    connection.close()
                time.sleep(LOOK_SECONDS)
        finally:
            connection.close()

    def _see(self) -> None:
        with self._lock:
            missing = [one for one, _ in zip(self.unstored, range(watching.CHUNK), strict=False)]
            waiting = list(self.crowd.waiting)
        watching.stored(missing)
        heard = watching.answers(self.network, waiting)
        with self._lock:
            for one in missing:
                if one.stored:
                    self.unstored.pop(one, None)
                    if not self.answers:
                        self.crowd.heard(one.client, time.time())
            for client, at in heard.items():
                self._heard(client, at)

    def _heard(self, client: Client, at: float) -> None:
        for one in client.unanswered:
            one.answered = at if one.at <= at else None
        client.unanswered = [one for one in client.unanswered if one.answered is None]
        self._quiet.pop(client, None)
        self.crowd.heard(client, time.time())

    def _see_who_is_left(self) -> None:
        """A client whose thread is settled without words for them, or a person's now, waits for nothing more."""
        with self._lock:
            waiting = [client for client in self.crowd.waiting if client.conversation_id]
        found = watching.standings(client.conversation_id for client in waiting if client.conversation_id)
        with self._lock:
            for client in waiting:
                standing = found.get(client.conversation_id or 0)
                if standing is None or not standing.settled or client not in self.crowd.waiting:
                    self._quiet.pop(client, None)
                    continue
                self._quiet[client] = self._quiet.get(client, 0) + 1
                if self._quiet[client] >= QUIET_LOOKS:
                    self._quiet.pop(client)
                    self._part(client, attended_by_livia=standing.livia)

    def _part(self, client: Client, *, attended_by_livia: bool) -> None:
        self.silent += 1
        if attended_by_livia:
            self.crowd.heard(client, time.time())
        else:
            self.crowd.leave(client)
