"""Backups of sessions' credentials in a bucket or a folder, and the way back.

A store opens the account to whoever holds it, so it leaves this machine encrypted with BACKUP_KEY only. Nothing here
holds a transaction open across the network.
"""

import os
import shutil
import socket
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.core.object_store import ObjectStoreError, Store, object_store
from crm.core.work import service
from whatsapp import archive
from whatsapp.archive import Archive, BadArchive, Manifest
from whatsapp.lease import lease_release, lease_take
from whatsapp.models import Session
from whatsapp.rooms import publish_card
from whatsapp.spool import Spool, SpoolBusy
from whatsapp.states import State
from whatsapp.store import RESTORED, credentials

log = structlog.get_logger(__name__)

ENDING = ".backup"
_MOMENT = "%Y%m%dT%H%M%S.%fZ"
_KIND = "backup_failed"
_FAILED = gettext_noop("Backup failed: %(name)s")
_FAILED_BODY = gettext_noop("Ask whoever runs the server to look at its log: these numbers have no new copy.")
_SUCCEEDED = gettext_noop("Backups work again")


class BackupError(Exception):
    """A backup or a restore that did not happen; the text says why, and nothing was changed."""


@dataclass(frozen=True)
class Result:
    """What became of one session: the key of its copy, or why there is none."""

    session: Session
    key: str = ""
    size: int = 0
    error: str = ""


def sessions_back_up(sessions: Iterable[Session], *, place: str = "") -> Iterator[Result]:
    """One after the other; what fails for one does not stop the next. Raises BackupError without a place for them."""
    store = _object_store(place)
    for session in sessions:
        try:
            yield _back_up(store, session)
        except (BackupError, BadArchive, ObjectStoreError, OSError) as error:
            log.error("backup_failed", session=session.pk, error=str(error))
            yield Result(session, error=str(error))


def _back_up(store: Store, session: Session) -> Result:
    if not archive.stores(session.folder):
        if session.state == State.ONLINE:
            raise BackupError("It is connected, but its folder is not on this machine: check WHATSAPP_SESSION_DIR.")
        return Result(session)
    about = Manifest(session.pk, session.gateway, session.phone, session.jid, created=now().isoformat())
    data = archive.pack(session.folder, about)
    key = f"{_prefix(session.pk)}{now().strftime(_MOMENT)}{ENDING}"
    store.put(key, data)
    session_backed_up(session_id=session.pk)
    for old in _copies(store, session.pk)[: -settings.BACKUP_KEEP]:
        store.delete(old)
    log.info("backed_up", session=session.pk, key=key, bytes=len(data))
    return Result(session, key, len(data))


@service
def session_backed_up(*, session_id: int) -> None:
    Session.objects.filter(pk=session_id).update(backed_up_at=now())
    publish_card(session_id)


@service
def backup_failure_tell(*, names: list[str]) -> None:
    """Managers hear of it once, until a backup of all numbers succeeds."""
    data, url = {"name": ", ".join(names)}, reverse("whatsapp:sessions")
    alert_raise(code=_KIND, level=Level.CRITICAL, title=_FAILED, body=_FAILED_BODY, data=data, url=url, kind=_KIND)


def backup_failure_over() -> None:
    alert_clear(code=_KIND, title=_SUCCEEDED)


# ---- the way back
def session_copies(session_id: int, *, place: str = "") -> list[str]:
    """The keys of a session's copies, oldest first."""
    try:
        return _copies(_object_store(place), session_id)
    except ObjectStoreError as error:
        raise BackupError(str(error)) from error


def session_copy_check(key: str, *, place: str = "") -> Manifest:
    """What a copy says it is, once it was read and opened. Raises BackupError."""
    return _open(_object_store(place), key).manifest


def session_restore(*, session_id: int, key: str = "latest", place: str = "") -> Manifest:
    """Put a copy of the credentials in place; what was there is moved aside. Raises BackupError, and then nothing was
    changed. The session must be disconnected."""
    session = Session.objects.filter(pk=session_id).first()
    if session is None:
        raise BackupError(f"There is no session {session_id}.")
    _refuse_running(session)
    found = _fetch(_object_store(place), session, key)
    folder = session.folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f"{session_id}.restoring.", dir=folder.parent) as staging:
        _unfold(found, Path(staging))
        (Path(staging) / RESTORED).touch(mode=0o600)
        with _alone(session):
            _swap(Path(staging), folder)
            _note_pairing(session_id=session_id, manifest=found.manifest)
    log.warning("restored", session=session_id, created=found.manifest.created)
    return found.manifest


