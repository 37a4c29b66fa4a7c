"""Files of messages: what may be believed about them, and where they lie.

Everything that comes with a message was written by somebody else: names, sizes, types and coordinates are cut down to
what is harmless before they are stored.
"""

import mimetypes
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import InterfaceError, OperationalError

from conversations.models import MediaState, MessageKind
from crm.core.clock import now
from crm.core.files import INLINE, name_clean, type_clean
from crm.core.files import UNKNOWN_TYPE as UNKNOWN_TYPE
from crm.core.files import mime_of as mime_of
from crm.core.text import clean_line, clean_text

FILE_KINDS = frozenset(
    {MessageKind.IMAGE, MessageKind.AUDIO, MessageKind.VIDEO, MessageKind.DOCUMENT, MessageKind.STICKER}
)

REF_LENGTH = 8000
CARDS, CARD_PHONES = 20, 5


# ---- what a message says about its file, place or people
def media_clean(kind: str, raw: Any) -> tuple[dict[str, Any] | None, str]:
    """The believable part of what came with a message of this kind, and the state of its file."""
    if not isinstance(raw, dict):
        return None, MediaState.NONE
    if kind in FILE_KINDS:
        return _file(raw)
    if kind == MessageKind.LOCATION:
        return _place(raw), MediaState.NONE
    if kind == MessageKind.CONTACT:
        return {"contacts": _cards(raw.get("contacts"))}, MediaState.NONE
    return None, MediaState.NONE


def _file(raw: dict[str, Any]) -> tuple[dict[str, Any], str]:
    facts: dict[str, Any] = {"name": name_clean(raw.get("name")), "mime": type_clean(raw.get("mime"))}
    facts |= {name: _whole(raw.get(name)) for name in ("size", "seconds")}
    facts["voice"] = raw.get("voice") is True
    facts = {name: value for name, value in facts.items() if value not in ("", None) and value is not False}
    ref = raw.get("ref")
    if not isinstance(ref, str) or not ref or len(ref) > REF_LENGTH:
        return facts, MediaState.NONE
    if facts.get("size", 0) > settings.WHATSAPP_MEDIA_LIMIT_BYTES:
        return facts, MediaState.TOO_LARGE
    return facts | {"ref": clean_text(ref, limit=REF_LENGTH)}, MediaState.AWAITED


def _place(raw: dict[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: _line(raw.get(name), 200) for name in ("name", "address")}
    latitude, longitude = _degrees(raw.get("latitude"), 90), _degrees(raw.get("longitude"), 180)
    if latitude is not None and longitude is not None:
        facts |= {"latitude": latitude, "longitude": longitude}
    return {name: value for name, value in facts.items() if value != ""}


def _cards(raw: Any) -> list[dict[str, Any]]:
    cards = [card for card in raw[:CARDS] if isinstance(card, dict)] if isinstance(raw, list) else []
    return [{"name": _line(card.get("name"), 200), "phones": _phones(card.get("phones"))} for card in cards]


def _phones(raw: Any) -> list[str]:
    listed = raw[:CARD_PHONES] if isinstance(raw, list) else []
    return [phone for phone in (_line(value, 40) for value in listed) if phone]


def _line(raw: Any, limit: int) -> str:
    return clean_line(raw, limit=limit) if isinstance(raw, str) else ""


def _whole(raw: Any) -> int | None:
    return int(raw) if _is_number(raw) and 0 <= raw < 2**53 else None


def _degrees(raw: Any, most: int) -> float | None:
    return round(float(raw), 6) if _is_number(raw) and abs(raw) <= most else None


def _is_number(raw: Any) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and raw == raw  # NaN is not


# ---- the file itself
def file_write(*, inbox_id: int, content: bytes, mime: str) -> str:
    """Keep a file; the path it got in the storage. No address leads there."""
    moment, ending = now(), INLINE.get(mime) or mimetypes.guess_extension(mime) or ""
    path = PurePosixPath("whatsapp", str(inbox_id), f"{moment:%Y}", f"{moment:%m}", f"{uuid.uuid4()}{ending}")
    return default_storage.save(str(path), ContentFile(content))


@dataclass
class Trial:
    """Whether a message took the file."""

    taken: bool = False


@contextmanager
def file_on_trial(path: str) -> Iterator[Trial]:
    """For the write that ties a file to its message: the file goes again unless `taken` was set."""
    trial = Trial()
    try:
        yield trial
    except (OperationalError, InterfaceError):
        trial.taken = True  # perhaps it was committed: better a file without a message than a message without its file
        raise
    finally:
        if not trial.taken:
            default_storage.delete(path)


def voice_seconds(content: bytes) -> int | None:
    """The length of an Ogg Opus recording, from the position (48 kHz) its last page gives; None if it is none."""
    if b"OpusHead" not in content[:200]:
        return None
    page = content.rfind(b"OggS")
    return int.from_bytes(content[page + 6 : page + 14], "little") // 48_000
