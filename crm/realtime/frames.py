"""The JSON text frames of the wire, made once per language and shared by every socket."""

import json
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True)
class Frame:
    """One event as sent: `html` maps a language code to its fragment; without any the region fetches itself."""

    room: str
    seq: int
    kind: str
    object_id: str
    html: dict[str, str]

    @cached_property
    def texts(self) -> dict[str, str]:
        return {code: self._text(html) for code, html in self.html.items()}

    def text(self, language: str) -> str:
        if not self.html:
            return refresh(self.room, self.seq)
        return self.texts.get(language) or next(iter(self.texts.values()))

    def _text(self, html: str) -> str:
        return json.dumps({"room": self.room, "seq": self.seq, "kind": self.kind, "html": html}, ensure_ascii=False)


def refresh(room: str, seq: int) -> str:
    """The follower is too far behind: fetch the region anew, then follow from `seq`."""
    return json.dumps({"room": room, "seq": seq, "refresh": True})


def denied(rooms: list[str]) -> str:
    return json.dumps({"denied": rooms})


PONG = json.dumps({"pong": 1})
