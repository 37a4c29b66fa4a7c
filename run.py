#!/usr/bin/env python3
"""Lívia CRM in one command. Needs Python 3.11 or newer with pip (or uv), nothing else.

python3 run.py                  make the environment, start everything, print the address and the demo logins
python3 run.py --port 9000      the same on another port
python3 run.py --reset          wipe the local data first (asks; --yes skips the question)
python3 run.py test [...]       run the tests on throw-away servers; arguments go to pytest
python3 run.py manage ...       run any management command, with the servers up
python3 run.py setup [--dev]    only make the environment (--dev: with the tools for tests and lint)

DATABASE_URL and REDIS_URL replace the built-in PostgreSQL and Valkey.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".livia-packages"
SETS = {"local": ROOT / "requirements-local.txt", "dev": ROOT / "requirements-dev.txt"}


def main() -> int:
    argv = sys.argv[1:]
    if argv and argv[0] in ("-h", "--help", "help"):
        print(__doc__)
        return 0
    if sys.version_info < (3, 11):  # noqa: UP036 - this file also meets older ones
        sys.exit(f"Lívia CRM needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    command = argv[0] if argv and not argv[0].startswith("-") else "start"
    ensure_packages("dev" if command == "test" or argv == ["setup", "--dev"] else "local")
    if command == "setup":
        return 0
    module = ["pytest", *argv[1:]] if command == "test" else ["stack", *(argv or ["start"])]
    os.chdir(ROOT)
    sys.stdout.flush()
    os.execv(PYTHON, [str(PYTHON), "-m", *module])


def ensure_packages(wanted: str) -> None:
    """Make `.venv` hold exactly the pinned set; the dev set contains the local one. Quick when it already does."""
    if satisfied(wanted):
        return
    with (ROOT / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two first starts at once: the second waits and finds the work done
        if satisfied(wanted):
            return
        started = time.monotonic()
        print(f"Installing packages into {VENV} (once) …", flush=True)
        make_venv()
        STAMP.unlink(missing_ok=True)
        try:
            subprocess.run([*installer(), "--require-hashes", "-r", str(SETS[wanted])], check=True)
        except subprocess.CalledProcessError:
            sys.exit("The packages could not be installed; the lines above say why. Run the same command again.")
        STAMP.write_text(f"{wanted} {digest(wanted)}")
        print(f"Packages are ready ({time.monotonic() - started:.0f} s).", flush=True)


def satisfied(wanted: str) -> bool:
    """Whether the last install finished, of this set or of one that contains it, with today's pins."""
    if not (PYTHON.exists() and STAMP.exists()):
        return False
    holding = STAMP.read_text().partition(" ")
    return any(holding == (name, " ", digest(name)) for name in {wanted, "dev"})


def digest(name: str) -> str:
    return hashlib.sha256(SETS[name].read_bytes()).hexdigest()


def make_venv() -> None:
    """An environment without pip: Debian ships `venv` but not always `ensurepip`."""
    if not PYTHON.exists():
        venv.EnvBuilder(with_pip=False, symlinks=True, clear=VENV.exists()).create(VENV)


def installer() -> list[str]:
    """The install command: uv when present, else this Python's own pip working on the other interpreter."""
    if uv := shutil.which("uv"):
        return [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON)]
    quiet = ["-qq", "--disable-pip-version-check", "--no-input"]
    if importlib.util.find_spec("pip"):
        return [sys.executable, "-m", "pip", "--python", str(PYTHON), "install", *quiet]
    if importlib.util.find_spec("ensurepip"):
        subprocess.run([PYTHON, "-m", "ensurepip", "--default-pip"], check=True, stdout=subprocess.DEVNULL)
        return [str(PYTHON), "-m", "pip", "install", *quiet]
    sys.exit("Lívia CRM needs pip or uv to fetch its packages. On Debian: apt install python3-pip")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
