"""Streams encrypted and authenticated a piece at a time, so that nothing has to fit into memory.

    sealed = MAGIC salt(32) piece*        piece = AES-256-GCM( up to PIECE bytes )

The key of a stream comes from BACKUP_KEY, its salt and its name (HKDF-SHA256); a piece's nonce is its number and
whether it is the last. So a piece that was changed, left out, put elsewhere or taken from another stream is refused,
and so is a stream that was cut: this is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015). Without a
key the stream is what it is; checksums in the manifest then find damage, not intent.
"""

import base64
import hashlib
import os
from collections.abc import Callable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from crm.backups.errors import BackupError
from crm.core.object_store import Reader

MAGIC = b"LIVIA-BACKUP-1\n"
PIECE = 1024 * 1024
_SALT, _TAG = 32, 16


class Unsealable(BackupError):
    """What was read is not what was written; the text says what is known of it."""


class _Stream:
    """A reader made of a `_next` that yields more bytes, or none at the end."""

    def __init__(self) -> None:
        self._ready = bytearray()
        self._over = False

    def read(self, size: int = -1, /) -> bytes:
        while not self._over and (size < 0 or len(self._ready) < size):
            more = self._next()
            self._over = not more
            self._ready += more
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _next(self) -> bytes:
        raise NotImplementedError


class Counted:
    """Hands on what it reads, and knows how much it was."""

    def __init__(self, source: Reader) -> None:
        self._source, self.bytes = source, 0

    def read(self, size: int = -1, /) -> bytes:
        data = self._source.read(size)
        self.bytes += len(data)
        return data


class Digested(Counted):
    """Knows its digest too."""

    def __init__(self, source: Reader) -> None:
        super().__init__(source)
        self._hash = hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        data = super().read(size)
        self._hash.update(data)
        return data

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()


class Sealed(_Stream):
    """The sealed form of what it reads; `name` must be said again to open it."""

    def __init__(self, source: Reader, name: str) -> None:
        super().__init__()
        self._source, self._number = source, 0
        salt = os.urandom(_SALT)
        self._cipher = _cipher(settings.BACKUP_KEY[0], salt, name)
        self._ready += MAGIC + salt
        self._piece = _full(source, PIECE)
        self._done = False

    def _next(self) -> bytes:
        if self._done:
            return b""
        following = _full(self._source, PIECE)
        self._done = not following
        sealed = self._cipher.encrypt(_nonce(self._number, self._done), self._piece, None)
        self._piece, self._number = following, self._number + 1
        return sealed


class Opened(_Stream):
    """What was sealed. Raises Unsealable, at the latest at the end of a stream that is not whole."""

    def __init__(self, source: Reader, name: str) -> None:
        super().__init__()
        self._source, self._number, self._done = source, 0, False
        if _full(source, len(MAGIC)) != MAGIC:
            raise Unsealable("It is not encrypted as our backups are, and BACKUP_KEY is set.")
        salt = _full(source, _SALT)
        self._piece, self._following = self._take(), self._take()
        self._cipher = self._fitting(salt, name)

    def _take(self) -> bytes:
        return _full(self._source, PIECE + _TAG)

    def _fitting(self, salt: bytes, name: str) -> AESGCM:
        """The cipher of the first key that opens the first piece: so keys can change while backups stay readable."""
        for key in settings.BACKUP_KEY:
            cipher = _cipher(key, salt, name)
            try:
                cipher.decrypt(_nonce(0, not self._following), self._piece, None)
            except InvalidTag:
                continue
            return cipher
        raise Unsealable("It was encrypted with another BACKUP_KEY, or it is damaged.")

    def _next(self) -> bytes:
        while not self._done:
            self._done = not self._following
            try:
                data = self._cipher.decrypt(_nonce(self._number, self._done), self._piece, None)
            except InvalidTag as error:
                raise Unsealable("It is damaged, or a part of it is missing.") from error
            self._piece, self._number = self._following, self._number + 1
            self._following = self._take() if self._following else b""
            if data:
                return data
        return b""


def sealed(source: Reader, name: str) -> Reader:
    return Sealed(source, name) if settings.BACKUP_KEY else source


def opened(source: Reader, name: str) -> Reader:
    """Raises Unsealable."""
    return Opened(source, name) if settings.BACKUP_KEY else source


def copied(source: Reader, write: Callable[[bytes], object]) -> None:
    """All of it, a piece at a time."""
    while data := source.read(PIECE):
        write(data)


def _full(source: Reader, size: int) -> bytes:
    """So many bytes, or what is left; networks and pipes give fewer at a time."""
    data = source.read(size)
    while len(data) < size and (more := source.read(size - len(data))):
        data += more
    return data


def _cipher(key: str, salt: bytes, name: str) -> AESGCM:
    secret = base64.urlsafe_b64decode(key)
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=f"livia backup {name}".encode()).derive(secret))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
