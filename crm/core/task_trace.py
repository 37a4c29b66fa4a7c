"""Tasks go on with the trace of whoever rang for them; what the clock rings for begins one. A failure is told here."""

from contextlib import ExitStack
from typing import Any

import structlog
from celery import Task
from celery.signals import before_task_publish, task_failure, task_postrun, task_prerun

from crm.core.tracing import carried, span, traced
from crm.logs import told

log = structlog.get_logger(__name__)

_HEADER = "traceparent"


@before_task_publish.connect
def _send_along(headers: dict[str, Any] | None = None, **_kwargs: Any) -> None:
    if headers is not None and (carrier := carried()):
        headers[_HEADER] = carrier


@task_prerun.connect
def _begin(task: Task, **_kwargs: Any) -> None:
    running = ExitStack()
    running.enter_context(traced(task.request.get(_HEADER) or ""))
    running.enter_context(span(f"task {task.name}"))
    task.request.update(trace=running)


@task_failure.connect
def _tell(sender: Task, exception: BaseException, **_kwargs: Any) -> None:
    log.error("task_failed", task=sender.name, **told(exception))


@task_postrun.connect
def _end(task: Task, **_kwargs: Any) -> None:
    if running := task.request.get("trace"):
        running.close()
