"""Which chats' keys are forgotten when the library opens its store again."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from whatsapp.gateways.base import DialFailed, StoreCorrupt
from whatsapp.gateways.neonize import store
from whatsapp.store import RESTORED, SETTLED

OLD = "UPDATE livia_moved SET at = at - 3600 WHERE their_id = 'ana'"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store as the library leaves it, with three chats of which Maria's moved last."""
    path = tmp_path / store.NAME
    sql(
        path,
        """
        CREATE TABLE whatsmeow_sessions (our_jid TEXT, their_id TEXT, session bytea, PRIMARY KEY (our_jid, their_id));
        INSERT INTO whatsmeow_sessions VALUES ('us', 'ana', 'a'), ('us', 'caio', 'c');
        """,
    )
    assert store.prepare(path)
    write(path, "ana", "caio")
    sql(path, OLD)
    write(path, "maria", "maria")
    return path


def sql(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def write(path: Path, *people: str) -> None:
    """As the library does it: an upsert."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for person in people:
            connection.execute(
                "INSERT INTO whatsmeow_sessions VALUES ('us', ?, 'new') "
                "ON CONFLICT (our_jid, their_id) DO UPDATE SET session = excluded.session",
                [person],
            )


def known(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT their_id FROM whatsmeow_sessions")}


def test_after_a_death_only_the_keys_that_moved_lately_are_forgotten(path):
    assert store.prepare(path)
    assert known(path) == {"ana"}  # Caio's and Maria's moved within seconds of the end
    assert store.prepare(path)
    assert known(path) == {"ana"}


def test_after_an_orderly_end_none_is_forgotten(path):
    store.settled(path)
    assert store.prepare(path)
    assert known(path) == {"ana", "caio", "maria"}
    assert not (path.parent / SETTLED).exists()


def test_a_store_from_a_backup_forgets_all(path):
    store.settled(path)
    (path.parent / RESTORED).touch()
    assert store.prepare(path)
    assert known(path) == set()
    assert not (path.parent / RESTORED).exists()


def test_a_store_that_is_new_is_watched_once_it_has_its_tables(tmp_path):
    path = tmp_path / store.NAME
    assert not store.prepare(path)
    sql(
        path,
        "CREATE TABLE whatsmeow_sessions (our_jid TEXT, their_id TEXT, session bytea, PRIMARY KEY (our_jid, their_id))",
    )
    store.watch(path)
    write(path, "maria")
    assert store.prepare(path)
    assert known(path) == set()


@pytest.mark.parametrize(
    "content", [b"not a database" * 100, b"SQLite format 3\x00" + b"\x07" * 5000], ids=["text", "torn"]
)
def test_a_store_nobody_can_read_is_said_to_be_corrupt(tmp_path, content):
    path = tmp_path / store.NAME
    path.write_bytes(content)
    with pytest.raises(StoreCorrupt):
        store.prepare(path)


def test_a_store_that_is_only_locked_keeps_its_pairing(path):
    with closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(DialFailed):
            store.prepare(path)
