"""What Lívia does by the clock and by bells. Each task may run twice."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import structlog
from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.db.models import Q

from agent.alerts import alerts_watch
from agent.followups import follow_up_send, follow_ups_due
from agent.judging import lead_judge
from agent.leaving import turn_failed
from agent.profiles import profiles_catch_up
from agent.turns import turn_run
from agent.vips import FIRST, is_vip, vip_await, vip_next
from agent.voice import voice_transcribe, voices_overdue
from conversations.models import Conversation
from crm.core.clock import now
from crm.core.errors import NotFound
from crm.core.queues import under_pressure

log = structlog.get_logger(__name__)

_PUT_OFF_SECONDS = 60


@shared_task(name="agent.answer")
def answer(conversation_id: int) -> None:
    """Answer a conversation once its burst is over; called too early, it comes back when it is due. A VIP who waits is
    answered before."""
    try:
        while (vip := vip_next()) is not None:
            _answer(vip)
    finally:
        _answer(conversation_id)


def _answer(conversation_id: int) -> None:
    try:
        outcome = turn_run(conversation_id=conversation_id)
    except Exception as error:
        pause = turn_failed(conversation_id, error)
        if pause is not None:
            _answer_later(conversation_id, pause)
        return
    if outcome.wait is not None:
        _answer_later(conversation_id, outcome.wait)
    elif outcome.discarded:
        _answer_later(conversation_id, settings.BURST_WINDOW_SECONDS)


def _answer_later(conversation_id: int, seconds: float) -> None:
    if is_vip(conversation_id):
        vip_await(conversation_id, seconds=seconds)
    answer.apply_async((conversation_id,), countdown=seconds)


@shared_task(name="agent.sweep")
def sweep(seconds: float | None = None) -> None:
    """Ring again for whoever waits longer than a burst can last (or `seconds`): their doorbell was lost. VIPs first."""
    overdue = now() - timedelta(seconds=settings.ANSWER_SWEEP_SECONDS if seconds is None else seconds)
    resting = Q(turn_not_before__gt=now())
    waiting = Conversation.objects.filter(~resting, awaiting_since__lt=overdue).order_by(FIRST, "awaiting_since")
    for conversation_id in waiting.values_list("pk", flat=True)[:1000]:
        answer.delay(conversation_id)


@worker_ready.connect
def _ring_for_all(**_kwargs: Any) -> None:
    """A worker that was killed took its bells with it: what it held is not waited for until it is overdue."""
    sweep.delay(seconds=0)


@shared_task(name="agent.watch")
def watch() -> None:
    alerts_watch()


@shared_task(name="agent.transcribe")
def transcribe(message_id: int) -> None:
    """Put a voice message into words; whoever waits for them is answered now."""
    conversation_id = voice_transcribe(message_id)
    if conversation_id is not None:
        answer.delay(conversation_id)


@shared_task(name="agent.listen")
def listen() -> None:
    """Ring again for voice messages nobody has listened to."""
    for message_id in voices_overdue():
        transcribe.delay(message_id)


@shared_task(name="agent.follow_up")
def follow_up() -> None:
    """Send the reminders that are due. One that fails does not hold up the others, and is tried again."""
    if under_pressure():
        return  # a minute later is soon enough
    for follow_up_id in follow_ups_due():
        try:
            with suppress(NotFound):  # its thread was joined with another meanwhile
                follow_up_send(follow_up_id=follow_up_id)
        except Exception as error:
            log.exception("follow_up_failed", follow_up=follow_up_id, error=type(error).__name__)


@shared_task(name="agent.judge")
def judge(lead_id: int) -> None:
    """Ask the model for its judgement of a lead. A lost bell costs nothing: the rules' judgement stands."""
    if under_pressure():
        judge.apply_async((lead_id,), countdown=_PUT_OFF_SECONDS)
        return
    lead_judge(lead_id)


@shared_task(name="agent.learn")
def learn() -> None:
    """Read what clients wrote where Lívia does not answer, and what a turn could not read."""
    if under_pressure():
        return
    profiles_catch_up()
