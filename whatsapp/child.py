"""The one process of a session: the only place that talks to WhatsApp.

    main: signals, lease, orders, changes of state        connect: the gateway's blocking call
    drainer: spool → PostgreSQL                           sender: outbox → gateway

What arrives is on disk before the gateway's callback returns; with PostgreSQL away the spool grows and nothing stops.
"""

import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings
from django.db import connection
from redis import RedisError

from crm.core.clock import now
from whatsapp import attempts, pairing
from whatsapp.bell import OutboxBell
from whatsapp.drainer import Drainer
from whatsapp.gateways import base
from whatsapp.gateways.registry import gateway_class
from whatsapp.lease import lease_release, lease_renew
from whatsapp.models import Session
from whatsapp.patience import AWAY, Interrupted, once, patiently
from whatsapp.report import Report
from whatsapp.sender import Sender
from whatsapp.spool import Spool, SpoolBusy, SpoolFull

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.2
SPOOL_WAIT_SECONDS = 1.0
OK, FAILED, LEASE_LOST = 0, 1, 3


class Child:
    def __init__(self, session_id: int, token: str) -> None:
        self.session_id, self.token = session_id, token
        self.stopping = threading.Event()
        self.orphaned = threading.Event()
        self.connect_over = threading.Event()
        self.changes: queue.SimpleQueue[base.Change] = queue.SimpleQueue()
        self.current: base.Change | None = None
        self.beat_at = time.monotonic()
        self.heard = False
        self.code = OK

    # ---- life
    def run(self) -> int:
        signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's; our runner decides
        threading.Thread(target=self._watch_parent, name="parent", daemon=True).start()
        self._start()
        threading.Thread(target=self._connect, name="connect", daemon=True).start()
        self.drainer.start()
        self.sender.start()
        self.bell.start()
        while not self.stopping.is_set() and not self._over():
            self._apply_changes()
            self._beat()
            self._obey()
            self._mind_pairing()
        return self._shut_down()

    def _start(self) -> None:
        session = patiently(self._register, stop=self.stopping)
        folder = session.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.spool = self._open_spool(folder / "spool")
        self.gateway = gateway_class(session.gateway)(self.session_id, folder, self.on_event)
        self.drainer = Drainer(spool=self.spool, inbox_id=session.inbox_id, quarantine=folder / "quarantine")
        self.sender = Sender(gateway=self.gateway, inbox_id=session.inbox_id, leaving=folder / "leaving")
        self.report = Report(self.session_id, self.token, self.sender)
        self.bell = OutboxBell(inbox_id=session.inbox_id, wake=self.sender.wake, stop=self.stopping)

    def _register(self) -> Session:
        Session.objects.filter(pk=self.session_id, lease_token=self.token).update(child_pid=os.getpid())
        return Session.objects.get(pk=self.session_id)

    def _open_spool(self, path: Any) -> Spool:
        """A child that is still finishing holds the spool for a moment."""
        until = time.monotonic() + settings.WHATSAPP_STOP_GRACE_SECONDS
        while True:
            try:
                return Spool(path)
            except SpoolBusy:
                if time.monotonic() > until or self.stopping.wait(SPOOL_WAIT_SECONDS):
                    raise

    def _connect(self) -> None:
        try:
            self.gateway.connect()
        except base.DialFailed as error:
            self.code = FAILED
            self.changes.put(base.Disconnected(str(error)))
        except Exception:
            self.code = FAILED
            log.exception("gateway_broke", session=self.session_id)
        finally:
            self.connect_over.set()

    def _watch_parent(self) -> None:
        """Our standard input is a pipe nobody writes to: it ends when the runner's process does."""
        while sys.stdin.buffer.read(1):
            pass
        if not self.stopping.is_set():
            log.warning("runner_gone", session=self.session_id)
            self.orphaned.set()
            self.stopping.set()

    def _over(self) -> bool:
        return self.connect_over.is_set() and self.current is None and self.changes.empty()

    def _shut_down(self) -> int:
        """Stop intake, drain, disconnect, close; whatever does not fit into the grace waits in the spool."""
        deadline = time.monotonic() + settings.WHATSAPP_STOP_GRACE_SECONDS

        def left() -> float:
            return max(deadline - time.monotonic(), 0.1)

        if self.code == LEASE_LOST:  # another child may be at work already: leave the line to it
            self.gateway.stop()
            return self.code
        self.sender.stopping.set()
        self.gateway.pause()
        if not self.sender.finish(left()):
            log.warning("sender_left_unfinished", session=self.session_id)
        if not self.drainer.finish(left()):
            log.warning("spool_left_undrained", session=self.session_id, waiting_bytes=self.spool.pending)
        self.gateway.stop()
        if self.orphaned.is_set():
            self._on_database(lambda: lease_release(self.session_id, self.token))
        return self.code

    # ---- what the gateway reports, from its threads
    def on_event(self, event: base.Event) -> None:
        self.heard = True
        if isinstance(event, base.MessageArrived | base.ReceiptArrived):
            self._keep(base.to_bytes(event))
            self.drainer.wake.set()
        else:
            self.changes.put(event)

    def _keep(self, record: bytes) -> None:
        """Returns when the record is on disk. On a full disk it waits: what is in memory is not lost yet."""
        while True:
            try:
                self.spool.append(record)
                return
            except SpoolFull:
                log.critical("spool_full", session=self.session_id)
                if self.stopping.wait(SPOOL_WAIT_SECONDS):
                    raise

    # ---- changes of the connection
    def _apply_changes(self) -> None:
        """Write one change down, and try again at the next turn if the database is away."""
        if self.current is None:
            try:
                self.current = self.changes.get(timeout=TICK_SECONDS)
            except queue.Empty:
                return
        change = self.current
        if self._on_database(lambda: self.report.apply(change)):
            self.current = None
        else:
            self.stopping.wait(1)

    def _mind_pairing(self) -> None:
        if self.report.pairing_overdue():
            given_up = self._on_database(
                lambda: attempts.pairing_given_up(session_id=self.session_id, token=self.token)
            )
            if given_up:
                self.stopping.set()

    # ---- lease and orders
    def _beat(self) -> None:
        if time.monotonic() - self.beat_at < settings.WHATSAPP_LEASE_RENEW_SECONDS:
            return
        self.beat_at = time.monotonic()
        try:
            ours = once(self._renew)
        except AWAY:
            return
        if not ours:
            log.error("lease_lost", session=self.session_id)
            self.code = LEASE_LOST
            self.stopping.set()

    def _renew(self) -> bool:
        ours = lease_renew(self.session_id, self.token)
        if ours and self.heard:
            self.heard = False
            Session.objects.filter(pk=self.session_id, lease_token=self.token).update(last_event_at=now())
        return ours

    def _obey(self) -> None:
        try:
            order = pairing.order_take(self.session_id)
            if order and order["do"] == "log_out":
                self.gateway.log_out()
            elif order and order["do"] == "pair_code":
                self.on_event(base.CodeShown(self.gateway.pair_code(order["phone"])))
        except RedisError:
            return
        except Exception:
            log.exception("order_failed", session=self.session_id)

    # ---- servers that may be away
    def _on_database(self, call: Callable[[], object]) -> bool:
        try:
            once(call)
            return True
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            return False


def main(session_id: int, token: str) -> None:
    """Runs the child and leaves without unwinding: a gateway's own threads may be stuck in foreign code."""
    code = FAILED
    try:
        code = Child(session_id, token).run()
    except Interrupted:
        log.info("child_interrupted", session=session_id)
    except Exception:
        log.exception("child_broke", session=session_id)
    finally:
        with suppress(Exception):
            connection.close()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)
