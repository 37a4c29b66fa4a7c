"""What the conversations app does by the clock."""

import structlog
from celery import shared_task

from conversations import index
from conversations.outbox import receipts_forget
from conversations.quiet import conversations_quiet

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


@shared_task(name="conversations.forget_receipts")
def forget_receipts() -> None:
    receipts_forget()
