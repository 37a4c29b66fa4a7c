"""One number on WhatsApp: its connection, followed by events. Asking the library how things are may block for a minute
while the other side says nothing."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings

from crm.core.clock import now
from whatsapp.gateways import base
from whatsapp.gateways.neonize import addresses, inbound, store
from whatsapp.gateways.neonize.calls import Calls
from whatsapp.gateways.neonize.library import DeviceProps, NewClient, ProxySettings, enum, events, proto
from whatsapp.gateways.neonize.presence import Presence
from whatsapp.gateways.neonize.relay import relay_for
from whatsapp.patience import within

log = structlog.get_logger(__name__)

QR_SECONDS, FIRST_QR_SECONDS, QR_CODES = 20.0, 60.0, 6  # how long WhatsApp accepts a code, and how many it gives
# What does not come within this means that the line fell, unreported: the next code, or the line after the pairing.
QR_LATE_SECONDS, PAIRED_LATE_SECONDS = 5.0, 20.0
UNTOLD_BAN = timedelta(hours=1)
SILENCE_SECONDS = 0.5  # after the line is closed: nothing reported for this long means nothing is left to report
QUIET_SECONDS = 0.005  # without a handler at work: nothing was waiting for its turn
FLOOD_SECONDS = 5.0
SILENT_PINGS = 3  # unanswered ones before the line counts as fallen
CALL_SECONDS, ASK_SECONDS = 5.0, 20.0  # what a call may take that says goodbye, and one that asks for something
# 403 and 406 on signing in; WhatsApp's web client calls them "locked" and "banned".
_LOGOUTS = {
    proto.ConnectFailureReason.MAIN_DEVICE_GONE: "account locked",
    proto.ConnectFailureReason.UNKNOWN_LOGOUT: "account banned",
}


class NeonizeGateway(Calls):
    def __init__(self, session_id: int, folder: Path, on_event: Callable[[base.Event], None]) -> None:
        self.on_event = on_event
        self.store = folder / store.NAME
        self.watched = store.prepare(self.store)
        props = DeviceProps(os=settings.WHATSAPP_DEVICE_NAME, platformType=DeviceProps.DESKTOP)
        self.client = NewClient(str(self.store), props=props, uuid=f"session-{session_id}")
        self.presence = Presence(self._show_presence)
        self.over = threading.Event()  # ended or stopped: `connect` returns
        self.up = False
        self.was_up = False
        self.qr_shown, self.paired, self.next_by = 0, False, 0.0
        self.heard_at = time.monotonic()
        self.handlers = 0  # at work now
        self.counting = threading.Lock()
        self.broken = False  # something was not put on disk
        self.drained = False  # after `pause`: nothing is left that would have to come again
        self.relay = relay_for(self._busy)
        self._listen()

    # ---- life
    def connect(self) -> None:
        failed: list[Exception] = []
        dialling = threading.Thread(target=self._dial, args=[failed], name="neonize", daemon=True)
        dialling.start()
        while dialling.is_alive() and not self.over.wait(0.2):
            if self._overdue():
                failed.append(TimeoutError())
                break
        ended = self.over.is_set()
        self.stop()  # even where the call has returned: the line may still be up and acknowledge what nobody hears
        if failed and not ended:
            self._broke(failed[0])

    def _dial(self, failed: list[Exception]) -> None:
        try:
            self.client.connect(ProxySettings(self.relay.url, no_media=True) if self.relay else None)
        except Exception as error:
            failed.append(error)

    def _broke(self, error: Exception) -> None:
        """The library gives up where it meets a code it does not know. Raises DialFailed for what may pass."""
        words = str(error)
        if "TemporaryBan" in words:
            self.on_event(base.Banned(now() + UNTOLD_BAN, "temporary ban"))
        elif "ConnectFailure" in words:
            self.on_event(base.ConnectFailed("connect failure"))
        else:
            reason = "unknown receipt" if "Receipt" in words else f"no network ({type(error).__name__})"
            raise base.DialFailed(reason) from error

    def _overdue(self) -> bool:
        """While a phone is being paired the library does not report that the line fell."""
        waiting = self.qr_shown > 0 and not self.was_up and (self.paired or self.qr_shown < QR_CODES)
        return waiting and time.monotonic() > self.next_by

    def pause(self) -> None:
        """Closes the line, and returns once what the library still held has been reported."""
        if self.was_up:
            _goodbye(self.client.disconnect)
            self.heard_at = time.monotonic()
            while time.monotonic() - self.heard_at < SILENCE_SECONDS:
                time.sleep(SILENCE_SECONDS / 10)
            self.drained = self.handlers == 0 and not self.broken
        self.up = False

    def stop(self) -> None:
        self.up = False
        self.over.set()
        self.presence.forget()
        _goodbye(self.client.stop)
        if self.drained:
            store.settled(self.store)

    def log_out(self) -> None:
        if self.up:
            within(ASK_SECONDS, self.client.logout)
            self._end(base.LoggedOut("asked"))

    def pair_code(self, phone: str) -> str:
        return within(ASK_SECONDS, lambda: self.client.PairPhone(f"+{phone}", True, client_type=enum.ClientType.CHROME))

    # ---- what WhatsApp reports, on the library's threads
    def _listen(self) -> None:
        def on(kind: Any, react: Callable[[Any], None]) -> None:
            self.client.event(kind)(lambda _client, event: self._guard(react, event))

        self.client.event.qr(lambda _client, content: self._guard(self._qr, content))
        on(events.MessageEv, self._message)
        on(events.UndecryptableMessageEv, lambda event: self._report(inbound.unreadable(event)))
        on(events.ReceiptEv, lambda event: self._report(inbound.receipt(event)))
        on(events.PairStatusEv, self._pair_status)
        on(events.ConnectedEv, lambda _event: self._connected())
        on(events.DisconnectedEv, lambda _event: self._fell("line dropped"))
        on(events.KeepAliveTimeoutEv, lambda event: event.ErrorCount >= SILENT_PINGS and self._fell("no answer"))
        on(events.KeepAliveRestoredEv, lambda _event: self.up or self._connected())
        on(events.LoggedOutEv, lambda event: self._end(base.LoggedOut(_LOGOUTS.get(event.Reason, "device removed"))))
        on(events.TemporaryBanEv, self._banned)
        on(events.ClientOutdatedEv, lambda _event: self._end(base.Outdated("client outdated")))
        on(events.StreamReplacedEv, lambda _event: self._end(base.Replaced("stream replaced")))
        on(events.ConnectFailureEv, lambda event: self._end(base.ConnectFailed(_refusal(event))))

    def _guard(self, react: Callable[[Any], Any], event: Any) -> None:
        """An exception would vanish in the library; nothing may go wrong unseen."""
        with self.counting:
            self.handlers += 1
        try:
            react(event)
        except Exception:
            log.exception("event_not_reported", kind=type(event).__name__)
        self.heard_at = time.monotonic()
        with self.counting:
            self.handlers -= 1

    def _busy(self, held: float) -> bool:
        """Something that came in may not be on disk yet, or could not be put there: it must come again.

        In a flood there is no pause between handlers; after seconds of it, what is held back confirms the past."""
        if self.broken:
            return True
        since = time.monotonic() - self.heard_at
        quiet = self.handlers == 0 and since >= QUIET_SECONDS
        flooded = held > FLOOD_SECONDS and since < QUIET_SECONDS
        return not (quiet or flooded)

    def _message(self, event: events.MessageEv) -> None:
        """One we cannot make sense of is kept as such: it would make no more sense when it came again."""
        try:
            arrived = inbound.message(event)
        except Exception:
            log.exception("message_not_understood")
            arrived = inbound.unknown(event)
        self._report(arrived)

    def _report(self, event: base.Event | None) -> None:
        if event is None:
            return
        try:
            self.on_event(event)
        except Exception:
            self.broken = True  # nothing is confirmed any more; the next process gets it again
            self.over.set()
            raise

    def _qr(self, content: bytes) -> None:
        self.qr_shown += 1
        seconds = FIRST_QR_SECONDS if self.qr_shown == 1 else QR_SECONDS
        self.next_by = time.monotonic() + seconds + QR_LATE_SECONDS
        self.on_event(base.QrShown(content.decode(), seconds))

    def _pair_status(self, event: events.PairStatusEv) -> None:
        if event.Error:
            log.warning("pairing_refused", error=event.Error[:100])
            return
        self.paired, self.next_by = True, time.monotonic() + PAIRED_LATE_SECONDS
        self.on_event(base.Paired(addresses.text(event.ID), event.ID.User))

    def _connected(self) -> None:
        self.client.set_force_activate_delivery_receipts(True)  # else clients never see the second tick
        self.me = self.client.get_me()
        if not self.watched:
            self.watched = True
            threading.Thread(target=store.watch, args=[self.store], daemon=True).start()
        self.up = self.was_up = True
        self.on_event(base.Connected(addresses.text(self.me.JID), self.me.JID.User))

    def _fell(self, reason: str) -> None:
        """Also said of a paired line that never came up; while a phone is being paired the library dials by itself."""
        self.presence.forget()
        if self.up or not self.qr_shown:
            self.up = False
            self.on_event(base.Disconnected(reason))

    def _banned(self, event: events.TemporaryBanEv) -> None:
        self._end(base.Banned(now() + timedelta(seconds=event.Expire), "temporary ban"))

    def _end(self, event: base.Change) -> None:
        """The first ending counts; `connect` returns."""
        self.up = False
        if not self.over.is_set():
            self.on_event(event)
            self.over.set()


def _refusal(event: events.ConnectFailureEv) -> str:
    return f"connect failure ({proto.ConnectFailureReason.Name(event.Reason).lower()})"


def _goodbye(call: Callable[[], object]) -> None:
    """Give a call that only says goodbye a short time, then go on without it."""
    with suppress(Exception):
        within(CALL_SECONDS, call)