def _fetch(store: Store, session: Session, key: str) -> Archive:
    if key == "latest":
        try:
            copies = _copies(store, session.pk)
        except ObjectStoreError as error:
            raise BackupError(str(error)) from error
        if not copies:
            raise BackupError(f"There is no backup of session {session.pk} in {_prefix(session.pk)}.")
        key = copies[-1]
    found = _open(store, key)
    if (found.manifest.session, found.manifest.gateway) != (session.pk, session.gateway):
        raise BackupError(f"{key} belongs to session {found.manifest.session} ({found.manifest.gateway}).")
    return found


def _open(store: Store, key: str) -> Archive:
    try:
        return archive.unpack(store.get(key))
    except ObjectStoreError as error:
        raise BackupError(str(error)) from error
    except BadArchive as error:
        raise BackupError(f"{key} cannot be used. {error}") from error


def _unfold(found: Archive, staging: Path) -> None:
    for name, content in found.files.items():
        path = staging / name
        path.touch(mode=0o600)
        path.write_bytes(content)
        try:
            archive.check_store(path)
        except BadArchive as error:
            raise BackupError(f"The backup cannot be used. {error}") from error


def _refuse_running(session: Session) -> None:
    if session.wanted:
        raise BackupError(f"The session is wanted. Disconnect it first: manage.py whatsapp disconnect {session.pk}")


@contextmanager
def _alone(session: Session) -> Iterator[None]:
    """Nobody can start the session meanwhile: we hold its lease and its spool."""
    token = lease_take(session.pk, f"restore on {socket.gethostname()}")
    if token is None:
        raise BackupError("The session is running. Disconnect it first and wait until it has stopped.")
    try:
        session.refresh_from_db()
        _refuse_running(session)
        session.folder.mkdir(mode=0o700, exist_ok=True)
        with Spool(session.folder / "spool"):
            yield
    except SpoolBusy as error:
        raise BackupError("A process still works in the session's folder. Wait until it has stopped.") from error
    finally:
        lease_release(session.pk, token)


def _swap(staging: Path, folder: Path) -> None:
    """Old files out, new ones in. An error on the way puts everything back as it was."""
    aside = folder / f"replaced.{now().strftime(_MOMENT)}"
    aside.mkdir(mode=0o700)
    done: list[tuple[Path, Path]] = []
    try:
        for path in _outdated(folder):
            done.append((path, path.replace(aside / path.name)))
        for path in sorted(staging.iterdir()):
            target = folder / path.name
            if not target.exists():  # messages set aside since then stay
                done.append((path, path.replace(target)))
    except OSError as error:
        for origin, now_at in reversed(done):
            now_at.replace(origin)
        aside.rmdir()
        raise BackupError(f"The files could not be put in place ({error}). Nothing was changed.") from error
    _settle(folder)
    for old in folder.glob("replaced.*"):
        if old != aside or not any(aside.iterdir()):
            shutil.rmtree(old)


def _outdated(folder: Path) -> list[Path]:
    """The credentials of today, what SQLite keeps beside them, and the note of a message that was leaving."""
    return [*credentials(folder), *([folder / "leaving"] if (folder / "leaving").exists() else [])]


def _settle(folder: Path) -> None:
    """The new names are on the disk before anybody is told so."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


@service
def _note_pairing(*, session_id: int, manifest: Manifest) -> None:
    """Whose pairing now lies in the folder: without it, the clean-up takes the number for one nobody paired."""
    Session.objects.filter(pk=session_id).update(jid=manifest.jid, phone=manifest.phone)
    publish_card(session_id)


# ---- names
def moment_of(key: str) -> datetime:
    """When a copy was made, by its name."""
    return datetime.strptime(key.rpartition("/")[2].removesuffix(ENDING) + "+0000", _MOMENT + "%z")


def _object_store(place: str = "") -> Store:
    try:
        return object_store(place)
    except ObjectStoreError as error:
        raise BackupError(str(error)) from error


def _prefix(session_id: int) -> str:
    return f"{settings.BACKUP_S3_PREFIX}/whatsapp/{session_id}/"


def _copies(store: Store, session_id: int) -> list[str]:
    return [key for key in store.keys(_prefix(session_id)) if key.endswith(ENDING)]
