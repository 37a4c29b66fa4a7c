"""The rows of the product's processes: each writes its own, and everybody reads them."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import psutil
from django.conf import settings
from django.db.models import QuerySet

from crm.core.clock import now
from crm.core.queues import queues_length
from crm.core.work import service
from crm.monitoring.machine import Measured
from crm.monitoring.models import Process, ProcessKind

_FORGET = timedelta(days=1)
_NEWS = (
    "kind", "seen_at", "stopping", "memory_mb", "cpu_percent", "host_cpu_percent", "host_memory_percent",
    "disk_percent", "data",
)  # fmt: skip


@service
def process_seen(
    *, kind: ProcessKind, host: str, pid: int, started_at: datetime, stopping: bool, measured: Measured,
    data: dict[str, Any],
) -> None:  # fmt: skip
    """This process is there."""
    row = Process(
        kind=kind, host=host, pid=pid, started_at=started_at, seen_at=now(), stopping=stopping, data=data,
        **asdict(measured),
    )  # fmt: skip
    unique = ["host", "pid", "started_at"]
    Process.objects.bulk_create([row], update_conflicts=True, unique_fields=unique, update_fields=_NEWS)


@service
def process_gone(*, host: str, pid: int, started_at: datetime) -> None:
    """It ended as it should: nobody needs to miss it."""
    Process.objects.filter(host=host, pid=pid, started_at=started_at).delete()


@service
def predecessors_forget(*, kind: ProcessKind, host: str, pid: int, started_at: datetime) -> None:
    """A process that starts takes the place of those of its kind that were killed on its machine: their silence is
    explained."""
    rows = Process.objects.filter(kind=kind, host=host).exclude(pid=pid, started_at=started_at)
    dead = [row.pk for row in rows if row.pid == pid or not psutil.pid_exists(row.pid)]
    Process.objects.filter(pk__in=dead).delete()


@service
def processes_forget() -> int:
    """Of those silent for a day nothing is to be expected; how many there were."""
    return Process.objects.filter(seen_at__lt=now() - _FORGET).delete()[0]


def processes_known() -> QuerySet[Process]:
    return Process.objects.order_by("kind", "host", "pid")


def is_silent(process: Process) -> bool:
    return process.seen_at < now() - timedelta(seconds=settings.PULSE_SILENT_SECONDS)


def processes_alive() -> list[Process]:
    """Those that were heard of lately, whether they are being shut down or not."""
    return list(Process.objects.filter(seen_at__gte=now() - timedelta(seconds=settings.PULSE_SILENT_SECONDS)))


def workers_of(rows: Iterable[Process]) -> list[Process]:
    """The workers, but for WhatsApp's: their long tasks are numbers, and one that waits is a number without a thread,
    which has its own alerts."""
    return [row for row in rows if row.data.get("queues", ["whatsapp"]) != ["whatsapp"]]


def fullest(rows: Iterable[Process], figure: str) -> float | None:
    """Of the machines these run on, the highest in `host_cpu_percent`, `host_memory_percent` or `disk_percent`."""
    return max((value for row in rows if (value := getattr(row, figure)) is not None), default=None)


def tasks_waiting(workers: Iterable[Process]) -> int | None:
    """Tasks no thread has begun, in the broker's lists or in the hands of these workers; None while Redis is away."""
    lengths = queues_length()
    if lengths is None:
        return None
    listed = sum(number for name, number in lengths.items() if name != "whatsapp")
    return listed + sum(int(row.data.get("in_hand") or 0) for row in workers)
