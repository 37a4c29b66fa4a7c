"""Lívia's turns that end in an error nobody foresaw: tried again later and later, then a person's to run again."""

from datetime import timedelta

from django.conf import settings

from conversations.models import Conversation
from conversations.upkeep import conversation_lock
from crm.core.clock import now
from crm.core.work import service

# Not part of what there is to answer: saved without a new revision.
FAILURE = ("turn_failures", "turn_not_before", "turn_failed_at", "turn_error")


@service
def turn_stumbled(*, conversation_id: int, error: str) -> float | None:
    """Count a failed turn. Seconds until the next try, None when this was the last one. Raises NotFound."""
    conversation = conversation_lock(conversation_id)
    conversation.turn_failures += 1
    conversation.turn_error = error[:80]
    pauses = settings.TURN_RETRY_SECONDS
    if conversation.turn_failures >= settings.TURN_TRIES:
        pause = None
        conversation.turn_not_before, conversation.turn_failed_at = None, now()
    else:
        pause = pauses[min(conversation.turn_failures, len(pauses)) - 1]
        conversation.turn_not_before = now() + timedelta(seconds=pause)
    conversation.save(update_fields=FAILURE)
    return pause


def turns_forgive(conversation: Conversation) -> None:
    """What failed is settled or somebody else's now; the caller saves `FAILURE`."""
    conversation.turn_failures, conversation.turn_error = 0, ""
    conversation.turn_not_before = conversation.turn_failed_at = None
