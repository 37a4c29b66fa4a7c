from datetime import timedelta

from celery import shared_task
from django.conf import settings

from agent.turns import turn_run
from conversations.models import Conversation
from crm.core.clock import now


@shared_task(name="agent.answer")
def answer(conversation_id: int) -> None:
    """Answer a conversation once its burst is over; called too early, it comes back when it is due."""
    outcome = turn_run(conversation_id=conversation_id)
    if outcome.wait is not None:
        answer.apply_async((conversation_id,), countdown=outcome.wait)
    elif outcome.discarded:
        answer.apply_async((conversation_id,), countdown=settings.BURST_WINDOW_SECONDS)


@shared_task(name="agent.sweep")
def sweep() -> None:
    """Ring again for whoever waits longer than a burst can last: their doorbell was lost."""
    overdue = now() - timedelta(seconds=settings.ANSWER_SWEEP_SECONDS)
    waiting = Conversation.objects.filter(awaiting_since__lt=overdue).order_by("awaiting_since")
    for conversation_id in waiting.values_list("pk", flat=True)[:1000]:
        answer.delay(conversation_id)
