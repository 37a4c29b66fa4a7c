"""From the spool to PostgreSQL: each record is stored, then the offset moves, so nothing is lost or doubled."""

import os
import threading
import time
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection

from conversations.inbound import InboundMessage
from conversations.outbox import receipt_apply
from conversations.services import message_receive
from whatsapp.gateways.base import MessageArrived, Spooled, from_bytes
from whatsapp.patience import AWAY, PAUSE_SECONDS
from whatsapp.spool import Spool

log = structlog.get_logger(__name__)

BATCH = 100
IDLE_SECONDS = 1.0
RETRY_SECONDS = 0.2


class Drainer(threading.Thread):
    """The spool's one reader. `wake` rings when something was appended."""

    def __init__(self, *, spool: Spool, inbox_id: int, quarantine: Path) -> None:
        super().__init__(name="drainer", daemon=True)
        self.spool, self.inbox_id, self.quarantine = spool, inbox_id, quarantine
        self.wake = threading.Event()
        self.finishing = threading.Event()
        self.quarantined = 0

    def run(self) -> None:
        while True:
            self.wake.clear()
            moved = self.drain()
            connection.close()
            if self.finishing.is_set() and not self.spool.pending:
                return
            if not moved:
                self.wake.wait(PAUSE_SECONDS if self.spool.pending else IDLE_SECONDS)

    def finish(self, seconds: float) -> bool:
        """Store what is left. False if the time did not suffice: it stays in the spool."""
        self.finishing.set()
        self.wake.set()
        self.join(seconds)
        return not self.is_alive()

    def drain(self) -> bool:
        """Store a batch; False when there was nothing, or the database is away."""
        records = self.spool.read(BATCH)
        for end, raw in records:
            if not self._store(raw):
                return False
            self.spool.commit(end)
        return bool(records)

    def _store(self, raw: bytes) -> bool:
        """True once the record is dealt with: stored, or set aside because it never will be."""
        try:
            event = from_bytes(raw)
        except ValueError as error:
            self._set_aside(raw, error)
            return True
        for attempt in range(1, settings.WHATSAPP_STORE_TRIES + 1):
            try:
                store(self.inbox_id, event)
                return True
            except AWAY as error:
                connection.close()
                log.warning("database_away", error=type(error).__name__, waiting_bytes=self.spool.pending)
                return False
            except Exception as error:  # of whatever kind: one message must not stop all others
                log.warning("record_not_stored", attempt=attempt, error=type(error).__name__, exc_info=True)
                if attempt == settings.WHATSAPP_STORE_TRIES:
                    self._set_aside(raw, error)
            time.sleep(RETRY_SECONDS)
        return True

    def _set_aside(self, raw: bytes, error: Exception) -> None:
        """One record a line of hex, readable by nobody else; `manage.py whatsapp requeue` brings them back."""
        fd = os.open(self.quarantine, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(fd, raw.hex().encode() + b"\n")
        finally:
            os.close(fd)
        self.quarantined += 1
        log.critical("record_quarantined", inbox=self.inbox_id, file=self.quarantine.name, error=type(error).__name__)


def store(inbox_id: int, event: Spooled) -> None:
    """One event into the database; harmless when repeated."""
    if isinstance(event, MessageArrived):
        message_receive(inbox_id=inbox_id, inbound=InboundMessage(**vars(event)))
    else:
        receipt_apply(
            inbox_id=inbox_id,
            chat=event.chat,
            provider_ids=list(event.provider_ids),
            state=event.state,
            at=event.at,
        )
