"""Which of the product's processes this one is."""

import sys
from collections.abc import Collection
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from crm.monitoring.models import ProcessKind

_BY_PROGRAM = {"gunicorn": ProcessKind.WEB, "daphne": ProcessKind.REALTIME}


def server_kind() -> ProcessKind | None:
    """Of a process that serves requests; None for one that only imports the entry point, such as a test."""
    program = program_name()
    return (kind_told() or _BY_PROGRAM[program]) if program in _BY_PROGRAM else None


def worker_kind(queues: Collection[str]) -> ProcessKind:
    return kind_told() or (ProcessKind.WHATSAPP if set(queues) == {"whatsapp"} else ProcessKind.WORKER)


def kind_told() -> ProcessKind | None:
    """What PROCESS_KIND says."""
    if not settings.PROCESS_KIND:
        return None
    try:
        return ProcessKind(settings.PROCESS_KIND)
    except ValueError as error:
        known = ", ".join(ProcessKind.values)
        raise ImproperlyConfigured(f"PROCESS_KIND: {settings.PROCESS_KIND!r} is none of {known}.") from error


def program_name() -> str:
    """ "gunicorn" for `/usr/bin/gunicorn` and for `python -m gunicorn`."""
    path = Path(sys.argv[0])
    return path.parent.name if path.name == "__main__.py" else path.name
