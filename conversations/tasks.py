"""What the conversations app does by the clock."""

import structlog
from celery import shared_task

from conversations import index

log = structlog.get_logger(__name__)


@shared_task(name="conversations.keep_index")
def keep_index() -> None:
    try:
        index.keep()
    except index.Away:
        log.warning("chat_index_away")
