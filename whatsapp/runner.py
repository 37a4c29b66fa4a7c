"""Runs one session: holds its lease, keeps its child process alive, and knows when to leave it alone."""

import os
import socket
import subprocess
import sys
import threading
import time
from datetime import timedelta
from enum import StrEnum

import structlog
from django.conf import settings

from crm.core.clock import now
from whatsapp import policy
from whatsapp.attempts import attempt_begin, attempt_ended
from whatsapp.lease import lease_release, lease_renew, lease_take
from whatsapp.models import Session
from whatsapp.patience import AWAY, Interrupted, once, patiently
from whatsapp.services import session_move
from whatsapp.states import State

log = structlog.get_logger(__name__)

LOOK_SECONDS = 1.0
_ON_THE_WAY = (State.STARTING, State.PAIRING, State.RECONNECTING)  # nobody is asked for anything; it should not last
TOKEN_VARIABLE = "WHATSAPP_LEASE_TOKEN"
RECYCLED = 4  # the exit code of a child that grew too large


class Why(StrEnum):
    """Why watching a child ended."""

    EXITED = "exited"
    STOPPING = "stopping"
    UNWANTED = "unwanted"
    LOST = "lost"
    STUCK = "stuck"


def run(session_id: int, stop: threading.Event) -> None:
    """Run the session until it ends, is not wanted, or `stop` is set. Returns at once if another runs it."""
    owner = f"{socket.gethostname()}:{os.getpid()}"
    token = once(lambda: lease_take(session_id, owner))
    if token is None:
        return
    try:
        Runner(session_id, token, stop).run()
    except Interrupted:
        log.info("runner_interrupted", session=session_id)
    finally:
        _release(session_id, token)


def _release(session_id: int, token: str) -> None:
    try:
        once(lambda: lease_release(session_id, token))
    except AWAY:
        log.warning("lease_left_to_expire", session=session_id)


class Runner:
    def __init__(self, session_id: int, token: str, stop: threading.Event) -> None:
        self.session_id, self.token, self.stop = session_id, token, stop
        self.renewed = time.monotonic()
        self.began = now()  # the child that runs now
        self.recycled_at: float | None = None

    def run(self) -> None:
        while patiently(lambda: attempt_begin(session_id=self.session_id, token=self.token), stop=self.stop):
            child = spawn(self.session_id, self.token)
            try:
                why = self.watch(child)
            finally:
                code = end(child)
            delay = self.after(why, code)
            if delay is None or not self.rest(delay):
                return

    def watch(self, child: subprocess.Popen[bytes]) -> Why:
        """Wait for a reason to end the child, or for its own end."""
        self.began = now()
        while True:
            try:
                child.wait(LOOK_SECONDS)
                return Why.EXITED
            except subprocess.TimeoutExpired:
                pass
            if self.stop.is_set():
                return Why.STOPPING
            if why := self.look():
                return why

    def look(self) -> Why | None:
        """Renew the lease, and see what the row says. With the database away the child goes on."""
        try:
            return once(self._look)
        except AWAY:
            return None

    def _look(self) -> Why | None:
        if time.monotonic() - self.renewed >= settings.WHATSAPP_LEASE_RENEW_SECONDS:
            if not lease_renew(self.session_id, self.token):
                return Why.LOST
            self.renewed = time.monotonic()
        row = (
            Session.objects.filter(pk=self.session_id)
            .values("lease_token", "wanted", "state", "state_changed_at")
            .first()
        )
        if row is None or row["lease_token"] != self.token:
            return Why.LOST
        if not row["wanted"]:
            return Why.UNWANTED
        limit = timedelta(seconds=settings.WHATSAPP_RECONNECT_LIMIT_SECONDS)
        stuck = row["state"] in _ON_THE_WAY and max(row["state_changed_at"], self.began) < now() - limit
        return Why.STUCK if stuck else None

    def after(self, why: Why, code: int) -> float | None:
        """Write down what the end means; seconds until the next attempt, None for no further one."""
        log.info("child_ended", session=self.session_id, why=why, code=code)
        if why is Why.LOST:
            return None
        if why is Why.EXITED and code == RECYCLED:
            return self._recycle()
        if why in (Why.STOPPING, Why.UNWANTED):
            reason = "asked" if why is Why.UNWANTED else "server stopping"
            self._settle(reason)
            return None
        reason = "no connection for too long" if why is Why.STUCK else f"process ended ({code})"
        return patiently(
            lambda: attempt_ended(session_id=self.session_id, token=self.token, reason=reason), stop=self.stop
        )

    def _recycle(self) -> float:
        """It had grown too large and ended by itself: no failure, so it starts again at once."""
        patiently(
            lambda: session_move(
                session_id=self.session_id, to=State.RECONNECTING, reason="memory recycled", token=self.token
            ),
            stop=self.stop,
        )
        at, last = time.monotonic(), self.recycled_at
        self.recycled_at = at
        return policy.recycle_delay(None if last is None else at - last)

    def _settle(self, reason: str) -> None:
        try:
            once(lambda: session_move(session_id=self.session_id, to=State.STOPPED, reason=reason, token=self.token))
        except AWAY:
            log.warning("state_left_to_supervisor", session=self.session_id)

    def rest(self, seconds: float) -> bool:
        """Wait between two attempts; False when there is to be none."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.stop.wait(min(LOOK_SECONDS, max(until - time.monotonic(), 0))):
                self._settle("server stopping")
                return False
            why = self.look()
            if why is Why.UNWANTED:
                self._settle("asked")
            if why in (Why.UNWANTED, Why.LOST):
                return False
        return True


def spawn(session_id: int, token: str) -> subprocess.Popen[bytes]:
    """Start the child: a new program, never a fork. Its standard input closes with us, which ends it too."""
    return subprocess.Popen(
        [sys.executable, str(settings.BASE_DIR / "manage.py"), "whatsapp_session", str(session_id)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,  # the library prints there; our logs go to standard error
        cwd=settings.BASE_DIR,
        env={**os.environ, TOKEN_VARIABLE: token, "NEONIZE_BOT_TAG": "off"},
        start_new_session=True,
    )


def end(child: subprocess.Popen[bytes]) -> int:
    """Ask the child to stop, wait out its grace, then insist. Returns its exit code."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(settings.WHATSAPP_STOP_GRACE_SECONDS + 2)
        except subprocess.TimeoutExpired:
            log.error("child_killed", pid=child.pid)
            child.kill()
    code = child.wait()
    if child.stdin:
        child.stdin.close()
    return code
