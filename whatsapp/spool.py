"""An append-only file of events: what WhatsApp handed over and PostgreSQL does not hold yet.

WhatsApp counts a message as delivered before our handler runs, so the handler must make it survive a kill at any
moment, and fast. `append` is one `os.write`; the drainer reads, stores, then commits its offset. What was read
but not committed is read again after a crash, so whoever stores it must tolerate repeats.

    file   = "LVSPOOL1" | base offset u64 | record …
    record = "\xf5LV\x9e" | length u32 | crc32 u32 (of length and bytes) | bytes        (big endian)

Offsets are logical and only grow: once everything is read and the file is large, it begins anew with the base
where it ended. Beside the file lie `.offset` (how far it was read), `.lock`, and `.quarantine.<offset>` for bytes
that were no record.

By default nothing is synced to the disk: the threat is a process that dies, and the page cache outlives any
process. `sync=True` adds an fdatasync to each append (milliseconds in WhatsApp's callback) for hosts that must
also survive losing power.
"""

import errno
import fcntl
import logging
import os
import threading
import zlib
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from types import TracebackType
from typing import BinaryIO, Self

log = logging.getLogger(__name__)

MAX_RECORD = 64 * 1024 * 1024
ROTATE_BYTES = 16 * 1024 * 1024
BATCH_BYTES = 4 * 1024 * 1024
_CHUNK = 256 * 1024
_SIGNATURE, _MARK = b"LVSPOOL1", b"\xf5LV\x9e"
_FILE, _RECORD, _LENGTH = Struct(">8sQ"), Struct(">4sII"), Struct(">I")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class SpoolFull(OSError):
    """The disk has no room; the record was not stored and nothing torn was left behind."""


class SpoolBusy(RuntimeError):
    """Another process has this spool open."""


