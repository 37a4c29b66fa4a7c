"""The folder in which the processes of one machine or container count together, each in files of its own.

Files outlive their process, and processes come and go: gunicorn's workers, a session's process, every command. So each
holds a lock on a file that bears its name, which the kernel takes from it however it ends. Whoever reads the folder
adds the files of the dead into one, and removes them: nothing is lost, nothing is counted twice, the folder stays
small. A gauge that only says how things are now goes with its process.
"""

import fcntl
import os
import secrets
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from prometheus_client.metrics_core import Metric
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

_SUMMED = ("counter", "histogram")
# Bytes that are really there before anything is counted: writing to a mapped file on a full disk ends the process.
_ROOM = {"counter": 256 * 1024, "histogram": 1024 * 1024, "gauge_livesum": 64 * 1024}
_CROWD = 64  # so many processes' files are too many to wait for a reader


class Folder:
    """One process's view of the folder. Raises OSError where it cannot be used."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pid, self._name, self._held = 0, "", -1
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.identity()
        os.register_at_fork(after_in_child=self._let_go)

    def identity(self) -> str:
        """The name of this process's files; asked for at every count. A number alone would come again."""
        if os.getpid() != self._pid:
            self._begin()
        return self._name

    def read(self) -> Iterable[Metric]:
        """Everything that was ever counted here, and how things are now."""
        with self._locked():
            self._tidy()
            files = [*self.path.glob("*.db"), *self.path.glob("folded-*/*.db")]
            return MultiProcessCollector.merge([str(file) for file in files if file.stat().st_size])

    def _let_go(self) -> None:
        """A fork's copy of its parent's lock, which must end with the parent."""
        if self._held >= 0:
            os.close(self._held)
        self._held = -1

    def _begin(self) -> None:
        name = f"{os.getpid()}-{secrets.token_hex(4)}"
        with self._locked():
            self._held = _open(self.path / f"{name}.alive")
            fcntl.flock(self._held, fcntl.LOCK_EX)
            try:
                for kind, size in _ROOM.items():
                    _make(self.path / f"{kind}_{name}.db", size)
                if sum(1 for _ in self.path.glob("*.alive")) > _CROWD:
                    self._tidy()
            except OSError:
                self._let_go()
                self._forget([name])
                raise
        self._pid, self._name = os.getpid(), name

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One at a time changes which files there are, or reads them."""
        handle = _open(self.path / "lock")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def _tidy(self) -> None:
        self._finish()
        if dead := [path.stem for path in self.path.glob("*.alive") if _is_dead(path)]:
            self._fold(dead)
            self._finish()

    def _fold(self, dead: Collection[str]) -> None:
        """Add the files of the dead to the sums. The renaming decides: before it they count by themselves, after it
        as part of the sums, also when we end in between."""
        last = self._folded()
        fresh = self.path / "folding"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        for kind in _SUMMED:
            files = [self.path / f"{kind}_{name}.db" for name in dead]
            _write(fresh / f"{kind}_folded.db", _sums(files if last is None else [last / f"{kind}_folded.db", *files]))
        (fresh / "contains").write_text("\n".join(dead))
        fresh.rename(self.path / f"folded-{_number(last) + 1}")

    def _finish(self) -> None:
        """Remove what the latest sums contain."""
        if (last := self._folded()) is None:
            return
        self._forget((last / "contains").read_text().split())
        for older in self.path.glob("folded-*"):
            if older != last:
                shutil.rmtree(older, ignore_errors=True)

    def _folded(self) -> Path | None:
        return max(self.path.glob("folded-*"), key=_number, default=None)

    def _forget(self, names: Iterable[str]) -> None:
        for name in names:
            for path in (*self.path.glob(f"*_{name}.db"), self.path / f"{name}.alive"):
                path.unlink(missing_ok=True)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _make(path: Path, size: int) -> None:
    handle = _open(path)
    try:
        if hasattr(os, "posix_fallocate"):
            os.posix_fallocate(handle, 0, size)
        else:
            os.truncate(handle, size)
    finally:
        os.close(handle)


def _is_dead(path: Path) -> bool:
    """Nobody holds the lock; asked for while nobody can be about to take it."""
    handle = _open(path)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    else:
        return True
    finally:
        os.close(handle)


def _sums(files: Iterable[Path]) -> dict[str, float]:
    found: dict[str, float] = defaultdict(float)
    for file in files:
        with suppress(FileNotFoundError):
            if file.stat().st_size:
                for key, value, _time, _place in MmapedDict.read_all_values_from_file(str(file)):
                    found[key] += value
    return found


def _write(path: Path, sums: dict[str, float]) -> None:
    book = MmapedDict(str(path))
    for key, value in sums.items():
        book.write_value(key, value, 0.0)
    book.close()


def _number(folded: Path | None) -> int:
    return int(folded.name.removeprefix("folded-")) if folded else 0
