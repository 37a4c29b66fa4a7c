"""What is broken on purpose. Each strikes on entering and is mended on leaving; the supervisor revives the killed."""

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass

import psutil

from crm.rehearsal.standin import StandIn

OUTAGE_SECONDS = 10.0
GROQ_SECONDS = DISK_SECONDS = 20.0


@dataclass(frozen=True)
class Scene:
    """What can be struck: the processes below the supervisor, and the stand-in for Groq."""

    supervisor: int
    groq: StandIn

    def processes(self, word: str) -> list[psutil.Process]:
        """Those with this word in their command. Raises RuntimeError if there is none: nothing would be struck."""
        found = []
        for process in psutil.Process(self.supervisor).children(recursive=True):
            with suppress(psutil.NoSuchProcess):  # it may end while we look
                if word in " ".join(process.cmdline()):
                    found.append(process)
        if not found:
            raise RuntimeError(f"No process called {word} is running.")
        return found


Strike = Callable[[Scene], AbstractContextManager[None]]


@dataclass(frozen=True)
class Fault:
    """`seconds` pass between strike and mending; 0 where only others can mend it."""

    title: str
    strike: Strike
    seconds: float = 0.0


def killed(word: str) -> Strike:
    """kill -9 of all of that name; the supervisor starts them again."""

    @contextmanager
    def strike(scene: Scene) -> Iterator[None]:
        for process in scene.processes(word):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        yield

    return strike


def frozen(word: str) -> Strike:
    """They exist and do nothing: an outage that is not noticed by a closed connection."""

    @contextmanager
    def strike(scene: Scene) -> Iterator[None]:
        victims = scene.processes(word)
        try:
            for process in victims:
                with suppress(psutil.NoSuchProcess):
                    process.suspend()
            yield
        finally:
            for process in victims:
                with suppress(psutil.NoSuchProcess):
                    process.resume()

    return strike


@contextmanager
def groq_gone(scene: Scene) -> Iterator[None]:
    scene.groq.kill()
    try:
        yield
    finally:
        scene.groq.start()


@contextmanager
def groq_hanging(scene: Scene) -> Iterator[None]:
    scene.groq.freeze()
    try:
        yield
    finally:
        scene.groq.thaw()


@contextmanager
def groq_failing(scene: Scene) -> Iterator[None]:
    scene.groq.kill()
    scene.groq.start(status=500)
    try:
        yield
    finally:
        scene.groq.kill()
        scene.groq.start()


@contextmanager
def disk_full(scene: Scene) -> Iterator[None]:
    """No file of the session's process may grow: the spool has no room, as on a full disk."""
    victims, endless = scene.processes("whatsapp_session"), resource.RLIM_INFINITY
    try:
        for process in victims:
            process.rlimit(psutil.RLIMIT_FSIZE, (1, endless))
        yield
    finally:
        for process in victims:
            with suppress(psutil.NoSuchProcess):
                process.rlimit(psutil.RLIMIT_FSIZE, (endless, endless))


FAULTS: dict[str, tuple[Fault, ...]] = {
    "web": (Fault("web: kill -9", killed("daphne")),),
    "worker": (Fault("worker: kill -9", killed("worker@")),),
    "whatsapp": (Fault("WhatsApp worker: kill -9", killed("whatsapp@")),),
    "child": (Fault("session child: kill -9", killed("whatsapp_session")),),
    "redis": (
        Fault("Redis: kill -9", killed("valkey-server")),
        Fault("Redis: no answer", frozen("valkey-server"), OUTAGE_SECONDS),
    ),
    "postgresql": (
        Fault("PostgreSQL: kill -9", killed("postgres")),
        Fault("PostgreSQL: no answer", frozen("postgres"), OUTAGE_SECONDS),
    ),
    "groq": (
        Fault("Groq: gone", groq_gone, GROQ_SECONDS),
        Fault("Groq: no answer", groq_hanging, GROQ_SECONDS),
        Fault("Groq: 500", groq_failing, GROQ_SECONDS),
    ),
    "disk": (Fault("disk of the spool: full", disk_full, DISK_SECONDS),),
}
