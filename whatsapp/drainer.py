"""From the spool to PostgreSQL: records are stored, then the offset moves, so nothing is lost or doubled."""

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection

from conversations.bursts import messages_receive
from conversations.inbound import InboundMessage
from crm.core.clock import now
from crm.core.tracing import span, traced
from crm.logs import told
from whatsapp.gateways.base import MessageArrived, Spooled, from_bytes
from whatsapp.lanes import Lane, Record, lanes, runs
from whatsapp.patience import AWAY, PAUSE_SECONDS, answers
from whatsapp.setaside import event_store, record_keep
from whatsapp.spool import Spool

log = structlog.get_logger(__name__)

BATCH = 2000  # so many that, after an hour without PostgreSQL, each person's messages are stored together
TOGETHER = 50
IDLE_SECONDS = 1.0
RETRY_SECONDS = 0.2

Resolve = Callable[[str], str | None]


class _Waits(Exception):
    """Nothing can be stored now; it stays in the spool."""


class _Held(Exception):
    """This record cannot be stored now, others can: it stays in the spool with what follows it in its lane."""


class Drainer(threading.Thread):
    """The spool's one reader. `wake` rings when something was appended, `stored` once something is in the database.

    `resolve` tells the phone (digits) behind a LID, None where nobody knows.
    """

    def __init__(
        self, *, spool: Spool, inbox_id: int, quarantine: Path, resolve: Resolve = lambda lid: None,
        wake: threading.Event | None = None, stored: threading.Event | None = None,
    ) -> None:  # fmt: skip
        super().__init__(name="drainer", daemon=True)
        self.spool, self.inbox_id, self.quarantine, self.resolve = spool, inbox_id, quarantine, resolve
        self.wake, self.stored = wake or threading.Event(), stored or threading.Event()
        self.finishing = threading.Event()
        self.quarantined = 0
        self.tries: dict[int, int] = {}  # of held records, by their end
        self.waiting_since: datetime | None = None  # since when the first record of the spool is not stored

    def run(self) -> None:
        while True:
            self.wake.clear()
            moved = self._drain_safely()
            if not moved and not self.spool.pending:
                self.spool.forget()
            if self.finishing.is_set() and not self.spool.pending:
                connection.close()
                return
            if not moved and not self.wake.wait(PAUSE_SECONDS if self.spool.pending else IDLE_SECONDS):
                connection.close()  # kept from one message to the next, given back when none comes

    def _drain_safely(self) -> bool:
        try:
            return self.drain()
        except OSError as error:  # a full disk takes no quarantine
            log.critical("spool_not_drained", error=str(error), waiting_bytes=self.spool.pending)
            return False

    def finish(self, seconds: float) -> bool:
        """Store what is left. False if the time did not suffice: it stays in the spool."""
        self.finishing.set()
        self.wake.set()
        self.join(seconds)
        return not self.is_alive()

    def drain(self) -> bool:
        """Store a batch; False when there was nothing, or not all of it could be stored."""
        read = self.spool.read(BATCH)
        done: set[int] = set()
        try:
            records = list(self._decoded(read, done))
            stored = [self._store_lane(lane, done) for lane in lanes(records)]
        except _Waits:
            return False
        finally:
            self._commit([end for end, _raw in read], done)
        return bool(read) and all(stored)

    def _commit(self, ends: Sequence[int], done: set[int]) -> None:
        """Up to the first record that still waits."""
        upto = 0
        for end in ends:
            if end not in done:
                break
            upto = end
        if upto:
            self.spool.commit(upto)
            self.stored.set()
            self.tries = {end: tries for end, tries in self.tries.items() if end > upto}
        if not self.spool.pending:
            self.waiting_since = None
        elif upto or self.waiting_since is None:
            self.waiting_since = now()

    def _decoded(self, read: Sequence[tuple[int, bytes]], done: set[int]) -> Iterator[Record]:
        for end, raw in read:
            try:
                yield Record(end, raw, self._named(from_bytes(raw)))
            except ValueError as error:
                self._set_aside(raw, error)
                done.add(end)

    def _named(self, event: Spooled) -> Spooled:
        """A person known only by a LID gets their phone, where the gateway knows it."""
        if not isinstance(event, MessageArrived) or event.phone or not event.lid:
            return event
        phone = self.resolve(event.lid)
        return replace(event, phone=phone) if phone else event

    # ---- store
    def _store_lane(self, lane: Lane, done: set[int]) -> bool:
        """False if a record of it is held: then what follows waits too, for the order's sake."""
        try:
            for run in runs(lane, TOGETHER):
                self._store_run(run, done)
        except _Held:
            return False
        return True

    def _store_run(self, run: Lane, done: set[int]) -> None:
        """Together where possible, else each alone, so that one bad record does not stop the others."""
        if len(run) > 1:
            try:
                run_store(self.inbox_id, run)
                done.update(record.end for record in run)
                return
            except Exception as error:
                self._wait_if_away(error)
                log.warning("run_not_stored", records=len(run), **told(error))
        for record in run:
            self._store(record)
            done.add(record.end)

    def _store(self, record: Record) -> None:
        for attempt in range(1, settings.WHATSAPP_STORE_TRIES + 1):
            try:
                event_store(self.inbox_id, record.event)
                return
            except Exception as error:  # of whatever kind: one message must not stop all others
                self._wait_if_away(error)
                log.warning("record_not_stored", attempt=attempt, **told(error))
                if isinstance(error, AWAY):
                    return self._hold(record, error)
                if attempt == settings.WHATSAPP_STORE_TRIES:
                    return self._set_aside(record.raw, error)
            time.sleep(RETRY_SECONDS)

    def _wait_if_away(self, error: Exception) -> None:
        """One that answers and yet fails (a limit of its own, a deadlock, a timeout) fails for this record only."""
        if not isinstance(error, AWAY):
            return
        connection.close()
        if not answers(error):
            log.warning("database_away", error=type(error).__name__, waiting_bytes=self.spool.pending)
            raise _Waits from error

    def _hold(self, record: Record, error: Exception) -> None:
        """It may pass: the next tries come with the next batches, and meanwhile others are stored."""
        self.tries[record.end] = tries = self.tries.get(record.end, 0) + 1
        if tries < settings.WHATSAPP_STORE_TRIES:
            raise _Held from error
        self._set_aside(record.raw, error)

    def _set_aside(self, raw: bytes, error: Exception) -> None:
        """Where a person sees it and tries it again; if the database does not even take that, into a file."""
        try:
            record_keep(inbox_id=self.inbox_id, raw=raw, error=type(error).__name__)
        except Exception as refusal:
            log.warning("record_not_kept", **told(refusal))
            self._write_aside(raw)
        self.quarantined += 1
        log.critical("record_quarantined", inbox=self.inbox_id, error=type(error).__name__)

    def _write_aside(self, raw: bytes) -> None:
        """One record a line of hex, readable by nobody else; `manage.py whatsapp requeue` brings them back."""
        fd = os.open(self.quarantine, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(fd, raw.hex().encode() + b"\n")
        finally:
            os.close(fd)


def run_store(inbox_id: int, run: Lane) -> None:
    """A run of messages: all or none."""
    inbounds = [InboundMessage(**vars(record.event)) for record in run]
    newest = inbounds[-1].trace_id
    with traced(newest), span("whatsapp.receive", messages=len(run)):
        messages_receive(inbox_id=inbox_id, inbounds=inbounds)
        log.info("messages_received", inbox=inbox_id, traces=[inbound.trace_id for inbound in inbounds])
