"""A full database and many files: copied, read back and restored, beside the bare programs.

The floor of a backup is `pg_dump -Fc` into a file, and `cp` of the files; of a restore `pg_restore` into an empty
database with `ANALYZE`, and `cp` back. The product does the same encrypted, and reads what it stored once more.
"""

import argparse
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg

from bench import analytics, board, ground, machine, report

LEADS, MESSAGES, TURNS, FILES, ROUNDS = 100_000, 1_000_000, 200_000, 400, 3
FILE_BYTES = 512 * 1024
INTRO = (
    "{leads:,} leads, {messages:,} messages, {turns:,} turns: a database of {database:,.0f} MB, as a dump {dump:,.0f} "
    "MB; {files} files, {media:,.0f} MB. The product encrypts, reads back what it stored and compares; a restore "
    "counts every table's rows before it changes places. The floors are `pg_dump -Fc`, `pg_restore` with `ANALYZE`, "
    "and `cp`."
)


def main() -> None:
    parser = argparse.ArgumentParser(description="Backup and restore at full size.")
    for name, default in (("leads", LEADS), ("messages", MESSAGES), ("turns", TURNS), ("rounds", ROUNDS)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    where = machine.describe()
    with ground.servers(BACKUP_KEY=_key(), BACKUP_KEEP="2") as base:
        _seen, owners = board.people()
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as raw:
            analytics.fill(raw, owners, options)
        media = _files()
        rows = [report.Measured(case) for case in ("database out", "files out", "database back", "files back")]
        for _round in range(options.rounds):
            _measure(rows, base, media)
        intro = INTRO.format(
            leads=options.leads, messages=options.messages, turns=options.turns, database=_database_mb(), files=FILES,
            dump=(base / "raw.dump").stat().st_size / 1e6, media=FILES * FILE_BYTES / 1e6,
        )  # fmt: skip
    report.write("backup", title="Backup and restore", intro=intro, unit="seconds", rows=rows, where=where)


def _key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _files() -> Path:
    from django.conf import settings

    folder = Path(settings.MEDIA_ROOT)
    for number in range(FILES):
        path = folder / f"{number % 20:02}" / f"{number}.ogg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(FILE_BYTES))
    return folder


def _measure(rows: Sequence[report.Measured], base: Path, media: Path) -> None:
    database_out, files_out, database_back, files_back = rows
    database_out.product.append(_seconds(lambda: _product("backup", "database")))
    database_out.floor.append(_seconds(lambda: _dump(base)))
    database_back.product.append(_seconds(lambda: _product("restore", "database")))
    database_back.floor.append(_seconds(lambda: _load(base)))
    _forget()
    files_out.product.append(_seconds(lambda: _product("backup", "media")))
    files_out.floor.append(_seconds(lambda: _copy(media, base / "copy")))
    files_back.product.append(_seconds(lambda: _product("restore", "media")))
    files_back.floor.append(_seconds(lambda: _copy(base / "copy", base / "back")))
    _forget()
    for name in ("copy", "back"):
        shutil.rmtree(base / name)


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _product(command: str, part: str) -> None:
    """In this process: Python's own start is no part of it."""
    from django.core.management import call_command
    from django.db import connection

    call_command(command, "--only", part, *(["--yes"] if command == "restore" else []))
    connection.close()


def _forget() -> None:
    from django.core.management import call_command

    call_command("restore", "--forget-old", "--yes")


def _dump(base: Path) -> None:
    with (base / "raw.dump").open("wb") as file:
        subprocess.run([_tool("pg_dump"), "-Fc", "-d", os.environ["DATABASE_URL"]], stdout=file, check=True)


def _load(base: Path) -> None:
    from crm.backups import database

    with database.fresh("floor") as name:
        url = os.environ["DATABASE_URL"].replace("/livia?", f"/{name}?")
        subprocess.run([_tool("pg_restore"), "--no-owner", "-d", url, base / "raw.dump"], check=True)
        with psycopg.connect(url, autocommit=True) as link:
            link.execute("ANALYZE")


def _copy(source: Path, target: Path) -> None:
    subprocess.run(["cp", "-r", source, target], check=True)


def _tool(name: str) -> Path:
    from crm.backups import tools

    with tools.connected() as link:
        return tools.program(name, tools.server_version(link))


def _database_mb() -> float:
    with psycopg.connect(os.environ["DATABASE_URL"]) as link:
        row = link.execute("SELECT pg_database_size(current_database())").fetchone()
    return float(row[0]) / 1e6 if row else 0.0


if __name__ == "__main__":
    main()
