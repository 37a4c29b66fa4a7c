"""What the gateway reports about its connection, written down: the session's state, and the codes for pairing."""

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from redis import RedisError

from crm.core.clock import now
from whatsapp import attempts, pairing
from whatsapp.gateways import base
from whatsapp.sender import Sender
from whatsapp.services import session_move
from whatsapp.states import State

log = structlog.get_logger(__name__)


class Report:
    """May be asked to apply the same change again, after the database was away in the middle of it."""

    def __init__(self, session_id: int, token: str, sender: Sender) -> None:
        self.session_id, self.token, self.sender = session_id, token, sender
        self.pairing_until = 0.0
        self.by_code = False

    def apply(self, change: base.Change) -> None:
        match change:
            case base.QrShown(content, seconds) if self.by_code:  # the code stays on the page
                self._on_redis(lambda: pairing.qr_put(self.session_id, content, seconds))
            case base.QrShown(content, seconds):
                self._show_pairing(State.AWAITING_QR, lambda: pairing.qr_put(self.session_id, content, seconds))
            case base.CodeShown(code):
                self.by_code = True
                seconds = self.pairing_until - time.monotonic()
                self._show_pairing(State.AWAITING_CODE, lambda: pairing.code_put(self.session_id, code, seconds))
            case base.Paired():
                self._paired()
                self._move(State.PAIRING)
            case base.Connected(jid, phone):
                self._paired()
                attempts.session_online(session_id=self.session_id, token=self.token, jid=jid, phone=phone)
                self.sender.online.set()
                self.sender.wake.set()
            case base.Disconnected(reason):
                self.sender.online.clear()
                self._move(State.RECONNECTING, reason)
            case _:
                self.sender.online.clear()
                self._ended(change)

    def _ended(self, change: base.Change) -> None:
        match change:
            case base.LoggedOut(reason):
                self._move(State.LOGGED_OUT, reason)
            case base.Banned(until, reason):
                session_move(
                    session_id=self.session_id, to=State.TEMP_BANNED, reason=reason, until=until, token=self.token
                )
            case base.Replaced(reason):
                self._move(State.CONFLICT, reason)
            case base.Outdated(reason):
                self._move(State.OUTDATED, reason)
            case base.ConnectFailed(reason):
                self._move(State.FAILED, reason)

    def _move(self, to: State, reason: str = "") -> None:
        session_move(session_id=self.session_id, to=to, reason=reason, token=self.token)

    # ---- pairing
    def _show_pairing(self, by: State, put: Callable[[], None]) -> None:
        if not self.pairing_until:
            self.pairing_until = time.monotonic() + settings.WHATSAPP_PAIRING_SECONDS
        self._on_redis(put)
        until = now() + timedelta(seconds=self.pairing_until - time.monotonic())
        attempts.pairing_shown(session_id=self.session_id, token=self.token, until=until, by=by)

    def _paired(self) -> None:
        self.pairing_until, self.by_code = 0.0, False
        self._on_redis(lambda: pairing.pairing_forget(self.session_id))

    def pairing_overdue(self) -> bool:
        return bool(self.pairing_until) and time.monotonic() > self.pairing_until

    def _on_redis(self, call: Callable[[], None]) -> None:
        try:
            call()
        except RedisError as error:
            log.warning("redis_away", error=type(error).__name__)
