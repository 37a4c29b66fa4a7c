"""A sealed stream is what was written, or it is refused."""

import io
import os

import pytest
from cryptography.fernet import Fernet

from crm.backups.sealing import MAGIC, PIECE, Opened, Sealed, Unsealable, opened, sealed

KEY, OTHER = (Fernet.generate_key().decode() for _key in range(2))
HEAD, SEALED_PIECE = len(MAGIC) + 32, PIECE + 16


@pytest.fixture(autouse=True)
def keys(settings):
    settings.BACKUP_KEY = [KEY]


class Dripping(io.BytesIO):
    """Gives less than it is asked for, as networks do."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(size if size is None or size < 0 else min(size, 100_003))


def seal(data: bytes, name: str = "a/part") -> bytes:
    return Sealed(Dripping(data), name).read()


def unseal(data: bytes, name: str = "a/part") -> bytes:
    return Opened(Dripping(data), name).read()


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_comes_back(size):
    data = os.urandom(size)
    assert unseal(seal(data)) == data


def test_pieces_of_any_length_may_be_read():
    data = os.urandom(PIECE + 17)
    reader = Opened(io.BytesIO(seal(data)), "a/part")
    assert b"".join(iter(lambda: reader.read(70_001), b"")) == data


@pytest.fixture(scope="module")
def three() -> bytes:
    return os.urandom(3 * PIECE - 5)


def changed(sealed_: bytes, at: int) -> bytes:
    return sealed_[:at] + bytes([sealed_[at] ^ 1]) + sealed_[at + 1 :]


def second_and_third_swapped(data: bytes) -> bytes:
    first, second = HEAD + SEALED_PIECE, HEAD + 2 * SEALED_PIECE
    return data[:first] + data[second:] + data[first:second]


BAD = {
    "changed in the first piece": lambda data: changed(data, HEAD + 5),
    "changed in the last piece": lambda data: changed(data, len(data) - 1),
    "another salt": lambda data: changed(data, len(MAGIC)),
    "cut inside a piece": lambda data: data[:-100],
    "cut between pieces": lambda data: data[: HEAD + 2 * SEALED_PIECE],
    "cut after the head": lambda data: data[:HEAD],
    "a piece left out": lambda data: data[: HEAD + SEALED_PIECE] + data[HEAD + 2 * SEALED_PIECE :],
    "pieces in another order": second_and_third_swapped,
    "the first piece twice": lambda data: data[: HEAD + SEALED_PIECE] + data[HEAD:],
    "more behind it": lambda data: data + b"x",
    "not sealed": lambda data: b"PGDMP" + data,
    "empty": lambda _data: b"",
}


@pytest.mark.parametrize("case", BAD)
def test_what_was_done_to_a_stream_is_noticed(case, three):
    with pytest.raises(Unsealable):
        unseal(BAD[case](seal(three)))


def test_a_stream_passes_only_for_what_it_was_sealed_as(three):
    with pytest.raises(Unsealable):
        unseal(seal(three, "a/part"), "b/part")


def test_an_old_key_opens_as_long_as_it_stands_behind_the_new_one(settings, three):
    data = seal(three)
    settings.BACKUP_KEY = [OTHER, KEY]
    assert unseal(data) == three
    settings.BACKUP_KEY = [OTHER]
    with pytest.raises(Unsealable, match="another BACKUP_KEY"):
        unseal(data)


def test_without_a_key_a_stream_is_what_it_is(settings):
    settings.BACKUP_KEY = []
    assert opened(sealed(io.BytesIO(b"plain"), "n"), "n").read() == b"plain"
