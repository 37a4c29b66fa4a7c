"""Backups are made daily, kept as long as asked for, and missed when they fail."""

from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError

from conversations.models import Inbox, InboxRole
from crm.alerts.models import Alert
from crm.backups import database, sets, tasks
from crm.backups.models import Backup
from crm.backups.selectors import last_good_backup
from crm.core.clock import now
from crm.core.object_store import ObjectStoreError, object_store
from crm.realtime.models import Notification
from whatsapp.models import Session

pytestmark = pytest.mark.django_db


def test_the_daily_backup_is_made_once_and_made_up_for_when_it_was_missed(place, files, number, settings):
    settings.BACKUP_DAILY, settings.BACKUP_HOUR, settings.TIME_ZONE = True, 3, "UTC"
    with time_machine.travel("2031-03-01T09:17:00Z") as clock:
        for _hour in range(2):
            tasks.run()
            clock.shift(timedelta(hours=1))
    (row,) = Backup.objects.all()
    assert last_good_backup() == row.finished_at and row.finished_at.hour == 9
    assert set(row.parts) == {"database", "media"} and row.bytes and row.checked_at and not row.error
    number.refresh_from_db()
    assert number.backed_up_at
    stored = [path for path in place.rglob("*") if path.is_file()]
    assert len(stored) == 4 and all(path.stat().st_mode & 0o777 == 0o600 for path in stored)
    assert not any(b"PGDMP" in path.read_bytes() or b"SQLite" in path.read_bytes() for path in stored)


def test_it_is_off_where_nobody_asked_for_it(place, files, settings):
    settings.BACKUP_DAILY = False
    tasks.run()
    assert not place.exists() and not Backup.objects.exists()


def test_managers_hear_once_that_it_failed_and_that_it_works_again(place, files, number, bruno, settings, tmp_path):
    settings.BACKUP_DAILY = True
    (tmp_path / "file").touch()
    settings.BACKUP_DIR = tmp_path / "file" / "below"
    for _hour in range(2):
        tasks.run()
    assert [n.kind for n in Notification.objects.filter(user=bruno)] == ["backup_failed"]
    settings.BACKUP_DIR = place
    tasks.run()
    assert Alert.objects.get(code="backup_failed", key="data").cleared_at and last_good_backup()


def test_what_makes_up_for_a_failed_backup_names_the_numbers_copied_before(place, files, number, settings):
    settings.BACKUP_DAILY = True
    then = now() - timedelta(days=2)
    large = Backup.objects.create(name="large", started_at=then, finished_at=then, checked_at=then, bytes=10**18)
    tasks.run()
    assert not sets.names(object_store()), "no room: only the credentials were copied"
    large.delete()
    tasks.run()
    (name,) = sets.names(object_store())
    assert list(sets.manifest_read(object_store(), name).sessions) == [str(number.pk)]


def test_a_number_that_cannot_be_copied_stops_nothing_and_is_told_once(place, files, number, bruno, settings):
    settings.BACKUP_DAILY = True
    second = Inbox.objects.create(name="Ana", role=InboxRole.CONSULTANTS)
    broken = Session.objects.create(inbox=second, gateway="neonize")
    broken.folder.mkdir()
    (broken.folder / "store.db").write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)
    for _day in range(2):
        tasks.run()
        Backup.objects.update(finished_at=now() - timedelta(days=2))
    (told,) = Notification.objects.filter(user=bruno)
    assert told.kind == "backup_failed" and told.data == {"name": "Ana"}
    assert last_good_backup()


def test_a_part_that_was_not_stored_as_it_was_written_is_no_backup(place, files, run, monkeypatch):
    """A disk that lies: it takes the bytes and gives others back."""
    upload = type(object_store()).upload

    def lying(self, key, source):
        upload(self, key, source)
        if key.endswith("media.tar"):
            (place / key).write_bytes((place / key).read_bytes()[:-1] + b"?")

    monkeypatch.setattr("crm.core.object_store.FolderStore.upload", lying)
    with pytest.raises(CommandError, match="damaged"):
        run("backup", "--only", "media")
    assert not sets.names(object_store()), "what failed was taken away"
    assert Backup.objects.get().error and last_good_backup() is None


def test_the_oldest_leave_when_a_new_one_has_arrived(place, files, run, settings):
    settings.BACKUP_KEEP = 2
    for day in (1, 2, 3):
        with time_machine.travel(f"2031-03-0{day}T03:00:00Z", tick=False):
            run("backup", "--only", "media")
    assert list(sets.names(object_store())) == ["20310302T030000.000000Z", "20310303T030000.000000Z"]


def test_two_never_run_at_once(place, files, run):
    with database.locked("make"), pytest.raises(CommandError, match="Another backup runs"):
        run("backup", "--only", "media")


def test_a_disk_that_would_run_full_is_left_alone(place, files, run):
    values = {"started_at": now(), "finished_at": now(), "checked_at": now(), "place": ""}
    Backup.objects.create(name="huge", bytes=2**60, **values)
    with pytest.raises(CommandError, match="not enough room"):
        run("backup", "--only", "media")


def test_what_it_is_asked_for_must_be_known(place, run, settings):
    with pytest.raises(CommandError, match="not everything"):
        run("backup", "--only", "everything")
    with pytest.raises(CommandError, match="BACKUP_S3_BUCKET is not set"):
        run("backup", "--to", "s3")
    settings.BACKUP_S3_BUCKET, settings.BACKUP_KEY = "somewhere", []
    with pytest.raises(CommandError, match="unencrypted"):
        run("backup", "--only", "media")


def test_a_folder_gives_nothing_from_outside(place):
    for key in ("../secret", "/etc/passwd", "a/../../b", ".hidden", ""):
        with pytest.raises(ObjectStoreError, match="no backup"):
            object_store().get(key)
