"""A person taken out of a number's store: name, keys and settings the library keeps of them.

Called from another process than the one that has the store open (see `store`), where SQLite's own locks hold. Keys that
are gone cost the next message of that person a round trip: WhatsApp asks for it once more.
"""

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from whatsapp.gateways.neonize.store import NAME

_WAIT_SECONDS = 5.0
_OWN = {"whatsmeow_device", "whatsmeow_version"}  # the number's own credentials


def store_forget(folder: Path, numbers: Iterable[str]) -> int:
    """Every row about these numbers (digits of phones and LIDs), in the store and in those that were set aside; how
    many. Raises sqlite3.Error where a store cannot be written now."""
    wanted = [number for number in numbers if re.fullmatch(r"\d{5,30}", number)]
    return sum(_forget(path, wanted) for path in sorted(folder.rglob(NAME)))


def _forget(path: Path, numbers: list[str]) -> int:
    with closing(sqlite3.connect(path, timeout=_WAIT_SECONDS)) as store:
        store.execute("PRAGMA secure_delete = ON")
        gone = 0
        with store:
            for table in _tables(store):
                gone += sum(_delete(store, table, _columns(store, table), number) for number in numbers)
        store.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return gone


def _tables(store: sqlite3.Connection) -> list[str]:
    names = store.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    return [name for (name,) in names if name not in _OWN]


def _columns(store: sqlite3.Connection, table: str) -> list[str]:
    """Those that can hold an address. `our_jid` is the number's own and never the client's."""
    found = store.execute(f'SELECT name, type FROM pragma_table_info("{table}")')
    return [name for name, kind in found if "TEXT" in kind.upper() and name != "our_jid"]


def _delete(store: sqlite3.Connection, table: str, columns: list[str], number: str) -> int:
    """An address is the number alone, or before its server, its device or its agent."""
    if not columns:
        return 0
    forms = [number, f"{number}@*", f"{number}:*", f"{number}.*", f"{number}[_]*"]
    where = " OR ".join(f'"{column}" GLOB ?' for column in columns for _form in forms)
    return store.execute(f'DELETE FROM "{table}" WHERE {where}', forms * len(columns)).rowcount  # noqa: S608
