"""The database as one stream, and back into a fresh database beside the one in use, which then takes its place."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from crm.backups.errors import BackupError
from crm.backups.tools import Output, connected, database_name, feed, parameters, program, server_version
from crm.core.object_store import Reader

MAINTENANCE = "postgres"
_LOCK = "SELECT pg_try_advisory_lock(hashtext('livia backup'), hashtext(%s))"
_RESTORING, _BEFORE = "_restoring_", "_before_"
_TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname
"""

# What PostgreSQL does there by itself stands in nobody's way.
_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND backend_type = 'client backend'"


class DatabaseError(BackupError):
    """The database does not let us; the text says what to change."""


@dataclass(frozen=True)
class Snapshot:
    """One moment of the database, held open: what is dumped and what is counted are the same rows."""

    name: str
    rows: dict[str, int]
    migrations: list[str]
    version: str


@contextmanager
def locked(key: str, database: str = "") -> Iterator[bool]:
    """Whether nobody else has this lock; it ends with its connection, however its holder ends."""
    with connected(database) as link:
        yield bool(link.execute(_LOCK, [key]).fetchone()[0])  # type: ignore[index]


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    with connected() as link, link.transaction():
        link.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        name = link.execute("SELECT pg_export_snapshot()").fetchone()[0]  # type: ignore[index]
        applied = link.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
        told = link.execute("SHOW server_version").fetchone()[0]  # type: ignore[index]
        yield Snapshot(name, counts(link), [row[0] for row in applied], told)


def counts(link: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table holds."""
    tables = [row[0] for row in link.execute(_TABLES).fetchall()]
    found = {}
    for table in tables:
        row = link.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier("public", table))).fetchone()
        found[table] = int(row[0]) if row else 0
    return found


def dump(moment: Snapshot) -> Output:
    """The custom format of pg_dump, compressed. Names no owner, so that any user may restore it."""
    with connected() as link:
        tool = program("pg_dump", server_version(link))
    return Output([tool, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment.name}"])


def check_dump(source: Reader) -> None:
    """Raises ToolError for what pg_restore does not take for a dump; reads the source to its end."""
    with connected() as link:
        tool = program("pg_restore", server_version(link))
    feed([tool, "--list"], source)


# ---- the way back
def erased_since(moment: str) -> list[int]:
    """Leads whose data was erased in the database in use after `moment`; none where it is not there to ask."""
    asked = "SELECT lead_id FROM privacy_erasure WHERE created_at > %s::timestamptz ORDER BY lead_id"
    try:
        with connected() as link:
            return [row[0] for row in link.execute(asked, [moment]).fetchall()]
    except psycopg.Error:
        return []


def may_restore() -> None:
    """Raises DatabaseError where a restore could not make a database and give it the name of the one in use."""
    try:
        with connected(MAINTENANCE) as link:
            row = link.execute(
                "SELECT (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user), "
                "pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = %s",
                [database_name()],
            ).fetchone()
            program("pg_restore", server_version(link))
    except psycopg.OperationalError as error:
        raise DatabaseError(f"The server's database {MAINTENANCE} cannot be reached: {error}") from error
    if row is None:
        raise DatabaseError(f"There is no database {database_name()} on this server. Create an empty one first.")
    if not all(row):
        user = parameters().get("user", "")
        raise DatabaseError(f"The user {user} may not create databases: ALTER ROLE {user} CREATEDB, and own this one.")


def others() -> int:
    """Connections to the database in use besides ours; ours are closed first."""
    let_go()
    with connected(MAINTENANCE) as link:
        row = link.execute(_OTHERS, [database_name()]).fetchone()
    return int(row[0]) if row else 0


def let_go() -> None:
    """Close every connection of this process."""
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]


@contextmanager
def fresh(moment: str) -> Iterator[str]:
    """A new empty database, ordered like the one in use; it goes unless it was given that one's name."""
    name = f"{_stem()}{_RESTORING}{moment}"
    with connected(MAINTENANCE) as link:
        link.execute(_create(link, name))
    try:
        yield name
    finally:
        with suppress(psycopg.Error):  # the next restore does it
            drop(name)


def _create(link: psycopg.Connection[Any], name: str) -> sql.Composed:
    row = link.execute(
        "SELECT datlocprovider::text, datlocale, datcollate, datctype FROM pg_database WHERE datname = %s",
        [database_name()],
    ).fetchone()
    assert row
    provider, locale, collate, ctype = row
    words = {"b": "builtin BUILTIN_LOCALE {}", "i": "icu ICU_LOCALE {}"}.get(provider)
    ordered = sql.SQL(words).format(sql.Literal(locale)) if words else sql.SQL("libc")
    return sql.SQL(
        "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE {} LC_CTYPE {} LOCALE_PROVIDER {}"
    ).format(sql.Identifier(name), sql.Literal(collate), sql.Literal(ctype), ordered)


def load(source: Reader, name: str) -> dict[str, int]:
    """Fill a fresh database; what it then holds, by table. Raises ToolError."""
    with connected(name) as link:
        tool = program("pg_restore", server_version(link))
    feed([tool, "--no-owner", "--no-privileges", "--exit-on-error", f"--dbname={name}"], source, name)
    with connected(name) as link:
        link.execute("ANALYZE")
        return counts(link)


@contextmanager
def pointing_at(name: str) -> Iterator[None]:
    """Django works in this database meanwhile. Only for a process of one thread."""
    usual = connection.settings_dict["NAME"]
    let_go()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        let_go()
        connection.settings_dict["NAME"] = usual


def swap(name: str, moment: str, *, force: bool) -> str:
    """Give `name` the name of the database in use, which gets another: both or neither. The other name.

    `force` first sends everybody away who is connected.
    """
    usual, aside = database_name(), f"{_stem()}{_BEFORE}{moment}"
    rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    with connected(MAINTENANCE) as link:
        try:
            if force:
                _send_away(link, usual)
            with link.transaction():
                link.execute(rename.format(sql.Identifier(usual), sql.Identifier(aside)))
                link.execute(rename.format(sql.Identifier(name), sql.Identifier(usual)))
        except psycopg.Error as error:
            if force:
                _allow(link, usual, True)
            raise DatabaseError(f"The databases could not change places: {error}") from error
        if force:
            with suppress(psycopg.Error):  # the exchange is done, and stays; the one put aside only takes nobody then
                _allow(link, aside, True)
    return aside


def _send_away(link: psycopg.Connection[Any], name: str) -> None:
    _allow(link, name, False)
    link.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])


def _allow(link: psycopg.Connection[Any], name: str, allowed: bool) -> None:
    link.execute(
        sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}").format(sql.Identifier(name), sql.Literal(allowed))
    )


def leftovers() -> tuple[list[str], list[str]]:
    """Databases of restores that were cut off, and those that restores put aside."""
    with connected(MAINTENANCE) as link:
        rows = link.execute("SELECT datname FROM pg_database ORDER BY datname").fetchall()
    names, usual = [row[0] for row in rows], _stem()
    return tuple([n for n in names if n.startswith(usual + part)] for part in (_RESTORING, _BEFORE))  # type: ignore[return-value]


def _stem() -> str:
    """What names beside that of the database in use begin with: PostgreSQL cuts names after 63 characters."""
    return database_name()[:36]


def drop(name: str) -> None:
    with connected(MAINTENANCE) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
