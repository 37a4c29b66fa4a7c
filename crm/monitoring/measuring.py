"""What is measured each minute, over the minutes before it. Nothing is guessed: what cannot be read stays empty."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from crm.core.clock import now
from crm.core.locks import lock_then
from crm.core.tally import tallied
from crm.core.work import service
from crm.monitoring.models import Sample
from crm.monitoring.processes import fullest, processes_alive, tasks_waiting, workers_of
from crm.monitoring.talk_figures import Talk, talk

OVERDUE = timedelta(seconds=150)
# Below this nothing can be said of a kind of work alone: one of one is no rate.
LEAST_WORK = 5
_CONNECTIONS = """
SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
"""


@service
def sample_take(*, stands_in: bool = False) -> Sample | None:
    """Measure, once a minute however often it is called; None where this minute was measured. Who `stands_in` measures
    only once the task has not come for a while: it comes through a queue, and a full one must not hide itself."""
    moment = now()
    at = moment.replace(second=0, microsecond=0)
    if stands_in and _measured_since(moment - OVERDUE):
        return None
    lock_then("monitoring sample", "SELECT 1")
    if _measured_since(at):
        return None
    minutes = settings.ALERT_WINDOW_MINUTES
    counted = tallied(minutes)
    alive = processes_alive()
    talked, tasks = talk(moment - timedelta(minutes=minutes)), tasks_waiting(workers_of(alive))
    work = {"turns": talked.turns, "messages": talked.messages, "requests": _requests(counted)}
    return Sample.objects.create(
        at=at,
        received=talked.received,
        answered=talked.answered,
        response_s=talked.response_s,
        model_s=talked.model_s,
        error_percent=error_percent(work),
        cpu_percent=fullest(alive, "host_cpu_percent"),
        memory_percent=fullest(alive, "host_memory_percent"),
        cache_percent=_cache_percent(counted),
        queue=None if tasks is None else max(tasks, talked.awaiting),  # who waits mostly has a task that waits
        db_connections=_connections(),
        data=_details(talked, tasks, fullest(alive, "disk_percent"), work),
    )


def _measured_since(moment: datetime) -> bool:
    return Sample.objects.filter(at__gte=moment).exists()


def _details(talked: Talk, tasks: int | None, disk: float | None, work: dict[str, Any]) -> dict[str, Any]:
    """What the figures were made of: enough to weigh a minute against others."""
    return {
        "waits": talked.waits,
        "waited_s": talked.waited_s,
        "longest_s": talked.longest_s,
        "asked": talked.asked,
        "tasks": tasks,
        "awaiting": talked.awaiting,
        "disk_percent": disk,
        "work": {kind: list(pair) for kind, pair in work.items() if pair},
    }


def error_percent(work: dict[str, Any]) -> float | None:
    """The worst share of failures among turns, messages and requests, each (failed, all): a thousand requests that
    went well say nothing of ten answers that did not. Where there was too little of each, that of all together."""
    pairs = [pair for pair in work.values() if pair and pair[1]]
    enough = [100 * failed / whole for failed, whole in pairs if whole >= LEAST_WORK]
    if enough:
        return round(max(enough), 2)
    whole = sum(pair[1] for pair in pairs)
    return round(100 * sum(pair[0] for pair in pairs) / whole, 2) if whole else None


def _requests(counted: Counter[str] | None) -> tuple[int, int] | None:
    return None if counted is None else (counted["request_errors"], counted["requests"])


def _cache_percent(counted: Counter[str] | None) -> float | None:
    asked = counted["cache_hits"] + counted["cache_misses"] if counted else 0
    return round(100 * counted["cache_hits"] / asked, 2) if counted and asked else None


def _connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        return cursor.fetchone()[0]


@service
def samples_forget() -> int:
    """How many went, older than they are kept."""
    return Sample.objects.filter(at__lt=now() - timedelta(days=settings.SAMPLE_KEEP_DAYS)).delete()[0]
