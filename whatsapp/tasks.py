"""Who starts sessions: a supervisor every few seconds, and one long task a session on its own queue. And what looks
after them meanwhile: a watch over their figures, and the clean-up of those nobody paired."""

import threading
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready, worker_shutting_down
from django.conf import settings

from whatsapp import cleaning, runner
from whatsapp.selectors import sessions_all, sessions_left_behind, sessions_to_run
from whatsapp.services import session_move
from whatsapp.states import State
from whatsapp.watching import session_watch

log = structlog.get_logger(__name__)

_stopping = threading.Event()


@worker_shutting_down.connect
def _stop_sessions(**_kwargs: Any) -> None:
    _stopping.set()


@worker_ready.connect
def _look_at_once(**_kwargs: Any) -> None:
    """A server that just started does not wait for the supervisor's first round."""
    supervise.delay()


def enqueue(session_id: int) -> None:
    """Have some worker run the session. An order nobody took in time is dropped: the supervisor repeats it."""
    run_session.apply_async(args=[session_id], expires=2 * settings.WHATSAPP_SUPERVISE_SECONDS)


@shared_task(name="whatsapp.supervise")
def supervise() -> None:
    for session_id in sessions_left_behind():
        session_move(session_id=session_id, to=State.STOPPED, reason="process gone")
    for session_id in sessions_to_run():
        enqueue(session_id)


@shared_task(name="whatsapp.run_session")
def run_session(session_id: int) -> None:
    """Runs for as long as the session does; a second one for the same session returns at once."""
    if not _stopping.is_set():
        runner.run(session_id, _stopping)


@shared_task(name="whatsapp.watch")
def watch() -> None:
    for session_id in sessions_all().values_list("pk", flat=True):
        session_watch(session_id=session_id)


@shared_task(name="whatsapp.clean_up")
def clean_up() -> None:
    """Not on the queue of the sessions, whose threads may all be taken: every worker has their folders."""
    for session_id in cleaning.sessions_idle().values_list("pk", flat=True):
        cleaning.clean(session_id)


@shared_task(name="whatsapp.remove_folder")
def remove_folder(session_id: int) -> None:
    cleaning.folder_remove(session_id)
