"""All is lost, and comes back: on a real PostgreSQL, a real disk and a real S3 server."""

import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.apps import apps
from django.contrib.sessions.models import Session as SignedIn
from django.core.cache import cache
from django.core.management import CommandError
from django.db import connection

from conversations.models import Author, Message, MessageState
from conversations.outbox import message_queue
from crm.backups import database, sets
from crm.backups.selectors import last_good_backup
from crm.core.object_store import object_store
from leads.models import Lead
from whatsapp.models import Session
from whatsapp.tests.backups import KEY, keys, listing, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def nothing_left(settings):
    """What restores put aside does not stay for other tests."""
    yield
    for name in [*database.leftovers()[0], *database.leftovers()[1]]:
        database.drop(name)


def rows() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table that a restore does not settle."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" AS t ORDER BY 1')
            found[table] = cursor.fetchall()
    settled = ("backups_backup", "django_session", "whatsapp_session", "realtime_")
    return {table: content for table, content in found.items() if not table.startswith(settled)}


def lose_everything(files: Path, number: Session) -> None:
    shutil.rmtree(files)
    shutil.rmtree(number.folder)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE leads_lead, conversations_contact, accounts_user, whatsapp_session CASCADE")


def test_what_was_lost_comes_back_row_by_row_and_byte_by_byte(place, files, number, bruno, run):
    before, media = rows(), listing(files)
    told = run("backup")
    assert "read back and found whole" in told and last_good_backup()
    lose_everything(files, number)
    assert not Lead.objects.exists()
    told = run("restore", "--yes")
    assert rows() == before
    assert listing(files) == media and (files / "empty.txt").exists()
    assert words(number.folder / "store.db") == ["first"]
    assert "as many as were copied" in told and "Done." in told
    assert last_good_backup(), "the restored database knows which backup it came from"
    aside = database.leftovers()[1]
    assert len(aside) == 1 and aside[0] in told
    run("restore", "--forget-old", "--yes")
    assert not database.leftovers()[1]


@pytest.mark.thorough
def test_by_way_of_a_bucket(s3, place, files, number, settings, run):  # noqa: F811
    settings.BACKUP_S3_BUCKET = "backups"
    before, media = rows(), listing(files)
    run("backup")
    assert not place.exists() and any(key.endswith("database.dump") for key in keys(s3))
    for row in s3.objects.all():
        body = row.get()["Body"].read()
        assert b"PGDMP" not in body and b"photo.jpg" not in body and b"Maria" not in body
    lose_everything(files, number)
    run("restore", "--yes")
    assert rows() == before and listing(files) == media


def test_yesterday_sends_nothing_today_and_lets_nobody_in(place, maria_thread, number, bruno, browse, run):
    waiting = message_queue(conversation_id=maria_thread.pk, text="Oi, Maria", author=Author.LIVIA)
    Session.objects.update(wanted=True, state="online", lease_owner="somebody", lease_token="t")
    browse(bruno)
    cache.set("remembered", 1)
    run("backup")
    Message.objects.filter(pk=waiting.pk).update(state=MessageState.SENT)
    apps.get_model("privacy", "Erasure").objects.create(lead_id=maria_thread.lead_id, requester=bruno)
    told = run("restore", "--yes", "--only", "database")
    waiting.refresh_from_db()
    number.refresh_from_db()
    assert waiting.state == MessageState.UNKNOWN
    assert (number.wanted, number.lease_owner) == (False, "")
    assert not SignedIn.objects.exists() and cache.get("remembered") is None
    assert f"erase again the leads {maria_thread.lead_id}." in told
    assert "everybody signs in again" in told and "waiting for Connect" in told


# ---- refused, and nothing changed
def refused(run, files: Path, reason: str, *arguments: str) -> None:
    before, media = rows(), listing(files)
    with pytest.raises(CommandError, match=reason):
        run("restore", "--yes", *arguments)
    assert rows() == before and listing(files) == media
    assert database.leftovers() == ([], [])


def part(place: Path, file: str) -> Path:
    (found,) = place.rglob(file)
    return found


def test_a_backup_that_was_cut_changed_or_locked_with_another_key_changes_nothing(place, files, number, run, settings):
    run("backup")
    whole = part(place, "media.tar").read_bytes()
    part(place, "media.tar").write_bytes(whole[:-600])
    refused(run, files, "damaged, or a part of it is missing. Nothing was changed")
    part(place, "media.tar").write_bytes(whole)
    dump = part(place, "database.dump")
    body = bytearray(dump.read_bytes())
    body[-20] ^= 1
    dump.write_bytes(body)
    refused(run, files, "Nothing was changed")
    dump.unlink()
    refused(run, files, "gone: database")
    settings.BACKUP_KEY = [Fernet.generate_key().decode()]
    refused(run, files, "another BACKUP_KEY")
    settings.BACKUP_KEY = []
    refused(run, files, "is encrypted: set BACKUP_KEY")