class Spool:
    """One process opens a spool; any of its threads may append, one thread at a time reads and commits."""

    _fd: int
    _base: int  # logical offset of the file's first record
    _end: int  # past the last whole record
    _committed: int

    def __init__(self, path: str | Path, *, rotate_bytes: int = ROTATE_BYTES, sync: bool = False) -> None:
        self.path = Path(path)
        self.quarantined = 0  # bytes set aside since opening
        self.damaged = 0  # how often these were more than a record cut short
        self._rotate_bytes = rotate_bytes
        self._sync = sync
        self._writing = threading.Lock()  # taken after _reading where both are needed
        self._reading = threading.RLock()
        self._lock = self._acquire()
        try:
            self._open()
        except BaseException:
            os.close(self._lock)
            raise

    # Writing

    def append(self, data: bytes) -> int:
        """Store one record and return its end offset. Raises SpoolFull, or ValueError past MAX_RECORD."""
        if len(data) > MAX_RECORD:
            raise ValueError(f"a record holds at most {MAX_RECORD} bytes")
        record = _RECORD.pack(_MARK, len(data), _crc(data)) + data
        with self._writing:
            try:
                self._write(record)
            except OSError as error:
                os.ftruncate(self._fd, self._position(self._end))
                if error.errno in _FULL:
                    raise SpoolFull(error.errno, "no room left for the spool", str(self.path)) from error
                raise
            self._end += len(record)
            return self._end

    def _write(self, record: bytes) -> None:
        rest = memoryview(record)
        while rest:  # once, unless the disk takes only a part; the next round then tells why
            rest = rest[os.write(self._fd, rest) :]
        if self._sync:
            os.fdatasync(self._fd)

    # Reading

    @property
    def pending(self) -> int:
        """Bytes appended and not committed."""
        return self._end - self._committed

    def read(self, limit: int) -> list[tuple[int, bytes]]:
        """Up to `limit` records after the committed offset, about BATCH_BYTES at most, as (end offset, bytes)."""
        records: list[tuple[int, bytes]] = []
        size = 0
        with self._reading:
            offset, end = self._committed, self._end
            while offset < end and len(records) < limit and size < BATCH_BYTES:
                data = self._record(offset, end)
                if data is not None:
                    offset += _RECORD.size + len(data)
                    size += len(data)
                    records.append((offset, data))
                elif records:
                    break  # the reader commits these first; the damage is then at the head
                else:
                    offset = self._next_record(offset, end) or end
                    self._quarantine(self._committed, offset)
                    self.commit(offset)
        return records

    def commit(self, offset: int) -> None:
        """Everything up to `offset` needs no further reading. An older offset changes nothing."""
        with self._reading:
            if offset > self._end:
                raise ValueError(f"offset {offset} lies past the end {self._end}")
            if offset > self._committed:
                self._save_offset(offset)
                self._committed = offset
            with self._writing:
                if self._committed == self._end and self._position(self._end) > self._rotate_bytes:
                    self._rotate()

    def forget(self) -> None:
        """Where everything was read, nothing of it stays on the disk."""
        with self._reading, self._writing:
            if self._committed == self._end and self._position(self._end) > _FILE.size:
                self._rotate()

    def _save_offset(self, offset: int) -> None:
        fresh = self._beside("offset.new")
        try:
            with _create(fresh) as file:
                file.write(b"%d\n" % offset)
            fresh.replace(self._beside("offset"))
        except OSError as error:  # go on reading, or a full disk could never be emptied; a restart reads again
            if error.errno not in _FULL:
                raise
            log.error("spool %s: no room to save the offset %d", self.path.name, offset)

    def _rotate(self) -> None:
        """Begin the file anew, in place: it needs no room, so it also works on a full disk.

        A crash between the two steps leaves records that were read already to be read again.
        """
        self._base = self._write_header(self._end)
        os.ftruncate(self._fd, _FILE.size)

    # Opening and closing

    def close(self) -> None:
        with self._reading, self._writing:
            for fd in (self._fd, self._lock):
                os.close(fd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _acquire(self) -> int:
        fd = os.open(self._beside("lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(fd)
            raise SpoolBusy(f"{self.path} is open in another process") from None
        return fd

    def _open(self) -> None:
        saved = self._saved_offset()
        self._fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self._base = self._read_base(fallback=saved or 0)
        self._end = self._base + os.fstat(self._fd).st_size - _FILE.size
        self._committed = self._base if saved is None else max(saved, self._base)
        if self._committed > self._end:  # the disk lost data that had been read: go on from what is left
            log.error("spool %s: read up to %d but the file ends at %d", self.path.name, self._committed, self._end)
            self._committed = self._end
        self._cut_torn_tail()

    def _read_base(self, fallback: int) -> int:
        header = os.pread(self._fd, _FILE.size, 0)
        if len(header) == _FILE.size and header.startswith(_SIGNATURE):
            return int(_FILE.unpack(header)[1])
        if header:
            log.error("spool %s: damaged header; every record of the file will be read again", self.path.name)
        return self._write_header(fallback)

    def _write_header(self, base: int) -> int:
        fd = os.open(self.path, os.O_RDWR)  # O_APPEND would send a pwrite to the end
        try:
            os.pwrite(fd, _FILE.pack(_SIGNATURE, base), 0)
        finally:
            os.close(fd)
        return base

    def _saved_offset(self) -> int | None:
        try:
            return int(self._beside("offset").read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def _cut_torn_tail(self) -> None:
        """A record cut short by a crash was never acknowledged: keep its bytes aside and go on before it."""
        offset, end = self._committed, self._end
        while offset < end:
            data = self._record(offset, end)
            following = offset + _RECORD.size + len(data) if data is not None else self._next_record(offset, end)
            if following is None:
                self._quarantine(offset, end)
                os.ftruncate(self._fd, self._position(offset))
                self._end = offset
                return
            offset = following

    # Bytes

    def _beside(self, suffix: str) -> Path:
        return self.path.with_name(f"{self.path.name}.{suffix}")

    def _position(self, offset: int) -> int:
        return offset - self._base + _FILE.size

    def _record(self, offset: int, end: int) -> bytes | None:
        """The bytes of the record at `offset`, or None if no whole record stands there."""
        header = os.pread(self._fd, _RECORD.size, self._position(offset))
        if len(header) < _RECORD.size:
            return None
        mark, length, crc = _RECORD.unpack(header)
        if mark != _MARK or length > min(MAX_RECORD, end - offset - _RECORD.size):
            return None
        data = os.pread(self._fd, length, self._position(offset) + _RECORD.size)
        return data if len(data) == length and _crc(data) == crc else None

    def _is_cut_short(self, offset: int, end: int) -> bool:
        """Whether a crash in the middle of writing left these last bytes: nobody was told that they are stored."""
        header = os.pread(self._fd, _RECORD.size, self._position(offset))
        if end < self._end or not header.startswith(_MARK[: len(header)]):
            return False
        length = _RECORD.unpack(header)[1] if len(header) == _RECORD.size else MAX_RECORD
        return length <= MAX_RECORD and offset + _RECORD.size + length > end

    def _next_record(self, offset: int, end: int) -> int | None:
        """The first offset after `offset` where a whole record stands."""
        for start, chunk in self._chunks(offset + 1, end, overlap=len(_MARK) - 1):
            found = chunk.find(_MARK)
            while found >= 0:
                if self._record(start + found, end) is not None:
                    return start + found
                found = chunk.find(_MARK, found + 1)
        return None

    def _chunks(self, offset: int, end: int, *, overlap: int = 0) -> Iterator[tuple[int, bytes]]:
        while offset < end:
            chunk = os.pread(self._fd, min(_CHUNK, end - offset) + overlap, self._position(offset))
            yield offset, chunk
            offset += _CHUNK

    def _quarantine(self, start: int, end: int) -> None:
        """Copy bytes that are no record to a file of their own and say so."""
        aside = self._beside(f"quarantine.{start}")
        with _create(aside) as file:
            for _, chunk in self._chunks(start, end):
                file.write(chunk)
        self.quarantined += end - start
        self.damaged += not self._is_cut_short(start, end)
        log.error("spool %s: %d damaged bytes at %d set aside in %s", self.path.name, end - start, start, aside.name)


def _crc(data: bytes) -> int:
    return zlib.crc32(data, zlib.crc32(_LENGTH.pack(len(data))))


def _create(path: Path) -> BinaryIO:
    """Open for writing, readable by nobody else."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
