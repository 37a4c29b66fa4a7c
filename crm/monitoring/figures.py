"""The figures behind the gauges of `/metrics`, each group in one or two queries."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Count, Min, Q, Sum
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from agent.llm import breaker
from conversations.models import Conversation, Message, MessageState
from crm.alerts.models import Level
from crm.alerts.selectors import open_alerts
from crm.backups.selectors import last_good_backup
from crm.core.clock import now
from crm.core.metrics import Family
from crm.core.queues import QUEUES, queues_length
from crm.core.redis import brief
from crm.monitoring.models import Process, ProcessKind, Sample
from crm.monitoring.processes import fullest, processes_alive
from whatsapp.models import Session, SetAside
from whatsapp.states import State

_BREAKER_STATES = ("closed", "open", "half_open")
_CONNECTIONS = """
SELECT CASE WHEN state IN ('active', 'idle') THEN state WHEN state LIKE 'idle in%' THEN 'in_transaction' ELSE 'other'
       END AS kind, count(*), current_setting('max_connections')::int, pg_database_size(current_database())
FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY kind
"""


def gauge(name: str, text: str, value: float | None) -> list[Metric]:
    """One figure; none where it is not known, which is not zero."""
    return [] if value is None else [GaugeMetricFamily(name, text, value=value)]


def gauges(name: str, text: str, label: str, found: dict[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for word, value in found.items():
        family.add_metric([word], value)
    return family


def _age(moment: datetime | None) -> float | None:
    return None if moment is None else max((now() - moment).total_seconds(), 0.0)


# ---- what waits
def conversations() -> Iterable[Metric]:
    waiting = Conversation.objects.exclude(awaiting_since=None).aggregate(n=Count("pk"), oldest=Min("awaiting_since"))
    yield from gauge("livia_conversations_waiting", "Conversations that wait for Livia", waiting["n"])
    yield from gauge(
        "livia_conversation_waiting_seconds", "How long the first of them waits", _age(waiting["oldest"]) or 0.0
    )
    given_up = Conversation.objects.exclude(turn_failed_at=None).count()
    yield from gauge("livia_conversations_given_up", "Conversations whose answer failed too often", given_up)


def outbox() -> Iterable[Metric]:
    states = (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)
    rows = Message.objects.filter(state__in=states).order_by().values_list("state").annotate(n=Count("pk"))
    found = {str(state): 0.0 for state in states} | {state: float(number) for state, number in rows}
    yield gauges("livia_outbox_messages", "Messages that have not surely left", "state", found)
    yield from gauge("livia_spool_set_aside", "Messages that could not be stored", SetAside.objects.count())


# ---- WhatsApp
_TOTALS = {
    "attempts_total": ("livia_whatsapp_attempts", "Attempts to connect"),
    "failures_total": ("livia_whatsapp_failures", "Attempts to connect that failed"),
    "successes_total": ("livia_whatsapp_connections", "Connections made"),
    "reconnects_total": ("livia_whatsapp_reconnects", "Connections made again after one broke"),
    "qr_total": ("livia_whatsapp_qr_codes", "QR codes shown"),
}


def sessions() -> Iterable[Metric]:
    rows = Session.objects.order_by().values_list("state").annotate(n=Count("pk"))
    found = {str(state): 0.0 for state in State} | {state: float(number) for state, number in rows}
    yield gauges("livia_whatsapp_sessions", "Numbers by their state", "state", found)
    whole = Session.objects.aggregate(
        **{name: Sum(name) for name in _TOTALS},
        offline=Count("pk", filter=Q(wanted=True) & ~Q(state=State.ONLINE)),
        full=Count("pk", filter=~Q(disk_full_since=None)),
        spool=Min("spool_waiting_since"),
    )
    yield from gauge(
        "livia_whatsapp_sessions_offline", "Numbers that should be connected and are not", whole["offline"]
    )
    yield from gauge("livia_whatsapp_disk_full", "Numbers whose spool has no room", whole["full"])
    spool = _age(whole["spool"]) or 0.0
    yield from gauge("livia_spool_waiting_seconds", "How long what arrived waits to be stored", spool)
    for name, (metric, text) in _TOTALS.items():
        yield CounterMetricFamily(metric, text, value=whole[name] or 0)


# ---- processes and machines
def processes() -> Iterable[Metric]:
    alive = processes_alive()
    kinds: dict[str, list[Process]] = {kind: [row for row in alive if row.kind == kind] for kind in ProcessKind.values}
    yield gauges("livia_processes", "Processes heard of lately", "kind", {k: len(rows) for k, rows in kinds.items()})
    yield gauges(
        "livia_process_memory_bytes", "Resident memory of the processes of a kind", "kind",
        {kind: sum(row.memory_mb or 0 for row in rows) * 1024 * 1024 for kind, rows in kinds.items()},
    )  # fmt: skip
    yield gauges(
        "livia_process_cpu_ratio", "Processor cores used by the processes of a kind", "kind",
        {kind: sum(row.cpu_percent or 0 for row in rows) / 100 for kind, rows in kinds.items()},
    )  # fmt: skip
    in_hand = sum(int(row.data.get("in_hand") or 0) for row in alive)
    yield from gauge("livia_tasks_in_hand", "Tasks a worker has taken and no thread has begun", in_hand)
    hosts = {"host_cpu": "host_cpu_percent", "host_memory": "host_memory_percent", "host_disk": "disk_percent"}
    for name, field in hosts.items():
        highest = fullest(alive, field)
        text = f"Of the fullest machine: {name.removeprefix('host_')} in use"
        yield from gauge(f"livia_{name}_ratio", text, None if highest is None else highest / 100)


def database() -> Iterable[Metric]:
    with connection.cursor() as cursor:
        cursor.execute(_CONNECTIONS)
        rows = cursor.fetchall()
    found = dict.fromkeys(("active", "idle", "in_transaction", "other"), 0.0)
    found |= {kind: float(number) for kind, number, _most, _size in rows}
    yield gauges("livia_postgres_connections", "Connections to the database", "state", found)
    yield from gauge("livia_postgres_connections_limit", "Connections PostgreSQL accepts", rows[0][2])
    yield from gauge("livia_postgres_size_bytes", "Size of the database", rows[0][3])


# ---- alerts, backups
# Figure of a measurement → metric, what it says, and what it is divided by.
_MEASURED: dict[str, tuple[str, str, float]] = {
    "response_s": ("livia_measured_response_seconds", "Mean wait for an answer", 1),
    "model_s": ("livia_measured_model_seconds", "Mean time of the model", 1),
    "error_percent": ("livia_measured_error_ratio", "Share of what failed", 100),
    "cpu_percent": ("livia_measured_cpu_ratio", "Processor of the fullest machine", 100),
    "memory_percent": ("livia_measured_memory_ratio", "Memory of the fullest machine", 100),
    "queue": ("livia_measured_queue", "Work that waits", 1),
    "db_connections": ("livia_measured_db_connections", "Connections to the database", 1),
}


def measured() -> Iterable[Metric]:
    """The last minute's measurement, by which the product raises its own alerts; nothing once it is old."""
    sample = Sample.objects.first()
    age = _age(sample.at) if sample else None
    yield from gauge("livia_measured_age_seconds", "Since the last measurement", age)
    if sample is None or age is None or age > settings.ALERT_WINDOW_MINUTES * 60:
        return
    for figure, (name, text, part) in _MEASURED.items():
        value = getattr(sample, figure)
        yield from gauge(name, text, None if value is None else value / part)


