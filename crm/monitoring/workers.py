"""Celery's processes tell of themselves: workers their queues and threads, beat that it is there."""

from typing import Any

from celery.signals import beat_init, worker_ready, worker_shutting_down

from crm.core.draining import drain_begin
from crm.core.queues import in_hand, in_hand_by, under_pressure
from crm.monitoring.kinds import kind_told, worker_kind
from crm.monitoring.models import ProcessKind
from crm.monitoring.pulse import pulse_start


@worker_ready.connect
def _worker(sender: Any, **_kwargs: Any) -> None:
    from celery.worker import state  # only in a worker: it brings the whole of one along

    queues = sorted(sender.app.amqp.queues.consume_from)
    in_hand_by(_in_hand(sender.pool))

    def told() -> dict[str, Any]:
        threads = sender.pool.num_processes if sender.pool else 0
        return {
            "queues": queues, "threads": threads, "busy": len(state.active_requests), "in_hand": in_hand(),
            "pressed": under_pressure(),
        }  # fmt: skip

    pulse_start(worker_kind(queues), told)


def _in_hand(pool: Any) -> Any:
    """What waits for a thread of Celery's pool; of other kinds of pool nothing is known."""
    executor = getattr(pool, "executor", None)
    waiting = getattr(executor, "_work_queue", None)
    return waiting.qsize if waiting is not None else int


@worker_shutting_down.connect
def _leaving(**_kwargs: Any) -> None:
    drain_begin()


@beat_init.connect
def _beat(**_kwargs: Any) -> None:
    pulse_start(kind_told() or ProcessKind.BEAT)
