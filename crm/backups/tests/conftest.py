"""An installation with something to lose: a lead, a thread, files, and a number that was paired."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from conversations.models import Conversation
from whatsapp.models import Session
from whatsapp.tests import backups
from whatsapp.tests.conftest import s3, s3_server  # noqa: F401

Run = Callable[..., str]


@pytest.fixture
def place(settings, tmp_path: Path) -> Path:
    """Where backups go, encrypted; and folders of this test's own for all else."""
    settings.BACKUP_DIR, settings.BACKUP_S3_BUCKET = tmp_path / "backups", ""
    settings.BACKUP_KEY, settings.BACKUP_KEEP = [backups.KEY], 14
    settings.MEDIA_ROOT, settings.WHATSAPP_SESSION_DIR = tmp_path / "media", tmp_path / "sessions"
    return settings.BACKUP_DIR


@pytest.fixture
def run() -> Run:
    """A command; what it said."""

    def call(command: str, *arguments: str) -> str:
        out = io.StringIO()
        call_command(command, *arguments, stdout=out, stderr=out)
        return out.getvalue()

    return call


@pytest.fixture
def files(place: Path, settings) -> Path:
    folder = Path(settings.MEDIA_ROOT)
    (folder / "2031" / "03").mkdir(parents=True)
    (folder / "2031" / "03" / "voz é.ogg").write_bytes(bytes(range(256)) * 5000)
    (folder / "empty.txt").touch()
    (folder / "2031" / "photo.jpg").write_bytes(b"\xff\xd8" + b"x" * 511)
    return folder


@pytest.fixture
def number(place: Path, maria_thread: Conversation, settings) -> Session:
    """Lívia's number, paired: its store holds one word."""
    jid, phone = "5511988887777@s.whatsapp.net", "5511988887777"
    session = Session.objects.create(inbox=maria_thread.inbox, gateway="simulator", jid=jid, phone=phone)
    session.folder.mkdir(mode=0o700, parents=True)
    backups.fill(session.folder / "store.db", "first")
    return session
