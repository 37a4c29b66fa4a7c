"""What a browser says on its line: read into values, or None for what no browser of ours says."""

import json
import re
from dataclasses import dataclass
from typing import Any

MAX_ROOMS = 20
MAX_CHARS = 4096

_LINE = re.compile(r"[A-Za-z0-9_-]{1,40}")


@dataclass(frozen=True)
class Here:
    """The rooms a page has before a person's eyes, and the one they type into, if any."""

    rooms: frozenset[str]
    typing: str = ""
    line: str = ""


@dataclass(frozen=True)
class Asked:
    rooms: dict[str, int] | None = None
    here: Here | None = None
    ping: bool = False


def asked(text: str | None) -> Asked | None:
    """A frame: `{"rooms": {"board": 4711}}`, `{"here": {…}}`, `{"ping": 1}`, or several of them in one."""
    message = _object(text)
    if message is None or not message.keys() & {"rooms", "here", "ping"}:
        return None
    rooms, here = rooms_asked(message.get("rooms", {})), here_asked(message.get("here", {}))
    if rooms is None or here is None:
        return None
    return Asked(rooms if "rooms" in message else None, here if "here" in message else None, "ping" in message)


def rooms_asked_in(text: str) -> dict[str, int] | None:
    """Rooms with their last numbers, from JSON text."""
    return rooms_asked(_object(text))


def here_asked_in(text: str | None) -> Here | None:
    """Where a person is, from JSON text."""
    message = _object(text)
    return None if message is None else here_asked(message)


def rooms_asked(rooms: Any) -> dict[str, int] | None:
    if not isinstance(rooms, dict) or len(rooms) > MAX_ROOMS or not all(type(seq) is int for seq in rooms.values()):
        return None
    return rooms


def here_asked(here: Any) -> Here | None:
    if not isinstance(here, dict):
        return None
    rooms, typing, line = here.get("rooms", []), here.get("typing", ""), here.get("line", "x")
    if not isinstance(rooms, list) or len(rooms) > MAX_ROOMS or not all(isinstance(room, str) for room in rooms):
        return None
    if not isinstance(typing, str) or not isinstance(line, str) or not _LINE.fullmatch(line):
        return None
    return Here(frozenset(rooms), typing, line)


def _object(text: str | None) -> dict[str, Any] | None:
    if not text or len(text) > MAX_CHARS:
        return None
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None
