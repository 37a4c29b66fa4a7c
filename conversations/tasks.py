"""What the conversations app does by the clock."""

import structlog
from celery import shared_task

from conversations import index
from conversations.life import threads_age
from conversations.looks import file_look
from conversations.outbox import receipts_forget
from conversations.quiet import conversations_quiet
from conversations.scheduled import scheduled_run
from conversations.snooze import snoozes_end

log = structlog.get_logger(__name__)


@shared_task(name="conversations.keep_index")
def keep_index() -> None:
    try:
        index.keep()
    except index.Away:
        log.warning("chat_index_away")


@shared_task(name="conversations.quiet")
def quiet() -> None:
    conversations_quiet()


@shared_task(name="conversations.send_scheduled")
def send_scheduled() -> None:
    scheduled_run()


@shared_task(name="conversations.age")
def age() -> None:
    """Threads grow idle and are put away, and what was put off comes back."""
    snoozes_end()
    threads_age()


@shared_task(name="conversations.forget_receipts")
def forget_receipts() -> None:
    receipts_forget()


@shared_task(name="conversations.look")
def look(message_id: int) -> None:
    file_look(message_id=message_id)
