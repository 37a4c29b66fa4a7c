"""What the gateway reports, from its threads: messages and receipts into the spool, changes to whoever applies them."""

import queue
import threading
import time
from dataclasses import replace

import structlog

from crm.core.tracing import trace_new
from whatsapp.gateways import base
from whatsapp.spool import Spool, SpoolFull

log = structlog.get_logger(__name__)

ROOM_SECONDS = 1.0  # between two tries on a full disk
LAST_SECONDS = 5.0  # how long a process that is to end still hopes for room


class Intake:
    """`arrived` rings when something was appended. `heard`, `ignored` and `disk_full` are for the next pulse."""

    def __init__(self, *, spool: Spool, arrived: threading.Event, stopping: threading.Event) -> None:
        self.spool, self.arrived, self.stopping = spool, arrived, stopping
        self.changes: queue.SimpleQueue[base.Change] = queue.SimpleQueue()
        self.heard = self.disk_full = False
        self.counting = threading.Lock()
        self.ignored = 0

    def take(self, event: base.Event) -> None:
        """For a message or a receipt it returns when the record is on disk."""
        self.heard = True
        if isinstance(event, base.MessageArrived | base.ReceiptArrived):
            self._keep(base.to_bytes(replace(event, trace_id=event.trace_id or trace_new())))
            self.arrived.set()
        elif isinstance(event, base.Ignored):
            with self.counting:
                self.ignored += 1
        else:
            self.changes.put(event)

    def _keep(self, record: bytes) -> None:
        """On a full disk it waits: what is in memory is not lost yet."""
        last = 0.0
        while True:
            try:
                self.spool.append(record)
                self.disk_full = False
                return
            except SpoolFull:
                if not self.disk_full:
                    log.critical("spool_full", spool=str(self.spool.path))
                self.disk_full = True
            if self.stopping.wait(ROOM_SECONDS):
                last = last or time.monotonic() + LAST_SECONDS
                if time.monotonic() > last:
                    raise SpoolFull(f"{len(record)} bytes were not kept")
                time.sleep(ROOM_SECONDS / 5)

    def forget_ignored(self, number: int) -> None:
        """So many were written down."""
        with self.counting:
            self.ignored -= number