def alerts() -> Iterable[Metric]:
    rows = open_alerts().order_by().values_list("level").annotate(n=Count("pk"))
    found = {str(level): 0.0 for level in Level} | {level: float(number) for level, number in rows}
    yield gauges("livia_alerts_open", "Alerts that are not over", "level", found)
    yield from gauge("livia_backup_age_seconds", "Since the last backup that was read back", _age(last_good_backup()))


# ---- Redis
def queues() -> Iterable[Metric]:
    brief().ping()  # raises where it is away: what is asked below then says nothing, or only what this process knows
    lengths: dict[str, Any] = queues_length() or {}
    found = {name: float(lengths[name]) for name in QUEUES if name in lengths}
    yield gauges("livia_queue_tasks", "Tasks in the broker that no worker has taken", "queue", found)


def breakers() -> Iterable[Metric]:
    family = GaugeMetricFamily("livia_breaker_state", "1 for the state a breaker is in", labels=["service", "state"])
    for service, one in (("chat", breaker.chat), ("hearing", breaker.hearing)):
        state = one.state()
        for word in _BREAKER_STATES:
            family.add_metric([service, word], float(word == state))
    yield family


OF_DATABASE: tuple[Family, ...] = (
    conversations, outbox, sessions, processes, database, measured, alerts,
)  # fmt: skip
OF_REDIS: tuple[Family, ...] = (queues, breakers)
