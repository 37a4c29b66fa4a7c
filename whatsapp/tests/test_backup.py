"""Backups of sessions' credentials: to a real S3 server on this machine, and back."""

import sqlite3
import subprocess
import sys

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.core.management import CommandError

from conversations.models import Inbox, InboxRole
from crm.core.object_store import ObjectStore
from whatsapp import archive
from whatsapp.models import Session
from whatsapp.services import session_connect, session_disconnect
from whatsapp.spool import Spool
from whatsapp.states import Gateway, State
from whatsapp.tests.backups import KEY, fill, keys, listing, whatsapp, words
from whatsapp.tests.conftest import eventually, state_of

pytestmark = pytest.mark.django_db


def test_a_lost_store_comes_back(s3, session, store):
    whatsapp("backup")
    fill(store, "second")
    told = whatsapp("restore", session.pk)
    assert words(store) == ["first"] and "connect" in told
    assert [words(path) for path in session.folder.glob("replaced.*/store.db")] == [["first", "second"]]
    assert store.stat().st_mode & 0o777 == 0o600
    assert next(session.folder.glob("replaced.*")).stat().st_mode & 0o777 == 0o700


def test_a_restore_works_on_a_fresh_machine(s3, session, store, settings, tmp_path):
    whatsapp("backup")
    Session.objects.filter(pk=session.pk).update(jid="", phone="")
    settings.WHATSAPP_SESSION_DIR = tmp_path / "other" / "machine"
    whatsapp("restore", session.pk)
    session.refresh_from_db()
    assert words(session.folder / "store.db") == ["first"]
    assert (session.jid, session.phone) == ("5511988887777@s.whatsapp.net", "5511988887777")
    assert session.folder.stat().st_mode & 0o777 == 0o700


WRITER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=5, isolation_level=None)
number = 0
while True:
    number += 1
    database.execute("BEGIN IMMEDIATE")
    database.execute("INSERT INTO pairs (side, number, filling) VALUES ('a', ?, ?)", [number, "x" * 2000])
    database.execute("INSERT INTO pairs (side, number, filling) VALUES ('b', ?, ?)", [number, "y" * 2000])
    database.execute("COMMIT")
    print(number, flush=True)
"""


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_a_copy_taken_while_another_process_writes_is_one_state_of_the_store(s3, session, store, mode):
    with sqlite3.connect(store) as database:
        database.execute(f"PRAGMA journal_mode = {mode}")
        database.execute("CREATE TABLE pairs (side TEXT, number INTEGER, filling TEXT)")
    database.close()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(store)], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout
        for _round in range(5):
            for _write in range(20):
                assert writer.stdout.readline(), "the writer was refused"
            whatsapp("backup")
        assert writer.poll() is None
    finally:
        writer.kill()
        writer.wait()
        writer.stdout.close()
    for key in keys(s3):
        whatsapp("restore", session.pk, "--from", key)
        database = sqlite3.connect(store)
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        sides = database.execute("SELECT side, count(*), max(number) FROM pairs GROUP BY side ORDER BY side").fetchall()
        database.close()
        assert [side for side, *_ in sides] == ["a", "b"] and sides[0][1:] == sides[1][1:] and sides[0][1] >= 20


def test_the_change_a_killed_owner_left_half_written_is_not_in_the_copy(s3, session, store):
    half = """
import os, signal, sqlite3, sys
database = sqlite3.connect(sys.argv[1], isolation_level=None)
database.execute("PRAGMA cache_size = 1")
database.execute("BEGIN IMMEDIATE")
database.executemany("INSERT INTO keys (word) VALUES (?)", [("half" * 500,)] * 2000)
os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", half, str(store)], check=False)
    assert store.with_name("store.db-journal").exists()
    whatsapp("backup")
    whatsapp("restore", session.pk)
    assert words(store) == ["first"]
    assert not store.with_name("store.db-journal").exists()


def test_what_belongs_to_this_disk_stays_out(s3, session, store):
    with Spool(session.folder / "spool") as spool:
        spool.append(b"a message")
    for name in ("leaving", "simulator.new", "some.lock"):
        (session.folder / name).write_text("1")
    (session.folder / "simulator.json").write_text('{"device": "d"}')
    (session.folder / "quarantine").write_text("00ff\n")
    before = listing(session.folder)["spool"]
    whatsapp("backup")
    whatsapp("restore", session.pk)
    found = archive.unpack(ObjectStore().get(keys(s3)[0]))
    assert sorted(found.files) == ["quarantine", "simulator.json", "store.db"]
    assert listing(session.folder)["spool"] == before
    assert not (session.folder / "leaving").exists(), "every taken message counts as perhaps sent"
    assert (session.folder / "quarantine").read_text() == "00ff\n"


