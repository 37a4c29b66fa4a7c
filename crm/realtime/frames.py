"""The JSON text frames of the wire, made once per language and shared by every socket."""

import json
from dataclasses import dataclass
from functools import cached_property

RECHECK = "recheck"  # the kind of an event that says: rights may have changed


class Message:
    """One text frame: as text for any ASGI server, and as the bytes of a WebSocket for a transport."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def wire(self) -> bytes:
        """Unmasked and in one piece, as a server sends it (RFC 6455, section 5.2)."""
        payload = self.text.encode("utf-8", "replace")
        size = len(payload)
        if size < 126:
            return bytes([0x81, size]) + payload
        if size < 1 << 16:
            return b"\x81\x7e" + size.to_bytes(2, "big") + payload
        return b"\x81\x7f" + size.to_bytes(8, "big") + payload


@dataclass(frozen=True)
class Frame:
    """One event as sent: `html` maps a language code to its fragment; without any the region fetches itself."""

    room: str
    seq: int
    kind: str
    object_id: str
    html: dict[str, str]

    @cached_property
    def messages(self) -> dict[str, Message]:
        return {code: self._message(html) for code, html in self.html.items()}

    @cached_property
    def fallback(self) -> Message:
        return next(iter(self.messages.values()), None) or refresh(self.room, self.seq)

    def message(self, language: str) -> Message:
        return self.messages.get(language) or self.fallback

    def _message(self, html: str) -> Message:
        values = {"room": self.room, "seq": self.seq, "kind": self.kind, "html": html}
        return Message(json.dumps(values, ensure_ascii=False))


def refresh(room: str, seq: int) -> Message:
    """The follower is too far behind: fetch the region anew, then follow from `seq`."""
    return Message(json.dumps({"room": room, "seq": seq, "refresh": True}))


def denied(rooms: list[str]) -> Message:
    return Message(json.dumps({"denied": rooms}))


PONG = Message(json.dumps({"pong": 1}))
