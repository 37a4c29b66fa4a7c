"""WhatsApp without a phone: the same calls and the same events as the real thing, over the simulated network."""

import json
import threading
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
import structlog

from crm.core.clock import now
from whatsapp.gateways import base
from whatsapp.gateways.base import DownloadFailed, Event, Left, Media, Quoted, SendFailed, Sent
from whatsapp.simulator.line import SessionLine

log = structlog.get_logger(__name__)

QR_SECONDS = 20.0
FIRST_QR_SECONDS = 60.0
POLL = 0.2
REDIS_PAUSE = 1.0


class SimulatorGateway:
    """Keeps a credential in the session's folder, as the real library keeps its store."""

    def __init__(self, session_id: int, folder: Path, on_event: Callable[[Event], None]) -> None:
        self.line = SessionLine(session_id)
        self.store = folder / "simulator.json"
        self.on_event = on_event
        self.stopping = threading.Event()
        self.paused = threading.Event()
        self.taking = threading.Lock()
        self.up = False
        self._credential()

    # ---- life
    def connect(self) -> None:
        try:
            self._dial()
        except redis.RedisError as error:
            raise base.DialFailed(f"no network: {error}") from error
        while not self.stopping.is_set():
            try:
                if self._ended() or not self._step():
                    return
            except redis.RedisError as error:
                self._fell(f"no network: {error}")
                self.stopping.wait(REDIS_PAUSE)

    def pause(self) -> None:
        self.paused.set()
        with self.taking:
            pass

    def stop(self) -> None:
        self.paused.set()
        self.stopping.set()

    def log_out(self) -> None:
        self.line.unlink()

    def _dial(self) -> None:
        if self.line.server().get("line") == "down":
            raise base.DialFailed("no network")
        self.line.open()

    def _step(self) -> bool:
        """One turn of the loop; False when the session is over."""
        server = self.line.server()
        if server.get("line") == "down":
            self._fell("line dropped")
            self.stopping.wait(POLL)
            return True
        if not self._credential():
            return self._pair()
        if not self.up:
            self._rose()
        self._take(again=False)
        return True

    def _ended(self) -> bool:
        """Reports the end the network decided on, if it did."""
        server = self.line.server()
        credential = self._credential()
        event: Event | None = None
        if server.get("outdated"):
            event = base.Outdated("client outdated")
        elif until := self._banned(server):
            event = base.Banned(until, "temporary ban")
        elif server.get("replaced") and credential:
            self.line.consume("replaced")
            event = base.Replaced("stream replaced")
        elif credential and server.get("device") != credential:
            self.store.unlink(missing_ok=True)
            event = base.LoggedOut("device removed")
        if event:
            self.up = False
            self.on_event(event)
        return event is not None

    @staticmethod
    def _banned(server: dict[str, str]) -> datetime | None:
        until = datetime.fromisoformat(server["banned_until"]) if server.get("banned_until") else None
        return until if until and until > now() else None

    def _rose(self) -> None:
        self.up = True
        self.on_event(base.Connected(self.line.own_jid, self.line.own_phone))
        while self._take(again=True):
            pass

    def _fell(self, reason: str) -> None:
        if self.up:
            self.up = False
            self.on_event(base.Disconnected(reason))

    # ---- pairing
    def _pair(self) -> bool:
        self.line.consume("accepted")
        seconds = FIRST_QR_SECONDS
        while not self.stopping.is_set() and not self._ended():
            content = self.line.offer_qr(seconds)
            self.on_event(base.QrShown(content, seconds))
            if self._accepted(content, seconds):
                self._save(self.line.link())
                self.on_event(base.Paired(self.line.own_jid, self.line.own_phone))
                return True
            seconds = QR_SECONDS
        return False

    def _accepted(self, content: str, seconds: float) -> bool:
        until = time.monotonic() + seconds
        while time.monotonic() < until and not self.stopping.wait(POLL):
            server = self.line.server()
            if server.get("accepted"):
                return True
            if server.get("outdated") or server.get("banned_until"):
                return False
        return False

    def adopt(self) -> None:
        """Be paired without anybody looking at a QR code: for demo data."""
        self._save(self.line.link())

    def pair_code(self, phone: str) -> str:
        return self.line.offer_code(FIRST_QR_SECONDS * 2)

    def _credential(self) -> str:
        try:
            return json.loads(self.store.read_text())["device"]
        except FileNotFoundError:
            return ""
        except (ValueError, KeyError, TypeError) as error:
            raise base.StoreCorrupt(self.store.name) from error

    def _save(self, device: str) -> None:
        """Whole or not at all: a torn credential would mean pairing again."""
        draft = self.store.with_suffix(".new")
        draft.write_text(json.dumps({"device": device}))
        draft.chmod(0o600)
        draft.replace(self.store)

    # ---- inbound
    def _take(self, *, again: bool) -> int:
        """Reports what the phones sent; acknowledged only after the callback, which returns when it is on disk."""
        if self.paused.is_set():
            self.stopping.wait(POLL)
            return 0
        entries = self.line.take(again=again, wait=POLL)
        with self.taking:
            if self.paused.is_set() or not entries:
                return 0
            for _, raw in entries:
                if raw:
                    self.on_event(base.from_bytes(raw))
            self.line.acknowledge([entry for entry, _ in entries])
        return len(entries)

    # ---- outbound
    def send_text(self, chat: str, text: str) -> Sent:
        return self._send(chat, text)

    def reply(self, chat: str, text: str, quoted: Quoted) -> Sent:
        return self._send(chat, text, quoted=quoted.provider_id)

    def send_media(self, chat: str, media: Media, caption: str = "", quoted: Quoted | None = None) -> Sent:
        return self._send(chat, caption, media=media, quoted=quoted.provider_id if quoted else "")

    def react(self, chat: str, emoji: str, target: Quoted) -> Sent:
        return self._ask(lambda: self.line.react(chat, emoji, target.provider_id))

    def _send(self, chat: str, text: str, **extra: Any) -> Sent:
        return self._ask(lambda: self.line.deliver(chat, text, **extra))

    def _ask(self, send: Callable[[], Sent]) -> Sent:
        if not self.up:
            raise SendFailed("not_connected", left=Left.NO)
        try:
            return send()
        except redis.RedisError as error:
            raise SendFailed("timeout", type(error).__name__, left=Left.PERHAPS) from error

    def typing(self, chat: str, on: bool) -> None:
        self.line.show_typing(chat, on)

    def mark_read(self, chat: str, provider_ids: list[str]) -> None:
        self.line.show_read(chat, provider_ids)

    def number_check(self, phone: str) -> str | None:
        return self.line.exists(phone)

    def phone_of(self, lid: str) -> str | None:
        return None  # the simulated network names the phone with each message

    def download(self, media: dict[str, Any]) -> bytes:
        try:
            return self.line.media(media["ref"])
        except redis.RedisError as error:
            raise DownloadFailed(type(error).__name__) from error
        except LookupError as error:
            raise DownloadFailed("not on the network", gone=True) from error
