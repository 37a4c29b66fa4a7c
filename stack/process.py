"""Child processes that never outlive their parent."""

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

import psutil

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36  # linux/prctl.h
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def dies_with_parent(signum: int) -> Callable[[], None]:
    """A `preexec_fn`: the kernel sends `signum` to the child when its parent ends, even by kill -9 (Linux).

    The kernel watches the parent's *thread*: start children from a thread that lives on. Changing user clears the
    wish, and `preexec_fn` runs after that change.
    """
    parent = os.getpid()

    def arm() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, signum)
            if os.getppid() != parent:  # it ended before we asked
                os._exit(1)

    return arm


def adopt_orphans() -> None:
    """Grandchildren whose parent dies become ours, so that the stop finds them (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def spawn(argv: Sequence[Any], *, on_parent_death: int = signal.SIGKILL, **options: Any) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: the terminal's Ctrl-C reaches only the supervisor."""
    return subprocess.Popen(
        [str(part) for part in argv],
        start_new_session=True,
        preexec_fn=dies_with_parent(on_parent_death),
        **options,
    )


def descendants(*, without: Iterable[int] = ()) -> list[psutil.Process]:
    """Every process below this one, except the given ones and what is below them."""
    spared = set(without)
    found = []
    for child in psutil.Process().children():
        if child.pid not in spared:
            found.append(child)
            try:
                found += child.children(recursive=True)
            except psutil.NoSuchProcess:
                continue
    return found


def reap_adopted(known: Collection[int]) -> None:
    """Bury adopted orphans that have ended; children in `known` are left to their own Popen."""
    peek = os.WEXITED | os.WNOHANG | os.WNOWAIT
    try:
        while (ended := os.waitid(os.P_ALL, 0, peek)) and ended.si_pid not in known:
            os.waitpid(ended.si_pid, 0)
    except ChildProcessError:
        return


def kill_group(pid: int) -> None:
    """End what a dead child left behind in its session."""
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