def test_without_a_key_damage_is_found_by_its_checksum(place, files, number, run, settings):
    settings.BACKUP_KEY = []
    run("backup", "--only", "media")
    stored = part(place, "media.tar")
    body = bytearray(stored.read_bytes())
    body[len(body) // 2] ^= 1
    stored.write_bytes(body)
    refused(run, files, "is not what was written")


def test_the_product_must_be_stopped(place, files, number, run):
    run("backup", "--only", "database")
    with database.connected():
        refused(run, files, "The product runs: 1 connections")


@pytest.mark.thorough
def test_or_it_is_cut_off(place, files, number, run):
    run("backup", "--only", "database")
    with database.connected():
        run("restore", "--yes", "--force")
    assert Lead.objects.exists()


def test_a_backup_of_a_newer_version_is_refused(place, files, number, run):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('leads', '9999_future', now())")
    run("backup", "--only", "database")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '9999_future'")
    refused(run, files, "newer than this one .leads.9999_future")


@pytest.mark.thorough
def test_a_database_that_cannot_be_exchanged_leaves_the_files_as_they_were(place, files, number, run, monkeypatch):
    """Somebody connects at the last moment."""
    run("backup", "--only", "database,media")
    (files / "since.txt").write_text("new")
    swap, held = database.swap, []

    def late(*arguments: object, **options: object) -> str:
        held.append(database.connected())
        held[0].__enter__()
        return swap(*arguments, **options)

    monkeypatch.setattr("crm.backups.database.swap", late)
    try:
        before, media = rows(), listing(files)
        connection.close_pool()
        connection.close()
        with pytest.raises(CommandError, match="(?s)could not change places.*Nothing was changed"):
            run("restore", "--yes")
    finally:
        held[0].__exit__(None, None, None)
    assert rows() == before and listing(files) == media and database.leftovers() == ([], [])


KILLER = """#!/bin/sh
case "$1" in
  --version) echo "{name} (PostgreSQL) {version}" ;;
  *) {work}; kill -9 $PPID ;;
esac
"""


@pytest.fixture
def killed(tmp_path, settings):
    """A command in a process of its own, which dies the moment it has half of the work of a program done."""

    def run(command: str, program: str, work: str) -> None:
        with database.connected() as link:
            version = database.server_version(link)
        script = tmp_path / "bin" / program
        script.parent.mkdir(exist_ok=True)
        script.write_text(KILLER.format(name=program, version=version, work=work))
        script.chmod(0o755)
        name = connection.settings_dict["NAME"]
        database.let_go()
        folders = {"BACKUP_DIR": settings.BACKUP_DIR, "MEDIA_ROOT": settings.MEDIA_ROOT}
        environment = os.environ | {
            "DATABASE_URL": re.sub(r"/\w+\?", f"/{name}?", os.environ["DATABASE_URL"]),
            "PATH": f"{script.parent}:{os.environ['PATH']}",
            "WHATSAPP_SESSION_DIR": str(settings.WHATSAPP_SESSION_DIR),
            "BACKUP_KEY": KEY,
            **{name: str(folder) for name, folder in folders.items()},
        }
        done = subprocess.run([sys.executable, "manage.py", *command.split()], env=environment, check=False)
        assert done.returncode == -signal.SIGKILL
        script.unlink()

    return run


@pytest.mark.thorough
def test_whoever_dies_in_the_middle_leaves_nothing_half(place, files, number, run, killed):
    run("backup")
    before, media = rows(), listing(files)
    killed("backup", "pg_dump", "echo PGDMP and no more")
    assert [name for name, held in sets.names(object_store()).items() if sets.MANIFEST in held] == [
        next(iter(sets.names(object_store())))
    ]
    killed("restore --yes", "pg_restore", "cat >/dev/null")
    assert rows() == before and listing(files) == media
    assert database.leftovers()[0], "it died before it could tidy up"
    run("restore", "--yes")
    run("restore", "--yes", "--forget-old")
    assert rows() == before and listing(files) == media and database.leftovers() == ([], [])
    run("backup")
    assert len(sets.names(object_store())) == 2 and not list(place.rglob("*.part"))


def test_credentials_that_are_gone_do_not_keep_the_rest_from_coming_back(place, files, number, run):
    run("backup")
    for copy in place.rglob("*.backup"):
        copy.unlink()
    with pytest.raises(CommandError, match="no backup livia/whatsapp.*--only database,media"):
        run("restore", "--yes")
    run("restore", "--yes", "--only", "media")


def test_nothing_happens_without_a_yes(place, files, number, run, monkeypatch):
    run("backup", "--only", "media")
    monkeypatch.setattr("builtins.input", lambda _prompt: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        run("restore")
    with pytest.raises(CommandError, match="no backup 2020"):
        run("restore", "--from", "2020")
    with pytest.raises(CommandError, match="does not hold: database"):
        run("restore", "--only", "database")
    assert sets.moment_of(next(iter(sets.names(object_store())))).strftime("%Y-%m-%d") in run("restore", "--list")
