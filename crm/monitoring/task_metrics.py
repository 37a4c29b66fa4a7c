"""Celery's processes: their tasks, counted and timed, and their own small server for `/metrics`."""

import time
from typing import Any

from celery.signals import beat_init, task_postrun, task_prerun, worker_ready

from crm.core import metrics
from crm.monitoring.scrape import serve


@task_prerun.connect
def _begin(task: Any, **_kwargs: Any) -> None:
    task.request.measured_from = time.perf_counter()


@task_postrun.connect
def _end(task: Any, state: str | None = None, **_kwargs: Any) -> None:
    began = getattr(task.request, "measured_from", None)
    if began is not None:
        metrics.TASK.labels(task.name).observe(time.perf_counter() - began)
    metrics.TASKS.labels(task.name, "ok" if state == "SUCCESS" else "failed").inc()


@worker_ready.connect
@beat_init.connect
def _serve(**_kwargs: Any) -> None:
    serve()
