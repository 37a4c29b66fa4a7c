"""The way back. Everything is read, checked and made ready beside what is in use; only then places change, and an error
until that moment leaves everything as it was."""

from collections.abc import Collection
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from crm.backups import database, media, sets
from crm.backups.errors import FAULTS, BackupError
from crm.backups.making import Say, part_reading
from crm.backups.sets import DATABASE, KINDS, MEDIA, SESSIONS, Manifest
from crm.backups.settling import redis_forget, restored_settle
from crm.backups.tools import free_bytes
from crm.core.clock import now
from crm.core.object_store import Store, object_store
from whatsapp.backup import BackupError as SessionBackupError
from whatsapp.backup import session_copy_check, session_restore

log = structlog.get_logger(__name__)

LATEST = "latest"


@dataclass
class Plan:
    """What is to be restored, once it was looked at. `place` is where it was said to lie."""

    store: Store
    manifest: Manifest
    kinds: list[str]
    place: str
    force: bool
    moment: str = field(default_factory=lambda: now().strftime("%Y%m%d_%H%M%S"))


def plan(*, name: str = LATEST, kinds: Collection[str] = (), place: str = "", force: bool = False) -> Plan:
    """Look at a backup and at what it would replace; changes nothing. Without `kinds`, all that the backup holds.
    Raises BackupError for what would fail, and where the product runs unless `force`."""
    store = object_store(place)
    manifest = sets.manifest_read(store, _chosen(store, name))
    held = [kind for kind in KINDS if kind in manifest.parts or (kind == SESSIONS and manifest.sessions)]
    if missing := [kind for kind in kinds if kind not in held]:
        raise BackupError(f"The backup {manifest.name} does not hold: {', '.join(missing)}.")
    chosen = Plan(store, manifest, [kind for kind in held if not kinds or kind in kinds], place, force)
    _look(chosen)
    return chosen


def _chosen(store: Store, name: str) -> str:
    whole = [known for known, files in sets.names(store).items() if sets.MANIFEST in files]
    if not whole:
        raise BackupError(f"There is no backup in {store.where}.")
    if name != LATEST and name not in whole:
        raise BackupError(
            f"There is no backup {name} in {store.where}. manage.py restore --list shows those there are."
        )
    return whole[-1] if name == LATEST else name


def _look(chosen: Plan) -> None:
    if DATABASE in chosen.kinds:
        _refuse_newer(chosen.manifest)
        database.may_restore()
    files = sets.names(chosen.store)[chosen.manifest.name]
    if missing := [kind for kind in chosen.kinds if kind in sets.FILES and sets.FILES[kind] not in files]:
        raise BackupError(f"Parts of the backup {chosen.manifest.name} are gone: {', '.join(missing)}.")
    if MEDIA in chosen.kinds and free_bytes(media.root()) < chosen.manifest.parts[MEDIA]["bytes"] * 1.05:
        raise BackupError(f"There is not enough room for the files beside today's in {media.root()}.")
    if SESSIONS in chosen.kinds:
        _look_at_copies(chosen)
    if set(chosen.kinds) & set(sets.FILES) and not chosen.force and (count := database.others()):
        raise BackupError(
            f"The product runs: {count} connections to the database besides this one. Stop it first (in compose: "
            "docker compose stop web realtime worker whatsapp beat), or add --force to cut them off."
        )


def _look_at_copies(chosen: Plan) -> None:
    for session, key in chosen.manifest.sessions.items():
        try:
            session_copy_check(key, place=chosen.place)
        except SessionBackupError as error:
            raise BackupError(
                f"{error} See what else there is for that number: manage.py whatsapp restore {session} --list. "
                "The rest comes back with --only database,media."
            ) from error


def _known_migrations() -> set[str]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {f"{app}.{name}" for app, name in loader.disk_migrations}


def _refuse_newer(manifest: Manifest) -> None:
    known = _known_migrations()
    if newer := [name for name in manifest.migrations if name not in known]:
        raise BackupError(
            f"The backup {manifest.name} was made by version {manifest.version} of the product, which is newer than "
            f"this one ({newer[0]} is unknown here). Install that version first."
        )


