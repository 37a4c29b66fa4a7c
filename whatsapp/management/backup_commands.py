"""`manage.py whatsapp backup`, `restore` and `chats`."""

from typing import Any

from django.core.management.base import CommandError, CommandParser, OutputWrapper

from conversations import index
from whatsapp.backup import BackupError, Result, moment_of, session_copies, session_restore, sessions_back_up
from whatsapp.models import Session
from whatsapp.selectors import sessions_all

ACTIONS = ("backup", "restore", "chats")


def add_parsers(actions: Any) -> None:
    backup: CommandParser = actions.add_parser("backup", help="Copy sessions' credentials to the backup storage.")
    backup.add_argument("session_ids", type=int, nargs="*", metavar="ID", help="these only; without: all")
    restore: CommandParser = actions.add_parser("restore", help="Put a backup of a session's credentials in place.")
    restore.add_argument("session_id", type=int, metavar="ID")
    restore.add_argument("--from", dest="key", default="latest", metavar="KEY", help="a copy of --list, or latest")
    restore.add_argument("--list", action="store_true", help="only show the copies there are")
    chats: CommandParser = actions.add_parser("chats", help="The latest chats of a session, from the index.")
    chats.add_argument("session_id", type=int, metavar="ID")
    chats.add_argument("--limit", type=int, default=20)
    chats.add_argument("--rebuild", action="store_true", help="fill the index from the database first")


def handle(action: str, options: dict[str, Any], stdout: OutputWrapper) -> None:
    try:
        {"backup": _backup, "restore": _restore, "chats": _chats}[action](options, stdout)
    except BackupError as error:
        raise CommandError(str(error)) from error


def _backup(options: dict[str, Any], stdout: OutputWrapper) -> None:
    wanted = set(options["session_ids"])
    sessions = [session for session in sessions_all() if not wanted or session.pk in wanted]
    if missing := wanted - {session.pk for session in sessions}:
        raise CommandError(f"There is no session {', '.join(map(str, sorted(missing)))}.")
    failed = 0
    for result in sessions_back_up(sessions):
        stdout.write(_line(result))
        failed += bool(result.error)
    if failed:
        raise CommandError(f"{failed} of {len(sessions)} could not be backed up.")


def _line(result: Result) -> str:
    told = f"{result.key} ({result.size:,} bytes)" if result.key else result.error or "not paired, nothing to back up"
    return f"{result.session.pk} {result.session} | {told}"


def _restore(options: dict[str, Any], stdout: OutputWrapper) -> None:
    session_id = options["session_id"]
    if options["list"]:
        copies = session_copies(session_id)
        for key in copies:
            stdout.write(f"{moment_of(key):%Y-%m-%d %H:%M:%S} UTC  {key}")
        if not copies:
            stdout.write(f"There is no backup of session {session_id}.")
        return
    manifest = session_restore(session_id=session_id, key=options["key"])
    stdout.write(
        f"Session {session_id} has its credentials of {manifest.created} again. "
        f"Connect it: manage.py whatsapp connect {session_id}"
    )


def _chats(options: dict[str, Any], stdout: OutputWrapper) -> None:
    session = Session.objects.filter(pk=options["session_id"]).first()
    if session is None:
        raise CommandError(f"There is no session {options['session_id']}.")
    if options["rebuild"]:
        try:
            stdout.write(f"{index.rebuild()} chats put into the index.")
        except index.Away as error:
            raise CommandError("Redis is away: the index cannot be rebuilt now.") from error
    for chat in index.chats_latest(session.inbox_id, max(options["limit"], 1)):
        at = f"{chat.last_message_at:%Y-%m-%d %H:%M}" if chat.last_message_at else ""
        stdout.write(f"{chat.conversation_id} | {at} | {chat.unread} unread | {chat.name} | {chat.last_message}")
