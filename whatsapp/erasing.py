"""What of an erased client goes from the numbers: records that could not be stored, and what a gateway keeps in its
session's folder. What was drained from a spool leaves the disk by itself."""

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from crm.core.privacy import Subject, clear, erase
from whatsapp.gateways.registry import store_forgetter
from whatsapp.models import Session, SetAside
from whatsapp.setaside import records_forget
from whatsapp.spool import Spool, SpoolBusy


@erase.plug
def whatsapp_erase(subject: Subject) -> dict[str, Any]:
    rows = SetAside.objects.values_list("pk", "raw")
    return {"set_aside": records_forget([pk for pk, raw in rows.iterator() if _names(bytes(raw), subject)])}


def _names(raw: bytes, subject: Subject) -> bool:
    """Whether a record names the person: by their number, or by all of their name."""
    said = raw.lower()
    return any(form in said for word in subject.telling for form in _written(word.lower()))


def _written(word: str) -> set[bytes]:
    """As UTF-8, and as JSON writes what is not ASCII."""
    return {word.encode(), word.encode("ascii", "backslashreplace").replace(b"\\x", b"\\u00")}


@clear.plug
def folders_clear(subject: Subject) -> dict[str, Any]:
    """Folders of sessions, where this process has them. Raises what keeps a store from being written: then again."""
    gone = 0
    for session in Session.objects.order_by("pk"):
        if session.folder.is_dir():
            gone += folder_forget(session, subject)
    return {"whatsapp_stores": gone}


def folder_forget(session: Session, subject: Subject) -> int:
    """How many rows and records went from one session's folder."""
    gone = _quarantine_forget(session.folder, subject)
    forget = store_forgetter(session.gateway)
    if forget is not None:
        gone += forget(session.folder, subject.digits)
    with suppress(SpoolBusy), Spool(session.folder / "spool") as spool:  # of one that runs, its own process does it
        spool.forget()
    return gone


def _quarantine_forget(folder: Path, subject: Subject) -> int:
    """Records set aside in files: a line of hex each, and stretches of bytes that were no record."""
    gone = 0
    for path in folder.glob("spool.quarantine.*"):
        if _names(path.read_bytes(), subject):
            path.unlink()
            gone += 1
    path = folder / "quarantine"
    if path.exists():
        lines = path.read_bytes().splitlines(keepends=True)
        kept = [line for line in lines if not _names(_unhexed(line), subject)]
        if len(kept) < len(lines):
            _rewrite(path, kept)
        gone += len(lines) - len(kept)
    return gone


def _unhexed(line: bytes) -> bytes:
    try:
        return bytes.fromhex(line.decode().strip())
    except ValueError:
        return line


def _rewrite(path: Path, lines: Iterable[bytes]) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_bytes(b"".join(lines))
    fresh.chmod(0o600)
    fresh.replace(path)
