"""Where the local stack keeps its files, and which of them another user must reach."""

import hashlib
import os
import pwd
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
Owner = tuple[int, int] | None  # uid, gid


def data_dir() -> Path:
    """`.data/` in the checkout, or LIVIA_DATA. Others may pass through (0711) but see nothing."""
    base = Path(os.environ.get("LIVIA_DATA") or ROOT / ".data").resolve()
    base.mkdir(parents=True, exist_ok=True)
    if base.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{base} belongs to another user. Start as that user, or set LIVIA_DATA to another folder.")
    base.chmod(0o711)
    return base


def unprivileged() -> Owner:
    """Who runs PostgreSQL when we are root, which it refuses; None when we are an ordinary user."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return entry.pw_uid, entry.pw_gid
    raise RuntimeError("PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody` to run it as.")


def reachable(path: Path, owner: Owner) -> bool:
    """Whether `owner` can get to `path`, judged by the kernel in a child that has become that user."""
    if owner is None:
        return True
    pid = os.fork()
    if pid == 0:
        try:
            os.setgroups([])
            os.setgid(owner[1])
            os.setuid(owner[0])
            os._exit(0 if os.access(path, os.X_OK) else 1)
        finally:
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0


def server_dir(base: Path, owner: Owner) -> Path:
    """The folder for a server's own files: `base`, or its stand-in where `owner` cannot reach `base` (below /root).

    The closed folder stays closed; only the server's files move out.
    """
    if reachable(base, owner):
        return base
    stand_in = outside(base)
    stand_in.mkdir(mode=0o711, exist_ok=True)
    if stand_in.is_symlink() or stand_in.stat().st_uid != os.geteuid():
        raise RuntimeError(f"{stand_in} belongs to someone else; remove it or set LIVIA_DATA to another folder.")
    stand_in.chmod(0o711)
    return stand_in


def outside(base: Path) -> Path:
    return Path("/var/tmp") / f"livia-{hashlib.sha256(str(base).encode()).hexdigest()[:12]}"


def socket_dir(data: Path) -> Path:
    """A folder for PostgreSQL's socket: its path may have about 100 bytes, so a deep checkout gets a short one."""
    if len(os.fsencode(data)) < 80:
        data.mkdir(exist_ok=True)
        return data
    return Path(tempfile.mkdtemp(prefix="livia-pg-", dir="/tmp"))


def wipe(base: Path, *, keep: str) -> None:
    """Remove all local data except the file `keep` (the lock held meanwhile)."""
    shutil.rmtree(outside(base), ignore_errors=True)
    for entry in base.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.name != keep:
            entry.unlink()
