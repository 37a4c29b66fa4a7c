"""The file with a number's credentials and keys: whoever holds it, is that number.

The library moves a chat's key on (its "ratchet") when it decrypts a message, before we hold that message. A process
killed in between gets the message again but cannot read it again, and the library drops it as a duplicate. So a
trigger in the store notes which chats' keys moved lately. After a death those keys are forgotten: what comes again
cannot be read, and then the library asks the sender's phone for it once more, as WhatsApp does with any message it
cannot read.

The library brings a SQLite of its own. Two of them in one process do not see each other's locks and destroy the file,
so while it is open only another process may touch it.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import structlog

from whatsapp.gateways.base import DialFailed, StoreCorrupt
from whatsapp.store import RESTORED, SETTLED

log = structlog.get_logger(__name__)

NAME = "store.db"
RECENT_SECONDS = 10
_CORRUPT = ("SQLITE_CORRUPT", "SQLITE_NOTADB")

_NOTE = f"""
    DELETE FROM livia_moved WHERE their_id = NEW.their_id
        OR at < CAST(strftime('%s', 'now') AS INTEGER) - {RECENT_SECONDS};
    INSERT INTO livia_moved VALUES (NEW.their_id, CAST(strftime('%s', 'now') AS INTEGER));
END;
"""
_WATCH = f"""
CREATE TABLE IF NOT EXISTS livia_moved (their_id TEXT PRIMARY KEY, at INTEGER NOT NULL);
CREATE TRIGGER IF NOT EXISTS livia_session_new AFTER INSERT ON whatsmeow_sessions BEGIN {_NOTE}
CREATE TRIGGER IF NOT EXISTS livia_session_moved AFTER UPDATE ON whatsmeow_sessions BEGIN {_NOTE}
"""
_FORGET = """
DELETE FROM whatsmeow_sessions WHERE their_id IN (SELECT their_id FROM livia_moved);
DELETE FROM livia_moved;
"""
_FORGET_ALL = "DELETE FROM whatsmeow_sessions; DELETE FROM livia_moved;"


def prepare(store: Path) -> bool:
    """Before the library opens it. Returns whether the store is watched; a new one has nothing to watch yet.

    Raises StoreCorrupt, for the library would fail on every start, and DialFailed for what may pass."""
    forget = _what_to_forget(store.parent)
    if not store.exists():
        return False
    try:
        with closing(sqlite3.connect(store)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise StoreCorrupt("quick_check")
            table = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'whatsmeow_sessions'"
            if connection.execute(table).fetchone() is None:
                return False
            connection.executescript(_WATCH + forget)
            for mark in (SETTLED, RESTORED):
                (store.parent / mark).unlink(missing_ok=True)
            return True
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorname in _CORRUPT:
            raise StoreCorrupt(str(error)) from error
        raise DialFailed(f"store not at hand ({error.sqlite_errorname})") from error  # locked, or a full disk


def watch(store: Path) -> None:
    """Once the library has made its tables in a new store: by another process, see above."""
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=5).executescript(sys.argv[2])"
    done = subprocess.run([sys.executable, "-I", "-c", script, str(store), _WATCH], capture_output=True, timeout=10)
    if done.returncode:
        log.error("store_not_watched", error=done.stderr.decode()[-200:])


def settled(store: Path) -> None:
    """Everything that was decrypted has been handed over: no key has to be forgotten at the next start."""
    (store.parent / SETTLED).touch(mode=0o600)


def _what_to_forget(folder: Path) -> str:
    """A store from a backup knows keys that both sides have used since: using one again would be a grave mistake."""
    if (folder / RESTORED).exists():
        return _FORGET_ALL
    return "" if (folder / SETTLED).exists() else _FORGET
