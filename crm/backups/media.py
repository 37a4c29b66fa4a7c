"""The folder of files as a tar stream, and back: beside today's files first, then in their place."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog
from django.conf import settings

from crm.backups.errors import BackupError
from crm.backups.sealing import PIECE
from crm.core.object_store import Reader

log = structlog.get_logger(__name__)

RESTORING, REPLACED = ".restoring-", ".replaced-"
_NOT_OURS = (RESTORING, REPLACED, "lost+found")


class MediaError(BackupError):
    """The folder of files does not let us; the text says why."""


def root() -> Path:
    return Path(settings.MEDIA_ROOT)


class Tar:
    """The folder as a tar file, made while it is read. A file that goes meanwhile is left out: the dump, which was made
    before, may name it, and the page says then that it is missing. `files` says how many went in."""

    def __init__(self) -> None:
        self.files = 0
        self._ready = bytearray()
        self._pieces = self._all()

    def read(self, size: int = -1, /) -> bytes:
        while size < 0 or len(self._ready) < size:
            try:
                self._ready += next(self._pieces)
            except StopIteration:
                break
            except OSError as error:
                raise MediaError(f"{root()} could not be read: {error}") from error
        taken = bytes(self._ready if size < 0 else self._ready[:size])
        del self._ready[: len(taken)]
        return taken

    def _all(self) -> Iterator[bytes]:
        for path in _files(root()):
            yield from self._file(path)
        yield b"\0" * (2 * tarfile.BLOCKSIZE)

    def _file(self, path: Path) -> Iterator[bytes]:
        with suppress(FileNotFoundError), path.open("rb") as file:
            about = os.fstat(file.fileno())
            member = tarfile.TarInfo(path.relative_to(root()).as_posix())
            member.size, member.mtime, member.mode = about.st_size, int(about.st_mtime), about.st_mode & 0o777
            yield member.tobuf(tarfile.PAX_FORMAT)
            left = member.size
            while left:
                data = file.read(min(PIECE, left))
                if not data:
                    raise OSError(f"{path.name} became shorter while it was copied")
                left -= len(data)
                yield data
            yield b"\0" * (-member.size % tarfile.BLOCKSIZE)
            self.files += 1


def _files(folder: Path) -> Iterator[Path]:
    """Its files without links, and without what a restore keeps there."""
    if not folder.is_dir():
        return
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.name.startswith(_NOT_OURS):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def count(source: Reader) -> int:
    """How many files a tar stream holds, read to its end. Raises MediaError."""
    with _members(source) as tar:
        return sum(1 for _member in _each(tar))


@contextmanager
def unpacked(source: Reader, moment: str) -> Iterator[tuple[Path, int]]:
    """The files of a tar stream in a folder beside today's, on the same disk, and how many; it goes in the end. Raises
    MediaError."""
    staging, count = root() / f"{RESTORING}{moment}", 0
    try:
        staging.mkdir(mode=0o700, parents=True)
        with _members(source) as tar:
            for member in _each(tar):
                if not member.isfile():
                    raise MediaError(f"It holds {member.name!r}, which no backup of ours does.")
                tar.extract(member, staging, filter="data")
                count += 1
        yield staging, count
    finally:
        shutil.rmtree(staging, ignore_errors=True)


@contextmanager
def _members(source: Reader) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(fileobj=source, mode="r|", bufsize=PIECE) as tar:  # type: ignore[call-overload]
            yield tar
        while source.read(PIECE):  # to the end, which says whether it is whole
            continue
    except tarfile.TarError as error:
        raise MediaError(f"It is not a backup of files ({error}).") from error


def _each(tar: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    while (member := tar.next()) is not None:
        yield member
        tar.members = []  # type: ignore[attr-defined]  # else it remembers every file there is


@contextmanager
def swapped(staging: Path, moment: str) -> Iterator[Path]:
    """Today's files moved aside within the folder, which may be a disk of its own, and the others put in their place.
    An error, also of what is done inside, puts everything back. Yields where today's are."""
    aside = root() / f"{REPLACED}{moment}"
    aside.mkdir(mode=0o700)
    done: list[tuple[Path, Path]] = []
    try:
        for path in _entries(root()):
            done.append((path, path.rename(aside / path.name)))
        for path in _entries(staging):
            done.append((path, path.rename(root() / path.name)))
        yield aside
    except BaseException:
        for origin, now_at in reversed(done):
            now_at.rename(origin)
        aside.rmdir()
        raise


def _entries(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.iterdir()) if not path.name.startswith(_NOT_OURS)]


def remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def leftovers() -> tuple[list[Path], list[Path]]:
    """Folders of restores that were cut off, and those that restores put aside."""
    return sorted(root().glob(f"{RESTORING}*")), sorted(root().glob(f"{REPLACED}*"))
