"""One running stack per data folder: the lock that says so, and the note that tells others where it is."""

import base64
import fcntl
import json
import os
import secrets
from pathlib import Path
from typing import IO, TypedDict

LOCK = "lock"
NOTE = "running.json"
_P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # FIPS 186-5


class Note(TypedDict):
    address: str
    pid: int
    urls: dict[str, str]  # DATABASE_URL, REDIS_URL


def take_lock(base: Path) -> IO[str] | None:
    """The lock of this data folder, held while the file stays open; None when another process has it.

    The kernel frees it with its holder, however that ends.
    """
    lock = (base / LOCK).open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def write_note(base: Path, *, address: str, urls: dict[str, str]) -> None:
    """Tell others about the running stack. Holds passwords: for the owner's eyes only."""
    write_private(base / NOTE, json.dumps(Note(address=address, pid=os.getpid(), urls=urls)))


def read_note(base: Path) -> Note | None:
    """What the lock's holder wrote; only to be trusted while the lock is held."""
    try:
        note: Note = json.loads((base / NOTE).read_text())
    except (FileNotFoundError, ValueError):
        return None
    return note


def remove_note(base: Path) -> None:
    (base / NOTE).unlink(missing_ok=True)


def secret_key(base: Path) -> str:
    """The key of this data folder, made once; sessions survive restarts."""
    path = base / "secret_key"
    if not path.exists():
        write_private(path, secrets.token_urlsafe(50))
    return path.read_text()


def vapid_key(base: Path) -> str:
    """The key of this data folder for Web Push, made once: a number of the P-256 curve, as base64url."""
    path = base / "vapid_key"
    if not path.exists():
        number = secrets.randbelow(_P256_ORDER - 1) + 1
        write_private(path, base64.urlsafe_b64encode(number.to_bytes(32, "big")).decode().rstrip("="))
    return path.read_text()


def write_private(path: Path, text: str) -> None:
    """Write mode 0600 and whole or not at all."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.rename(path)
