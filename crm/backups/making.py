"""One backup: database, files and the numbers' credentials, each read back before older ones go."""

import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from crm.backups import database, media, sets
from crm.backups.errors import FAULTS, BackupError
from crm.backups.models import Backup
from crm.backups.sealing import PIECE, Counted, Digested, Unsealable, opened, sealed
from crm.backups.services import backup_begin, backup_fail, backup_finish
from crm.backups.sets import DATABASE, KINDS, MEDIA, SESSIONS, Manifest
from crm.backups.tools import free_bytes
from crm.core.clock import now
from crm.core.object_store import FolderStore, Reader, Store, object_store
from whatsapp.archive import product_version
from whatsapp.backup import Result, session_copies, sessions_back_up
from whatsapp.models import Session
from whatsapp.selectors import sessions_all

log = structlog.get_logger(__name__)

Say = Callable[[str], None]


class Busy(BackupError):
    """Another backup of this installation runs now."""


def back_up(
    *, sessions: Collection[Session], kinds: Collection[str] = KINDS, place: str = "", say: Say = lambda _text: None
) -> list[Result]:
    """Make a backup; the numbers that could not be copied, which do not stop the rest. Raises BackupError (Busy where
    another one runs) once the numbers were copied, whatever became of the database and the files."""
    with database.locked("make") as free:
        if not free:
            raise Busy("Another backup runs now.")
        copies = _sessions(sessions, place, say) if SESSIONS in kinds else []
        if wanted := [kind for kind in KINDS if kind in kinds and kind in sets.FILES]:
            _set(object_store(place), wanted, _newest(copies, place) if SESSIONS in kinds else {}, say)
        return [copy for copy in copies if copy.error]


def _sessions(sessions: Collection[Session], place: str, say: Say) -> list[Result]:
    copies = list(sessions_back_up(sessions, place=place))
    say(f"Numbers: {sum(bool(copy.key) for copy in copies)} of {len(copies)} copied.")
    for copy in copies:
        if copy.error:
            say(f"  {copy.session}: {copy.error}")
    return copies


def _newest(copies: list[Result], place: str) -> dict[str, str]:
    """The copy that goes with this set, by number: of now, or the last one where the number was not asked for now."""
    found = {copy.session.pk: copy.key for copy in copies}
    for session in sessions_all():
        if session.pk not in found and (keys := session_copies(session.pk, place=place)):
            found[session.pk] = keys[-1]
    return {str(pk): key for pk, key in found.items() if key}


def _set(store: Store, kinds: list[str], sessions: dict[str, str], say: Say) -> None:
    moment = now()
    manifest = Manifest(sets.name_at(moment), moment.isoformat(), version=product_version(), sessions=sessions)
    with _written_down(store, manifest):
        _tidy(store)
        _room(store)
        for kind in kinds:
            {DATABASE: _database, MEDIA: _media}[kind](store, manifest)
            part = manifest.parts[kind]
            say(f"{kind.capitalize()}: {_size(part['stored'])} in {part['seconds']:.1f} s, read back and found whole.")
        sets.manifest_write(store, manifest)
        sets.manifest_read(store, manifest.name)
    for name in sets.prune(store):
        log.info("backup_pruned", name=name)
    say(f"Backup {manifest.name} is in {store.where}.")


@contextmanager
def _written_down(store: Store, manifest: Manifest) -> Iterator[None]:
    """The row of this run: good only if nothing failed inside. What a failed run left in the storage goes."""
    row: Backup = backup_begin(name=manifest.name, place=store.where)
    try:
        yield
    except BaseException as error:
        backup_fail(backup_id=row.pk, error=str(error) or type(error).__name__)
        if isinstance(error, FAULTS):
            log.error("backup_failed", name=manifest.name, error=str(error))
            _remove(store, manifest.name)
            raise BackupError(str(error)) from error
        raise
    backup_finish(backup_id=row.pk, parts=manifest.parts)
    log.info("backed_up", name=manifest.name, parts=manifest.parts)


def _remove(store: Store, name: str) -> None:
    try:
        sets.remove(store, name, sets.names(store).get(name, set()))
    except FAULTS as error:  # the next backup does it
        log.warning("backup_not_removed", name=name, error=str(error))


def _tidy(store: Store) -> None:
    """What a killed backup left: we hold the lock, so nobody works on it."""
    store.unfinished_remove(sets.prefix())
    for name, files in sets.names(store).items():
        if sets.MANIFEST not in files:
            sets.remove(store, name, files)


def _room(store: Store) -> None:
    """A full disk takes the database along: there must be room for as much as last time."""
    last = Backup.objects.filter(error="", checked_at__isnull=False).order_by("-pk").first()
    if isinstance(store, FolderStore) and last and free_bytes(store.folder) < last.bytes * 1.1:
        raise BackupError(f"There is not enough room in {store.where}: the last backup took {_size(last.bytes)}.")


def _database(store: Store, manifest: Manifest) -> None:
    with database.snapshot() as moment:
        manifest.rows, manifest.migrations, manifest.postgres = moment.rows, moment.migrations, moment.version
        with database.dump(moment) as source:
            _store(store, manifest, DATABASE, source)
    with _back(store, manifest, DATABASE) as source:
        database.check_dump(source)


def _media(store: Store, manifest: Manifest) -> None:
    tar = media.Tar()
    _store(store, manifest, MEDIA, tar)
    manifest.parts[MEDIA]["files"] = tar.files
    with _back(store, manifest, MEDIA) as source:
        if media.count(source) != tar.files:
            raise BackupError("What was stored does not hold the files that were read.")


def _store(store: Store, manifest: Manifest, kind: str, source: Reader) -> None:
    file, began = sets.FILES[kind], time.monotonic()
    plain = Counted(source)
    stored = Digested(sealed(plain, sets.seal_name(manifest.name, file)))
    store.upload(sets.key_of(manifest.name, file), stored)
    seconds = round(time.monotonic() - began, 2)
    part: dict[str, Any] = {"bytes": plain.bytes, "stored": stored.bytes, "sha256": stored.sha256, "seconds": seconds}
    manifest.parts[kind] = part


@contextmanager
def _back(store: Store, manifest: Manifest, kind: str) -> Iterator[Reader]:
    """A part as it lies in the storage now, opened. Raises BackupError in the end if it is not what was written."""
    with part_reading(store, manifest, kind) as source:
        yield source


@contextmanager
def part_reading(store: Store, manifest: Manifest, kind: str) -> Iterator[Reader]:
    """A part of a set. Raises BackupError, after the last byte, if it is not what the manifest says."""
    file, part = sets.FILES[kind], manifest.parts[kind]
    with store.reading(sets.key_of(manifest.name, file)) as raw:
        stored = Digested(raw)
        try:
            yield opened(stored, sets.seal_name(manifest.name, file))
        except Unsealable as error:
            raise BackupError(f"{file} of {manifest.name} cannot be used. {error}") from error
        while stored.read(PIECE):
            continue
        if (stored.bytes, stored.sha256) != (part["stored"], part["sha256"]):
            raise BackupError(f"{file} of {manifest.name} is not what was written: it is damaged or was changed.")


def _size(size: int) -> str:
    return f"{size / 1_000_000:,.1f} MB"
