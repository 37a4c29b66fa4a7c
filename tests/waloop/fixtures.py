"""A pytest plugin, loaded by the root conftest: every test may ask for `loopback` and `store_dir`."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from .server import Loopback


@pytest.fixture
def loopback(tmp_path: Path) -> Iterator[Loopback]:
    """A WhatsApp of its own for one test, on a port of its own."""
    folder = tmp_path / "waloop"
    folder.mkdir()
    with Loopback(folder) as running:
        yield running


@pytest.fixture
def store_dir() -> Iterator[Path]:
    """A folder for clients' stores, in memory where possible.

    Pairing writes 812 one-time keys and syncs each to disk: a tenth of a second in memory, seconds on a busy disk. What
    was written survives kill -9 in either.
    """
    folder = memory_folder()
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def memory_folder() -> Path:
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="waloop-", dir=memory if memory.is_dir() else None))
