"""`python3 run.py`, started for real in a data folder of its own."""

import gettext
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from stack import places, state
from stack.catalogues import compile_stale
from stack.postgres import Postgres
from stack.servers import Servers
from stack.valkey import free_port

OURS = ("DATABASE_URL", "REDIS_URL", "REDIS_PREFIX", "SECRET_KEY", "MEDIA_ROOT", "WHATSAPP_SESSION_DIR", "PORT")
PROGRAMS = ("daphne", "worker@", "whatsapp@", "beat", "postgres", "valkey-server")


def terminal(data: Path) -> dict[str, str]:
    """The environment of a person's terminal: without the servers of this test run."""
    return {name: value for name, value in os.environ.items() if name not in OURS} | {"LIVIA_DATA": str(data)}


def stack(data: Path, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stack", *arguments],
        cwd=places.ROOT,
        env=terminal(data),
        input=answer,
        capture_output=True,
        text=True,
        timeout=60,
    )


def eventually(look: Callable[[], bool], *, seconds: float = 20.0) -> bool:
    deadline = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.05)
    return found


def command_line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.NoSuchProcess:  # gone, or dead and not yet buried
        return ""


class Livia:
    """The product on one data folder; started when a test needs it, ended by the tests that end it."""

    def __init__(self, data: Path) -> None:
        self.data, self.port = data, free_port()
        self.process: subprocess.Popen[str] | None = None

    def up(self) -> psutil.Process:
        """The supervisor, with the page answering and every process started."""
        if self.process is None or self.process.poll() is not None:
            self.process = self._start()
        supervisor = psutil.Process(self.process.pid)
        assert eventually(lambda: set(PROGRAMS) <= set(self.programs(supervisor)))
        return supervisor

    def _start(self) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "stack", "--port", str(self.port)],
            cwd=places.ROOT,
            env=terminal(self.data),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        said = []
        for line in process.stdout or ():
            said.append(line)
            if "Ctrl-C" in line:
                return process
        pytest.fail(f"it did not start:\n{''.join(said)}")

    def programs(self, supervisor: psutil.Process) -> dict[str, int]:
        """What runs below the supervisor, with its process id."""
        lines = {child.pid: command_line(child) for child in supervisor.children()}
        return {program: pid for pid, line in lines.items() for program in PROGRAMS if program in line}

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://localhost:{self.port}/", timeout=10) as page:
                return page.status == 200
        except OSError:
            return False

    def end(self, signum: int) -> tuple[float, list[psutil.Process]]:
        """Send a signal to the supervisor; how long it lived on, and which of its processes outlived it."""
        supervisor = self.up()
        family = supervisor.children(recursive=True)
        asked = time.monotonic()
        supervisor.send_signal(signum)
        assert self.process is not None
        self.process.communicate(timeout=10)
        took = time.monotonic() - asked
        return took, psutil.wait_procs(family, timeout=3)[1]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "data"
    shutil.rmtree(places.outside(tmp_path / "data"), ignore_errors=True)


@pytest.fixture(scope="module")
def livia(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Livia]:
    livia = Livia(tmp_path_factory.mktemp("livia") / "data")
    yield livia
    if livia.process is not None and livia.process.poll() is None:
        livia.process.terminate()
        livia.process.communicate(timeout=10)
    shutil.rmtree(places.outside(livia.data), ignore_errors=True)


def test_the_page_answers_and_every_process_runs(livia: Livia) -> None:
    livia.up()
    assert livia.answers()


def test_a_second_start_says_where_the_first_one_runs(livia: Livia) -> None:
    livia.up()
    second = stack(livia.data)
    assert second.returncode == 1
    assert f"already running at http://localhost:{livia.port}/" in second.stdout


def test_a_management_command_uses_the_running_servers(livia: Livia) -> None:
    livia.up()
    note = state.read_note(livia.data)
    answer = stack(livia.data, "manage", "shell", "-v0", "-c", "import os; print(os.environ['REDIS_URL'])")
    assert note is not None
    assert answer.stdout.strip() == note["urls"]["REDIS_URL"]


@pytest.mark.parametrize("program", ["daphne", "postgres", "valkey-server"])
def test_a_killed_process_comes_back(livia: Livia, program: str) -> None:
    supervisor = livia.up()
    killed = livia.programs(supervisor)[program]
    psutil.Process(killed).kill()
    assert eventually(lambda: livia.programs(supervisor).get(program, killed) != killed)
    assert eventually(livia.answers)


def test_sigterm_ends_everything_within_two_seconds(livia: Livia) -> None:
    took, left = livia.end(signal.SIGTERM)
    assert took < 6  # the supervisor ends stragglers after two seconds; a busy machine takes its breath
    assert left == []
    assert state.read_note(livia.data) is None


def test_nothing_outlives_a_killed_supervisor_and_the_next_start_works(livia: Livia) -> None:
    _, left = livia.end(signal.SIGKILL)
    assert left == []
    livia.up()
    assert livia.answers()


STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
)
WITH_A_STUBBORN_GRANDCHILD = f"""
import subprocess, sys
subprocess.Popen([sys.executable, "-c", {STUBBORN!r}], start_new_session=True)
"""
ENDS_ITS_FAMILY = f"""
import sys, time
from pathlib import Path
from stack.process import adopt_orphans, descendants
from stack.programs import Program
from stack.servers import Servers
from stack.supervisor import Supervisor

data = Path(sys.argv[1])
adopt_orphans()
supervisor = Supervisor(Servers(data), {{}}, data / "log")
supervisor.run_once(Program("parent", (sys.executable, "-c", {WITH_A_STUBBORN_GRANDCHILD!r})))
assert len(descendants()) == 1, "the orphan is ours"
began = time.monotonic()
supervisor.stop()
assert descendants() == []
print(time.monotonic() - began)
"""


def test_an_orphan_that_ignores_sigterm_is_found_and_ended_in_time(data: Path) -> None:
    urls = {"DATABASE_URL": "postgresql://elsewhere/livia", "REDIS_URL": "redis://elsewhere"}
    result = subprocess.run(
        [sys.executable, "-c", ENDS_ITS_FAMILY, str(data)],
        cwd=places.ROOT,
        env=terminal(data) | urls,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert result.returncode == 0, result.stderr
    assert float(result.stdout) < 2


def test_reset_asks_and_no_answer_deletes_nothing(data: Path) -> None:
    data.mkdir()
    (data / "secret_key").write_text("precious")
    for answer in ("no\n", ""):
        refused = stack(data, "--reset", "--port", str(free_port()), answer=answer)
        assert refused.returncode == 1
        assert "Type yes" in refused.stdout
    assert (data / "secret_key").read_text() == "precious"


def test_wiping_leaves_only_the_lock(data: Path) -> None:
    base = data
    (base / "media").mkdir(parents=True)
    (base / "media" / "photo").touch()
    (base / "secret_key").touch()
    with state.take_lock(base) or pytest.fail("the lock is free"):
        places.wipe(base, keep=state.LOCK)
        assert [entry.name for entry in base.iterdir()] == [state.LOCK]


def test_the_lock_is_free_again_when_its_holder_ends(data: Path) -> None:
    data.mkdir()
    first = state.take_lock(data)
    assert first is not None
    assert state.take_lock(data) is None
    first.close()
    again = state.take_lock(data)
    assert again is not None
    again.close()


def test_given_urls_replace_the_built_in_servers(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/livia")
    monkeypatch.setenv("REDIS_URL", "redis://elsewhere")
    servers = Servers(data)
    assert servers.own == []
    assert servers.urls == {"DATABASE_URL": "postgresql://elsewhere/livia", "REDIS_URL": "redis://elsewhere"}


@pytest.mark.parametrize("folder", ["data", "a-very-deep-checkout/" * 6])
def test_the_servers_start_stop_and_keep_their_data(
    tmp_path: Path, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    monkeypatch.delenv("REDIS_URL")
    base = tmp_path / folder
    base.mkdir(parents=True)
    modes = [parent.stat().st_mode for parent in base.parents]
    try:
        for statement in ("CREATE TABLE kept AS SELECT 1 AS answer", "SELECT answer FROM kept"):
            servers = Servers(base, durable=False)
            servers.start()
            servers.wait()
            with psycopg.connect(servers.urls["DATABASE_URL"], autocommit=True) as connection:
                connection.execute(statement)
                assert_as_promised(connection)
            servers.stop(seconds=5)
            assert not any(psutil.pid_exists(pid) for pid in servers.pids)
    finally:
        shutil.rmtree(places.outside(base), ignore_errors=True)
    assert [parent.stat().st_mode for parent in base.parents] == modes  # nobody's folder was opened


def assert_as_promised(connection: psycopg.Connection) -> None:
    """The same text order everywhere, both extensions, and no way in but the socket."""
    row = connection.execute(
        "SELECT datlocprovider, datlocale, current_setting('listen_addresses') FROM pg_database WHERE datname = 'livia'"
    ).fetchone()
    assert row == ("b", "C.UTF-8", "")
    names = connection.execute("SELECT name FROM pg_available_extensions").fetchall()
    assert {("pg_trgm",), ("unaccent",)} <= set(names)


def test_an_interrupted_first_start_is_begun_afresh(data: Path) -> None:
    data.mkdir()
    server = Postgres(data, data / "postgres.log", durable=False)
    half = server.data.with_suffix(".new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    try:
        server.start()
        assert eventually(server.ready)
    finally:
        server.stop(5)


def test_the_secret_key_is_made_once_and_for_its_owner_only(data: Path) -> None:
    data.mkdir()
    key = state.secret_key(data)
    assert len(key) >= 50
    assert state.secret_key(data) == key
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_catalogues_are_compiled_when_they_are_newer(tmp_path: Path) -> None:
    source = tmp_path / "pt_BR" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Board"\nmsgstr "Quadro"\n'
    )
    assert compile_stale(tmp_path) == [source]
    assert compile_stale(tmp_path) == []
    with source.with_suffix(".mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Board") == "Quadro"