def restore(chosen: Plan, say: Say) -> list[str]:
    """Do it; sentences about numbers whose credentials could not be put back, after all else was. Raises BackupError,
    and then nothing was changed."""
    database.let_go()
    with database.locked("restore", database.MAINTENANCE) as free:
        if not free:
            raise BackupError("Another restore runs now.")
        _tidy()
        erased = database.erased_since(chosen.manifest.created) if DATABASE in chosen.kinds else []
        try:
            done = _exchange(chosen, say)
        except FAULTS as error:
            raise BackupError(f"{error} Nothing was changed.") from error
    log.warning("restored", name=chosen.manifest.name, kinds=chosen.kinds)
    if DATABASE in chosen.kinds and not redis_forget():
        done.append("Redis is away. Empty it before the product starts: it remembers the other database.")
    for sentence in done:
        say(sentence)
    _say_erased(erased, say)
    return _sessions(chosen, say) if SESSIONS in chosen.kinds else []


def _say_erased(erased: list[int], say: Say) -> None:
    if erased:
        say(f"Erased after this backup was made, and back now: erase again the leads {', '.join(map(str, erased))}.")


def _tidy() -> None:
    """What a killed restore left half-made."""
    for name in database.leftovers()[0]:
        database.drop(name)
    for folder in media.leftovers()[0]:
        media.remove(folder)


def _exchange(chosen: Plan, say: Say) -> list[str]:
    """Both made ready, then both exchanged: the database last, since its exchange cannot stop half-way. Nothing that
    could fail comes after it: an error would put today's files back beside yesterday's database. What was done."""
    done = []
    with ExitStack() as stack:
        beside = stack.enter_context(database.fresh(chosen.moment)) if DATABASE in chosen.kinds else ""
        if beside:
            _fill(chosen, beside, say)
        if MEDIA in chosen.kinds:
            files = _unpack(stack, chosen, say)
            aside = stack.enter_context(media.swapped(files, chosen.moment))
            done.append(f"The files are in place. Those of before lie in {aside}.")
        if beside:
            old = database.swap(beside, chosen.moment, force=chosen.force)
            done.append(f"The database is in place. The one of before is called {old} now.")
    return done


def _fill(chosen: Plan, beside: str, say: Say) -> None:
    with part_reading(chosen.store, chosen.manifest, DATABASE) as source:
        held = database.load(source, beside)
    if held != chosen.manifest.rows:
        wrong = sorted({table for table, _count in held.items() ^ chosen.manifest.rows.items()})
        raise BackupError(f"The database does not hold what was counted when it was copied: {', '.join(wrong[:5])}.")
    say(f"Database: {sum(held.values()):,} rows in {len(held)} tables, as many as were copied.")
    with database.pointing_at(beside):
        if _known_migrations() - set(chosen.manifest.migrations):
            call_command("migrate", interactive=False, verbosity=0)
            say("The database was brought to this version of the product.")
        settled = restored_settle(manifest=chosen.manifest, place=chosen.store.where)
    _say_settled(settled, say)


def _say_settled(settled: dict[str, int], say: Say) -> None:
    told = {
        "messages": ("Messages that waited to be sent", "unconfirmed now, since they may have left"),
        "scheduled": ("Scheduled messages that were due since", "not sent"),
        "reminders": ("Reminders of Lívia that were due since", "cancelled"),
        "signed_in": ("Browsers that were signed in", "everybody signs in again"),
        "numbers": ("Numbers that were connected", "waiting for Connect"),
    }
    for name, (what, now_is) in told.items():
        if settled[name]:
            say(f"  {what}: {settled[name]}, {now_is}.")


def _unpack(stack: ExitStack, chosen: Plan, say: Say) -> Path:
    with part_reading(chosen.store, chosen.manifest, MEDIA) as source:
        folder, count = stack.enter_context(media.unpacked(source, chosen.moment))
    if count != chosen.manifest.parts[MEDIA]["files"]:
        raise BackupError("There are not as many files as were copied.")
    say(f"Files: {count:,}, as many as were copied.")
    return folder


def _sessions(chosen: Plan, say: Say) -> list[str]:
    failed = []
    for session_id, key in chosen.manifest.sessions.items():
        try:
            session_restore(session_id=int(session_id), key=key, place=chosen.place)
            say(f"Number {session_id} has its credentials again.")
        except FAULTS as error:
            failed.append(f"Number {session_id}: {error}")
    return failed


def forget_old(say: Say) -> None:
    """Remove what restores put aside."""
    for name in database.leftovers()[1]:
        database.drop(name)
        say(f"The database {name} is gone.")
    for folder in media.leftovers()[1]:
        media.remove(folder)
        say(f"The folder {folder} is gone.")
