"""What the product counts and times, for `/metrics` (docs/monitoring.md): every metric of a process, in one place.

Labels are words of short lists, never an id, a phone or a path. All processes that share METRICS_DIR count together
(crm.core.metric_files); one that cannot write there counts for itself. What the database knows better, such as the
lengths of queues, is asked for when somebody reads (crm.monitoring.collectors).
"""

import os
from collections.abc import Callable, Iterable

import structlog
from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics, values
from prometheus_client.metrics_core import Metric

from crm.core.metric_files import Folder

log = structlog.get_logger(__name__)

OWN = CollectorRegistry()
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER = "other"

# Each ends at numbers that somebody asks about: 0.5 s for a page, 3 s for the model, 5 s for an answer.
_PAGE = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_QUERY = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)
_MODEL = (0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3, 5, 8, 15)
_ANSWER = (0.5, 1, 2, 3, 4, 5, 7.5, 10, 15, 20, 30, 60, 300)
_TASK = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


def _shared() -> Folder | None:
    """The common folder; from here on this process counts in it. The library reads its place from the environment."""
    try:
        folder = Folder(settings.METRICS_DIR)
    except OSError as error:
        log.warning("metrics_not_shared", error=type(error).__name__)
        return None
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder.path)
    values.ValueClass = values.MultiProcessValue(folder.identity)
    return folder


disable_created_metrics()
FOLDER = _shared()


# Name → labels of every series below.
DEFINED: dict[str, tuple[str, ...]] = {}


def _counter(name: str, text: str, *labels: str) -> Counter:
    DEFINED[name] = labels
    return Counter(name, text, labels, registry=OWN)


def _gauge(name: str, text: str, *labels: str) -> Gauge:
    DEFINED[name] = labels
    return Gauge(name, text, labels, registry=OWN, multiprocess_mode="livesum")


def _times(name: str, text: str, buckets: Iterable[float], *labels: str) -> Histogram:
    name = f"{name}_seconds"
    DEFINED.update({f"{name}_bucket": (*labels, "le"), f"{name}_sum": labels, f"{name}_count": labels})
    return Histogram(name, text, labels, registry=OWN, buckets=tuple(buckets))


HTTP = _times("livia_http_request_duration", "Requests for pages and the API", _PAGE, "method", "group", "status")

RECEIVED = _counter("livia_messages_received_total", "Clients' messages stored")
SETTLED = _counter("livia_messages_settled_total", "Messages that left, or did not", "author", "state")
FAILED = _counter("livia_messages_failed_total", "Messages that did not leave, by reason", "reason")
ANSWER = _times("livia_answer_duration", "From a client's message stored to Livia's first reply sent", _ANSWER)
TURN = _times("livia_turn_duration", "Livia's turns, from reading to settling", _MODEL, "outcome")
TURNS_FAILED = _counter("livia_turns_failed_total", "Turns that ended in an error", "given_up")

MODEL_CALLS = _counter("livia_model_calls_total", "Calls of a model", "service", "model", "outcome")
MODEL = _times("livia_model_call_duration", "Calls of a model", _MODEL, "service", "model")
TOKENS = _counter("livia_model_tokens_total", "Tokens; cached are part of in, reasoning of out", "model", "kind")

CACHE = _counter("livia_cache_reads_total", "Reads of the cache", "result")
LINES = _gauge("livia_lines_open", "Open sockets and event streams of browsers", "transport")
LINES_OPENED = _counter("livia_lines_opened_total", "Sockets and event streams that were opened", "transport")
LINES_DROPPED = _counter("livia_lines_dropped_total", "Lines dropped because their reader fell behind", "transport")

TASK = _times("livia_task_duration", "Tasks of the workers", _TASK, "task")
TASKS = _counter("livia_tasks_total", "Tasks of the workers, by how they ended", "task", "outcome")

QUERY = _times("livia_db_query_duration", "Queries, as their process waits for them", _QUERY)
QUERY_ERRORS = _counter("livia_db_errors_total", "Queries that ended in an error")
POOL_WAIT = _times("livia_db_pool_wait", "Waiting for a connection of the pool", _QUERY)
POOL_REFUSED = _counter("livia_db_pool_refused_total", "Connections that the pool could not hand out")
POOL_USED = _gauge("livia_db_pool_in_use", "Connections handed out by the processes' pools")
POOL_WAITING = _gauge("livia_db_pool_waiting", "Threads that wait for a connection")
POOL_LIMIT = _gauge("livia_db_pool_limit", "Connections the pools of all processes may open")


Family = Callable[[], Iterable[Metric]]
FURTHER: list[Family] = []


def tells(family: Family) -> Family:
    """Marks what an app tells from the database; asked for at a scrape, with crm.monitoring.figures."""
    FURTHER.append(family)
    return family


def counted() -> Iterable[Metric]:
    """What this process and those it shares the folder with have counted."""
    if FOLDER is not None:
        try:
            return FOLDER.read()
        except Exception as error:  # what a power failure left there, say: better to tell little than nothing
            log.error("metrics_not_read", folder=str(FOLDER.path), error=type(error).__name__)
    return OWN.collect()


def model_called(service: str, model: str, error: str, seconds: float, **tokens: int) -> None:
    """A call of a model ended; `error` is empty, or the code of its failure (agent.llm.failures)."""
    MODEL_CALLS.labels(service, model, _outcome(error)).inc()
    MODEL.labels(service, model).observe(seconds)
    for kind, number in tokens.items():
        if number:
            TOKENS.labels(model, kind).inc(number)


_OUTCOMES = frozenset({"timeout", "connection", "auth", "envelope", "length", "refusal", "http_429"})


def _outcome(error: str) -> str:
    if error.startswith("http_") and error not in _OUTCOMES:
        return f"http_{error[5:6]}xx"
    return "ok" if not error else error if error in _OUTCOMES else OTHER


def line_opened(transport: str) -> None:
    LINES.labels(transport).inc()
    LINES_OPENED.labels(transport).inc()
