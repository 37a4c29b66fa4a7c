"""A session's credentials as one encrypted file: taken while the session runs, checked before they are put back.

    archive = Fernet( tar.gz( manifest.json, file … ) )      without a BACKUP_KEY, in a folder: the tar.gz as it is

SQLite stores are copied by SQLite's own online backup, so a copy is one state of the store whatever its owner writes
meanwhile. What belongs to this host's disk and not to the credentials stays out: spools, locks, `leaving`.
"""

import gzip
import hashlib
import io
import json
import re
import sqlite3
import tarfile
import time
import tomllib
from dataclasses import asdict, dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from whatsapp.store import RESTORED, SETTLED, credentials

FORMAT = 1
MANIFEST = "manifest.json"
QUARANTINE = "quarantine"
LOCKED_SECONDS = 20.0
MAX_BYTES = 512 * 1024 * 1024
_SQLITE = b"SQLite format 3\x00"
_PASSING = re.compile(r".*(\.lock|\.new|-wal|-shm|-journal)")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class BadArchive(Exception):
    """This is not a whole backup of ours; the text says what is wrong with it."""


@dataclass
class Manifest:
    session: int
    gateway: str
    phone: str
    jid: str
    created: str
    version: str = ""
    format: int = FORMAT
    sha256: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Archive:
    manifest: Manifest
    files: dict[str, bytes]


def stores(folder: Path) -> list[Path]:
    """The files that make the pairing, without what SQLite keeps beside its own while they are open."""
    return [path for path in credentials(folder) if path.is_file() and not _passing(path.name)]


def _passing(name: str) -> bool:
    return name in (SETTLED, RESTORED) or bool(_PASSING.fullmatch(name))


def pack(folder: Path, manifest: Manifest) -> bytes:
    """The archive, with messages that were set aside. Raises BadArchive for a store that is damaged, and OSError."""
    quarantine = folder / QUARANTINE
    files = [*stores(folder), *([quarantine] if quarantine.exists() else [])]
    contents = {path.name: _content(path) for path in files}
    manifest.version = product_version()
    manifest.sha256 = {name: _digest(data) for name, data in contents.items()}
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as zipped, tarfile.open(fileobj=zipped, mode="w") as tar:
        for name, data in {MANIFEST: json.dumps(asdict(manifest)).encode(), **contents}.items():
            member = tarfile.TarInfo(name)
            member.size, member.mode = len(data), 0o600
            tar.addfile(member, io.BytesIO(data))
    return _cipher().encrypt(buffer.getvalue()) if settings.BACKUP_KEY else buffer.getvalue()


def unpack(data: bytes) -> Archive:
    """What the archive holds, checked but for the stores' insides. Raises BadArchive."""
    try:
        plain = _cipher().decrypt(data) if settings.BACKUP_KEY else data
    except InvalidToken as error:
        raise BadArchive("It was encrypted with another BACKUP_KEY, or it is damaged.") from error
    try:
        files = _members(plain)
        manifest = Manifest(**json.loads(files.pop(MANIFEST)))
    except (tarfile.TarError, OSError, EOFError, KeyError, TypeError, ValueError) as error:
        raise BadArchive(f"It is not a backup of a session ({error}).") from error
    if manifest.format != FORMAT:
        raise BadArchive(f"Its format {manifest.format} belongs to another version of the product.")
    if {name: _digest(content) for name, content in files.items()} != manifest.sha256:
        raise BadArchive("Its files are not those it was made of.")
    return Archive(manifest, files)


def check_store(path: Path) -> None:
    """Raises BadArchive for a SQLite store that is damaged; other files have no inside to check."""
    if _is_store(path):
        with _open(path) as store:
            _check(store, path.name)


def _members(plain: bytes) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(plain), mode="r:gz") as tar:
        for member in tar:
            if not member.isfile() or not _PLAIN_NAME.fullmatch(member.name) or member.name in files:
                raise BadArchive(f"It holds {member.name!r}, which no backup of ours does.")
            if sum(map(len, files.values())) + member.size > MAX_BYTES:
                raise BadArchive("It is too large to be a session's credentials.")
            content = tar.extractfile(member)
            files[member.name] = content.read() if content else b""
    return files


def _content(path: Path) -> bytes:
    return _store_copy(path) if _is_store(path) else path.read_bytes()


def _is_store(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix == ".db" or file.read(len(_SQLITE)) == _SQLITE


def _store_copy(path: Path) -> bytes:
    """One state of the store, held in memory only. Its owner waits for milliseconds: the copy is one step, taken in a
    pause between two of its changes."""
    until = time.monotonic() + LOCKED_SECONDS

    def give_up(status: int, _remaining: int, _total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > until:
            raise BadArchive(f"{path.name} was locked for {LOCKED_SECONDS:.0f} s.")

    with _open(path) as store, _Closing(":memory:") as copy:
        try:
            copy.execute(f"PRAGMA page_size = {_page_size(path)}")
            store.backup(copy, progress=give_up, sleep=0.001)
            _check(copy, path.name)
            return copy.serialize()
        except sqlite3.Error as error:
            raise BadArchive(f"{path.name} could not be copied ({error}).") from error


def _page_size(path: Path) -> int:
    """As the store's head says it, which asking SQLite would have to wait for."""
    with path.open("rb") as file:
        size = int.from_bytes(file.read(18)[16:], "big")
    return 65536 if size == 1 else size or 4096


class _Closing(sqlite3.Connection):
    """Python's own context manager would commit and leave the connection open."""

    def __exit__(self, *_error: object) -> None:  # type: ignore[override]
        self.close()


def _open(path: Path) -> _Closing:
    """Not read-only: after a killed owner the half-written last change must be taken back first, as it would do."""
    store = sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, factory=_Closing)
    store.execute("PRAGMA query_only = ON")
    return store


def _check(store: sqlite3.Connection, name: str) -> None:
    try:
        found = store.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        found = str(error)
    if found != "ok":
        raise BadArchive(f"{name} is damaged ({found}).")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def product_version() -> str:
    return str(tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"])


def _cipher() -> MultiFernet:
    """Encrypts with the first key, reads with any: so keys can be changed while old backups stay readable."""
    return MultiFernet([Fernet(key) for key in settings.BACKUP_KEY])
