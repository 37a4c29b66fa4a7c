"""Whether Lívia may speak here, and when the client has finished."""

from datetime import datetime, timedelta

from django.conf import settings

from agent.llm import client as llm
from conversations.models import Conversation, MediaState, Message, MessageKind, TranscriptState
from crm.core.clock import now
from leads.models import Attendance

_FETCHING_SECONDS = 10  # a voice message comes from WhatsApp before it can be transcribed


def attends(conversation: Conversation) -> bool:
    """On globally, in this inbox and in this chat; not a person's."""
    return settings.LIVIA_ENABLED and conversation.inbox.livia_enabled and conversation.attended_by == Attendance.LIVIA


def may_answer(conversation: Conversation) -> bool:
    """She attends, and something waits.

    A client who opted out is read all the same: silence is the brain's to keep, and the way back the client's to take.
    """
    return attends(conversation) and conversation.awaits_livia


def burst_ends_at(conversation: Conversation, latest: Message) -> datetime:
    """After 4 s of silence, but 20 s after the first unanswered message at the latest."""
    quiet = latest.created_at + timedelta(seconds=settings.BURST_WINDOW_SECONDS)
    cap = (conversation.awaiting_since or latest.created_at) + timedelta(seconds=settings.BURST_CAP_SECONDS)
    return min(quiet, cap)


def heard_at(message: Message) -> datetime | None:
    """Until when a voice message is waited for, to be fetched and transcribed; None if it is not."""
    fetched = message.media_state == MediaState.AWAITED and llm.enabled()
    if message.kind != MessageKind.AUDIO or not (fetched or message.transcript_state == TranscriptState.AWAITED):
        return None
    return message.created_at + timedelta(seconds=settings.GROQ_TRANSCRIBE_SECONDS + _FETCHING_SECONDS)


def seconds_to_wait(conversation: Conversation, messages: list[Message]) -> float:
    """How long from now until the burst ends and what was spoken in it is heard, and a turn that failed has rested."""
    spoken = [at for message in messages if (at := heard_at(message))]
    rested = [conversation.turn_not_before] if conversation.turn_not_before else []
    due = max([burst_ends_at(conversation, messages[-1]), *spoken, *rested])
    return max((due - now()).total_seconds(), 0.0)
