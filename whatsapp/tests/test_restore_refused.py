"""A restore that cannot be done says why and changes nothing."""

import io
import json
import socket
import tarfile
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError

from whatsapp import archive
from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.spool import Spool
from whatsapp.tests.backups import KEY, keys, listing, whatsapp, words

pytestmark = pytest.mark.django_db


def refused(session: Session, reason: str, *arguments: str) -> None:
    before = listing(session.folder)
    with pytest.raises(CommandError, match=reason):
        whatsapp("restore", session.pk, *arguments)
    after = listing(session.folder)
    assert {name: after[name] for name in after if name in before or "spool" not in name} == before
    assert not list(session.folder.parent.glob("*.restoring.*"))
    session.refresh_from_db()
    assert session.lease_expires_at is None or session.lease_owner == "somebody"


def test_a_session_that_is_wanted_or_running_is_left_alone(s3, session, store):
    whatsapp("backup")
    Session.objects.filter(pk=session.pk).update(wanted=True)
    refused(session, "Disconnect it first")
    Session.objects.filter(pk=session.pk).update(wanted=False)
    with Spool(session.folder / "spool"):
        refused(session, "process still works")
    lease_take(session.pk, "somebody")
    refused(session, "is running")


def archive_with(members: dict[str, bytes], about: dict[str, object]) -> bytes:
    """A well encrypted archive of whatever a test likes."""
    files = {name: archive._digest(data) for name, data in members.items()}
    manifest = {"gateway": "simulator", "phone": "", "jid": "", "created": "", "sha256": files, **about}
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, data in {"manifest.json": json.dumps(manifest).encode(), **members}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    return Fernet(KEY).encrypt(buffer.getvalue())


BAD = {
    "climbs out": ({"../store.db": b"x"}, {}, "no backup of ours"),
    "from the root": ({"/etc/passwd": b"x"}, {}, "no backup of ours"),
    "hidden": ({".profile": b"x"}, {}, "no backup of ours"),
    "into a folder": ({"spool/store.db": b"x"}, {}, "no backup of ours"),
    "another session": ({"a.json": b"x"}, {"session": 0}, "belongs to session 0"),
    "another gateway": ({"a.json": b"x"}, {"gateway": "neonize"}, "belongs to session"),
    "another format": ({"a.json": b"x"}, {"format": 99}, "format 99"),
    "another content": ({"a.json": b"x"}, {"sha256": {"a.json": "0" * 64}}, "not those it was made of"),
    "a file too many": ({"a.json": b"x"}, {"sha256": {}}, "not those it was made of"),
    "a damaged store": ({"store.db": b"SQLite format 3\x00" + b"\xff" * 4096}, {}, "store.db is damaged"),
    "an odd manifest": ({"a.json": b"x"}, {"surprise": 1}, "not a backup of a session"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_archive_changes_nothing(s3, session, store, case):
    members, about, reason = BAD[case]
    s3.put_object(Key="given.backup", Body=archive_with(members, {"session": session.pk, **about}))
    refused(session, reason, "--from", "given.backup")


@pytest.mark.parametrize(
    "body", [b"", b"not encrypted at all", Fernet(KEY).encrypt(b"no tar")], ids=["empty", "plain", "no tar"]
)
def test_what_is_no_archive_changes_nothing(s3, session, store, body):
    s3.put_object(Key="given.backup", Body=body)
    refused(session, "cannot be used", "--from", "given.backup")


def test_a_link_in_an_archive_is_refused(s3, session, store):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        link = tarfile.TarInfo("store.db")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    s3.put_object(Key="given.backup", Body=Fernet(KEY).encrypt(buffer.getvalue()))
    refused(session, "no backup of ours", "--from", "given.backup")


def test_a_cut_archive_changes_nothing(s3, session, store):
    whatsapp("backup")
    whole = s3.Object(keys(s3)[0]).get()["Body"].read()
    s3.put_object(Key="given.backup", Body=whole[:-100])
    refused(session, "damaged", "--from", "given.backup")


def test_no_copy_no_key_no_bucket_no_server(s3, session, store, settings, tmp_path):
    refused(session, "There is no backup of session")
    refused(session, "There is no backup livia/x", "--from", "livia/x")
    settings.BACKUP_S3_BUCKET = "elsewhere"
    refused(session, "bucket elsewhere does not exist")
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        settings.BACKUP_S3_ENDPOINT_URL = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        refused(session, "cannot be reached")
    settings.BACKUP_S3_ENDPOINT_URL = "storage.example.com"
    refused(session, "settings .* do not fit")
    settings.BACKUP_S3_BUCKET, settings.BACKUP_DIR = "", tmp_path / "backups"
    refused(session, "There is no backup of session")


def test_a_disk_without_room_puts_everything_back(s3, session, store, monkeypatch):
    whatsapp("backup")
    (session.folder / "leaving").write_text("1")
    replace = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target == store and ".restoring." in str(self):
            raise OSError(28, "No space left on device")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", full)
    refused(session, "Nothing was changed")
    assert words(store) == ["first"]
