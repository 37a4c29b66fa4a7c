"""The JSON text frames of the wire, made once per language and shared by every line that carries them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

RECHECK = "recheck"  # the kind of an event that says: rights may have changed
FORGOTTEN = "forgotten"  # the kind of an event that says: earlier ones were emptied in the log


class Message:
    """One or several text frames in order, in the forms they travel in."""

    def __init__(self, *texts: str) -> None:
        self.texts = texts

    @cached_property
    def wire(self) -> bytes:
        """As a WebSocket server sends them: unmasked, each in one piece (RFC 6455, section 5.2)."""
        return b"".join(_websocket_frame(text) for text in self.texts)

    @cached_property
    def events(self) -> bytes:
        """As server-sent events; JSON holds no line break of its own."""
        return b"".join(b"data: %b\n\n" % _bytes(text) for text in self.texts)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _websocket_frame(text: str) -> bytes:
    payload = _bytes(text)
    size = len(payload)
    if size < 126:
        return bytes([0x81, size]) + payload
    if size < 1 << 16:
        return b"\x81\x7e" + size.to_bytes(2, "big") + payload
    return b"\x81\x7f" + size.to_bytes(8, "big") + payload


@dataclass(frozen=True)
class Frame:
    """One event as sent: `html` maps a language code to its fragment; without any the region fetches itself. `trace` is
    that of the change."""

    room: str
    seq: int
    kind: str
    object_id: str
    html: dict[str, str]
    trace: str = ""

    @cached_property
    def texts(self) -> dict[str, str]:
        return {code: self._text(html) for code, html in self.html.items()}

    def text(self, language: str) -> str:
        """In a language, else in any; the same markup in every language is one and the same text."""
        return self.texts.get(language) or next(iter(self.texts.values()), None) or _refresh(self.room, self.seq)

    def message(self, language: str) -> Message:
        return Message(self.text(language))

    def _text(self, html: str) -> str:
        trace = {"trace": self.trace} if self.trace else {}
        return _json({"room": self.room, "seq": self.seq, "kind": self.kind, "html": html, **trace})


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _refresh(room: str, seq: int) -> str:
    return _json({"room": room, "seq": seq, "refresh": True})


def refresh(room: str, seq: int) -> Message:
    """The follower is too far behind: fetch the region anew, then follow from `seq`."""
    return Message(_refresh(room, seq))


def denied(rooms: list[str]) -> Message:
    return Message(json.dumps({"denied": rooms}))


def presence(room: str, people: Iterable[dict[str, Any]]) -> Message:
    """Who else is in a room right now. It has no number: the next one says all there is."""
    return Message(_json({"presence": {"room": room, "people": list(people)}}))


def line(name: str) -> Message:
    """By this name a stream's browser speaks of it in what it posts."""
    return Message(_json({"line": name}))


PONG = Message(json.dumps({"pong": 1}))
