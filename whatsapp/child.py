"""The one process of a session: the only place that talks to WhatsApp.

    main: signals, lease, orders, changes of state        connect: the gateway's blocking call
    drainer: spool → PostgreSQL                           sender: outbox → gateway
    chores: number checks, ticks for what was read, files

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

from crm.logs import told
from whatsapp import attempts, pairing, store
from whatsapp.bell import OutboxBell
from whatsapp.chores import Chores
from whatsapp.drainer import Drainer
from whatsapp.gateways import base
from whatsapp.gateways.registry import gateway_class
from whatsapp.incidents import disk_noted
from whatsapp.intake import Intake
from whatsapp.lease import lease_held, lease_release, lease_renew
from whatsapp.models import Session
from whatsapp.numbers import Numbers
from whatsapp.patience import AWAY, Interrupted, once, patiently
from whatsapp.pulse import Pulse
from whatsapp.report import Report
from whatsapp.runner import RECYCLED
from whatsapp.sender import Sender
from whatsapp.services import session_move
from whatsapp.spool import Spool, SpoolBusy
from whatsapp.states import State

log = structlog.get_logger(__name__)

TICK_SECONDS = 0.2
SPOOL_WAIT_SECONDS = 1.0
SEND_SECONDS = 10.0  # at the end: for the message that is just leaving
OK, FAILED, LEASE_LOST = 0, 1, 3


class Child:
    def __init__(self, session_id: int, token: str) -> None:
        self.session_id, self.token = session_id, token
        self.stopping = threading.Event()
        self.orphaned = threading.Event()
        self.connect_over = threading.Event()
        self.current: base.Change | None = None
        self.beat_at = time.monotonic()
        self.disk_told: bool | None = None
        self.code = OK

    # ---- life
    def run(self) -> int:
        signal.signal(signal.SIGTERM, lambda *_: self.stopping.set())
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # the terminal's; our runner decides
        threading.Thread(target=self._watch_parent, name="parent", daemon=True).start()
        try:
            self._start()
        except base.StoreCorrupt as error:
            return self._give_up_store(error)
        threading.Thread(target=self._connect, name="connect", daemon=True).start()
        for thread in (self.drainer, self.sender, self.chores, self.bell):
            thread.start()
        while not self.stopping.is_set() and not self._over():
            self._apply_changes()
            self._beat()
            self._mind_disk()
            self._obey()
            self._mind_pairing()
            self._mind_threads()
        return self._shut_down()

    def _start(self) -> None:
        session = patiently(self._register, stop=self.stopping)
        self.folder = folder = session.folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self.spool = self._open_spool(folder / "spool")
        arrived = threading.Event()
        self.intake = Intake(spool=self.spool, arrived=arrived, stopping=self.stopping)
        self.gateway = gateway = gateway_class(session.gateway)(self.session_id, folder, self.intake.take)
        numbers = Numbers(gateway=gateway, stop=threading.Event())
        self.sender = Sender(
            gateway=gateway, inbox_id=session.inbox_id, leaving=folder / "leaving", numbers=numbers,
            held=lambda: self.intake.disk_full, ours=lambda: lease_held(self.session_id, self.token),
        )  # fmt: skip
        self.chores = Chores(gateway=gateway, inbox_id=session.inbox_id, numbers=numbers, online=self.sender.online)
        self.drainer = Drainer(
            spool=self.spool, inbox_id=session.inbox_id, quarantine=folder / "quarantine", wake=arrived,
            stored=self.chores.wake, resolve=gateway.phone_of,
        )  # fmt: skip
        self.pulse = Pulse(session_id=self.session_id, token=self.token, intake=self.intake, drainer=self.drainer)
        self.report = Report(self.session_id, self.token, self.sender)
        rings = (self.sender.wake, self.chores.wake)
        self.bell = OutboxBell(inbox_id=session.inbox_id, wake=rings, stop=self.stopping)

    def _give_up_store(self, error: Exception) -> int:
        """Nobody can read the credentials: the phone is paired again. Messages in the spool stay."""
        aside = store.set_aside(self.folder)
        log.critical("store_corrupt", session=self.session_id, error=str(error), aside=aside.name)
        patiently(
            lambda: session_move(
                session_id=self.session_id, to=State.LOGGED_OUT, reason="store corrupt", token=self.token
            ),
            stop=self.stopping,
        )
        return OK

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
            self.intake.changes.put(base.Disconnected(str(error)))
        except base.StoreCorrupt as error:
            aside = store.set_aside(self.folder)
            log.critical("store_corrupt", session=self.session_id, error=str(error), aside=aside.name)
            self.intake.changes.put(base.LoggedOut("store corrupt"))
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
        return self.connect_over.is_set() and self.current is None and self.intake.changes.empty()

    def _shut_down(self) -> int:
        """The last message leaves, intake stops, drain, close; what does not fit into the grace waits in the spool."""
        deadline = time.monotonic() + settings.WHATSAPP_STOP_GRACE_SECONDS

        def left() -> float:
            return max(deadline - time.monotonic(), 0.1)

        if self.code == LEASE_LOST:  # another child may be at work already: leave the line to it
            self.gateway.stop()
            return self.code
        self.sender.stopping.set()
        self.chores.stopping.set()
        if not self.sender.finish(min(left() / 2, SEND_SECONDS)):  # while the line is up: its answer may be near
            log.warning("sender_left_unfinished", session=self.session_id)
        self.gateway.pause()
        if not self.drainer.finish(left()):
            log.warning("spool_left_undrained", session=self.session_id, waiting_bytes=self.spool.pending)
        self.gateway.stop()
        self._on_database(self.pulse.beat)
        if self.orphaned.is_set():
            self._on_database(lambda: lease_release(self.session_id, self.token))
        return self.code

    # ---- changes of the connection
    def _apply_changes(self) -> None:
        """Write one change down, and try again at the next turn if the database is away."""
        if self.current is None:
            try:
                self.current = self.intake.changes.get(timeout=TICK_SECONDS)
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

    def _mind_disk(self) -> None:
        full = self.intake.disk_full
        if full != self.disk_told and self._on_database(
            lambda: disk_noted(session_id=self.session_id, token=self.token, full=full)
        ):
            self.disk_told = full

    def _mind_threads(self) -> None:
        """Neither ends before we do; a session that only half works starts anew."""
        if not (self.drainer.is_alive() and self.sender.is_alive()) and not self.stopping.is_set():
            log.critical("thread_ended", session=self.session_id)
            self.code = FAILED
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
        if not lease_renew(self.session_id, self.token):
            return False
        memory = self.pulse.beat()
        if memory > settings.WHATSAPP_RECYCLE_MEMORY_MB:
            log.warning("memory_recycled", session=self.session_id, memory_mb=memory)
            self.code = RECYCLED
            self.stopping.set()
        return True

    def _obey(self) -> None:
        try:
            order = pairing.order_take(self.session_id)
            if order and order["do"] == "log_out":
                self.gateway.log_out()
            elif order and order["do"] == "pair_code":
                self.intake.take(base.CodeShown(self.gateway.pair_code(order["phone"])))
        except RedisError:
            return
        except Exception as error:
            log.error("order_failed", session=self.session_id, **told(error))

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
