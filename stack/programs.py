"""The product's processes. docker-compose.yml runs the same ones, with the web split in two."""

import sys
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Program:
    name: str
    argv: tuple[str, ...]
    waits_for_data: bool = True  # start only after migrations and demo data
    environment: dict[str, str] = field(default_factory=dict)


def _celery(*arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", "celery", "--quiet", "-A", "crm", *arguments, "--loglevel=WARNING")


def _worker(name: str, queues: str, threads: int) -> tuple[str, ...]:
    return _celery(
        *("worker", "-n", f"{name}@%h", "-Q", queues, "-P", "threads", "-c", str(threads)),
        *("--without-gossip", "--without-mingle"),
    )


def programs(host: str, port: int) -> list[Program]:
    daphne = (sys.executable, "-m", "daphne", "-b", host, "-p", str(port), "-v", "0", "crm.asgi:application")
    return [
        Program("web", daphne, waits_for_data=False, environment={"PROCESS_KIND": "web"}),  # pages too
        Program("worker", _worker("worker", "default,agent", 32)),
        Program("beat", _celery("beat")),
        Program("whatsapp", _worker("whatsapp", "whatsapp", 16)),
    ]


PREPARE = Program("prepare", (sys.executable, "-m", "stack.prepare"), waits_for_data=False)