def test_messages_set_aside_since_the_backup_stay(s3, session, store):
    whatsapp("backup")
    (session.folder / "quarantine").write_text("aa\n")
    whatsapp("restore", session.pk)
    assert (session.folder / "quarantine").read_text() == "aa\n"


def test_nothing_readable_leaves_the_machine(s3, session, store):
    whatsapp("backup")
    body = s3.Object(keys(s3)[0]).get()["Body"].read()
    assert b"SQLite" not in body and not body.startswith(b"\x1f\x8b") and b"first" not in body


def test_the_oldest_copies_leave_when_a_new_one_has_arrived(s3, session, store, settings):
    settings.BACKUP_KEEP = 2
    s3.put_object(Key=f"livia/whatsapp/{session.pk}0/other.backup", Body=b"another session's")
    for day in ("2031-03-01", "2031-03-02", "2031-03-03"):
        with time_machine.travel(f"{day}T03:00:00Z"):
            whatsapp("backup", session.pk)
    own = f"livia/whatsapp/{session.pk}/"
    kept = [key for key in keys(s3) if key.startswith(own)]
    assert [key.removeprefix(own)[:8] for key in kept] == ["20310302", "20310303"]
    assert len(keys(s3)) == 3
    assert "2031-03-03 03:00" in whatsapp("restore", session.pk, "--list")
    session.refresh_from_db()
    assert session.backed_up_at and session.backed_up_at.day == 3


def test_a_copy_can_be_chosen(s3, session, store):
    with time_machine.travel("2031-03-01T03:00:00Z"):
        whatsapp("backup")
    fill(store, "second")
    with time_machine.travel("2031-03-02T03:00:00Z"):
        whatsapp("backup")
    whatsapp("restore", session.pk, "--from", keys(s3)[0])
    assert words(store) == ["first"]
    whatsapp("restore", session.pk)
    assert words(store) == ["first", "second"]
    assert len(list(session.folder.glob("replaced.*"))) == 1, "only the last credentials are kept aside"


def test_a_new_key_reads_what_an_old_one_wrote_as_long_as_it_stands_behind(s3, session, store, settings):
    whatsapp("backup")
    settings.BACKUP_KEY = [Fernet.generate_key().decode(), KEY]
    whatsapp("restore", session.pk)
    settings.BACKUP_KEY = settings.BACKUP_KEY[:1]
    with pytest.raises(CommandError, match="another BACKUP_KEY"):
        whatsapp("restore", session.pk)


def test_one_failure_does_not_stop_the_others(s3, session, store):
    second = Inbox.objects.create(name="Ana", role=InboxRole.CONSULTANTS)
    broken = Session.objects.create(inbox=second, gateway=Gateway.NEONIZE)
    broken.folder.mkdir()
    (broken.folder / "store.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    with pytest.raises(CommandError, match="1 of 2"):
        whatsapp("backup")
    session.refresh_from_db()
    assert session.backed_up_at
    assert len(keys(s3)) == 1 and f"/{session.pk}/" in keys(s3)[0]


@pytest.mark.parametrize("key", [[KEY], []], ids=["encrypted", "as it is"])
def test_without_a_bucket_a_folder_takes_the_copies(session, store, settings, tmp_path, key):
    settings.BACKUP_S3_BUCKET, settings.BACKUP_DIR, settings.BACKUP_KEY = "", tmp_path / "backups", key
    whatsapp("backup")
    fill(store, "second")
    (copy,) = settings.BACKUP_DIR.rglob("*.backup")
    assert copy.stat().st_mode & 0o777 == 0o600 and copy.parent.stat().st_mode & 0o777 == 0o700
    assert copy.read_bytes().startswith(b"\x1f\x8b") is not bool(key)
    whatsapp("restore", session.pk)
    assert words(store) == ["first"]


def test_a_connected_session_whose_folder_is_elsewhere_is_a_failure(s3, session):
    assert "not paired" in whatsapp("backup")
    Session.objects.filter(pk=session.pk).update(state=State.ONLINE)
    with pytest.raises(CommandError, match="1 of 1"):
        whatsapp("backup")


def test_an_unknown_session_is_named(s3):
    with pytest.raises(CommandError, match="no session 987"):
        whatsapp("backup", 987)
    with pytest.raises(CommandError, match="no session 987"):
        whatsapp("restore", 987)


# ---- the whole way
def test_a_restored_number_connects_without_pairing(s3, session, network, online, run):
    whatsapp("backup")
    session_disconnect(session_id=session.pk)
    eventually(lambda: state_of(session) == "stopped" and not online.thread.is_alive())
    for path in session.folder.iterdir():
        path.unlink()
    session.folder.rmdir()
    whatsapp("restore", session.pk)
    Session.objects.filter(pk=session.pk).update(last_attempt_at=None, qr_total=0)
    session_connect(session_id=session.pk)
    run(session.pk)
    eventually(lambda: state_of(session) == "online")
    session.refresh_from_db()
    assert session.qr_total == 0
