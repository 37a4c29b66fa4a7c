"""What nobody counts because it stands somewhere: queues, sessions, processes, connections. Asked for at a scrape.

PostgreSQL and Redis are asked beside one another, each in a thread of its own, and nobody waits for either longer than
HEALTH_CHECK_SECONDS. With one of them away the other's figures, and all that was counted, are told all the same.
"""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future

import structlog
from django.conf import settings
from django.db import connection, transaction
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from crm.core.metrics import FURTHER
from crm.monitoring import figures

log = structlog.get_logger(__name__)

_UNKNOWN: tuple[float, list[Metric]] = (float("-inf"), [])
KEEP_SECONDS = 5.0  # several who ask at once, or a browser's reload, cost one look
Ask = Callable[[], list[Metric]]


class Source:
    """Metrics from a server that may be away or slow. Asks once at a time; a late answer serves the next who asks."""

    def __init__(self, part: str, ask: Ask) -> None:
        self.part, self._ask = part, ask
        self._lock = threading.Lock()
        self._asking: Future[list[Metric]] | None = None
        self._known = _UNKNOWN

    def begin(self) -> None:
        """Ask, unless an answer is fresh or on its way."""
        with self._lock:
            if self._asking is None and time.monotonic() - self._known[0] > KEEP_SECONDS:
                self._asking = Future()
                threading.Thread(
                    target=self._run, args=(self._asking,), name=f"metrics-{self.part}", daemon=True
                ).start()

    def _run(self, asking: Future[list[Metric]]) -> None:
        try:
            found = self._ask()
        except Exception as error:
            log.warning("metrics_without", part=self.part, error=type(error).__name__)
            found = []
        with self._lock:
            self._asking = None
            # Of a server that is away nothing is known any more: old figures would say that all is well.
            self._known = (time.monotonic(), found) if found else _UNKNOWN
        asking.set_result(found)

    def metrics(self, deadline: float) -> list[Metric]:
        """The answer, or nothing if it does not come in time."""
        with self._lock:
            asking, known = self._asking, self._known[1]
        if asking is None:
            return known
        try:
            return asking.result(max(deadline - time.monotonic(), 0))
        except TimeoutError:
            return []

    def forget(self) -> None:
        with self._lock:
            self._known = _UNKNOWN


def of_database() -> list[Metric]:
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL statement_timeout = %s", [round(settings.HEALTH_CHECK_SECONDS * 1000)])
            return [metric for family in (*figures.OF_DATABASE, *FURTHER) for metric in family()]
    finally:
        if threading.current_thread().name == "metrics-database":
            connection.close()  # back into the pool


def of_redis() -> list[Metric]:
    return [metric for family in figures.OF_REDIS for metric in family()]


SOURCES = (Source("database", lambda: of_database()), Source("redis", lambda: of_redis()))


def asked() -> Iterable[Metric]:
    """All that can be known within HEALTH_CHECK_SECONDS, and who did not answer."""
    deadline = time.monotonic() + settings.HEALTH_CHECK_SECONDS
    for source in SOURCES:
        source.begin()
    up = GaugeMetricFamily("livia_up", "Whether a server of the product answers its processes", labels=["part"])
    for source in SOURCES:
        found = source.metrics(deadline)
        up.add_metric([source.part], 1.0 if found else 0.0)
        yield from found
    yield up
