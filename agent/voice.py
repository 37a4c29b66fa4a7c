"""Voice messages into words. The row says that a transcription is wanted; the bell only saves the sweep's delay."""

import time
from datetime import timedelta

import structlog
from django.conf import settings
from django.core.files.storage import default_storage
from redis import RedisError

from agent.brain.text import normalise
from agent.gate import attends
from agent.llm import client as llm
from agent.llm.transcription import transcribe
from conversations.files import voice_seconds
from conversations.models import Direction, Message, MessageKind, TranscriptState
from conversations.transcripts import transcript_await, transcript_fail, transcript_store
from crm.core.clock import now
from crm.core.redis import client as redis_client
from crm.core.redis import key
from crm.core.tracing import current, span, traced

log = structlog.get_logger(__name__)

_TRIES = 2
_FINAL = frozenset({"off", "open", "format", "silent", "auth"})  # a second try would hear the same
_LATE = timedelta(minutes=1)  # a bell not heard for so long was lost
_HOPELESS = timedelta(hours=6)  # nobody waits for the words any more
_BYTES_A_SECOND = 40_000  # more than any recording of speech; a length nobody knows is guessed by it
# What Whisper hears in silence and noise: the credits of the films it was trained on.
_IMAGINED = ("amara.org", "legendas pela comunidade", "obrigado por assistir", "inscreva-se no canal", "legenda por")


def voice_await(*, message_id: int) -> bool:
    """Ask for the words of a file just stored, if it is a client's fresh voice message and somebody can listen."""
    if not llm.enabled():
        return False
    rows = Message.objects.select_related("conversation__inbox")
    message = rows.filter(pk=message_id, kind=MessageKind.AUDIO, direction=Direction.IN).first()
    if message is None or now() - message.sent_at > timedelta(seconds=settings.HISTORY_GRACE_SECONDS):
        return False
    if not settings.TRANSCRIBE_ALL and not attends(message.conversation):
        return False
    return transcript_await(message_id=message_id)


def voice_is_awaited(message_id: int) -> bool:
    return Message.objects.filter(pk=message_id, transcript_state=TranscriptState.AWAITED).exists()


def voices_overdue() -> list[int]:
    """The messages whose bell was lost, oldest first."""
    rows = Message.objects.filter(transcript_state=TranscriptState.AWAITED, created_at__lt=now() - _LATE)
    return list(rows.order_by("pk").values_list("pk", flat=True)[:200])


def voice_transcribe(message_id: int) -> int | None:
    """Put an awaited voice message into words; the thread that need not wait for them any more, or None."""
    message = Message.objects.filter(pk=message_id, transcript_state=TranscriptState.AWAITED).first()
    if message is None or not _claimed(message_id):
        return None
    with traced(message.trace_id or current()), span("livia.hear"):
        text = "" if message.revoked_at or now() - message.created_at > _HOPELESS else _heard(message)
        settled = transcript_store(message_id=message_id, text=text) if text else transcript_fail(message_id=message_id)
    if not settled and voice_is_awaited(message_id):
        return None
    return Message.objects.values_list("conversation_id", flat=True).get(pk=message_id)


def _claimed(message_id: int) -> bool:
    """One listener at a time; without Redis perhaps two, and the second's words are dropped."""
    seconds = int(settings.GROQ_TRANSCRIBE_SECONDS) + 10
    try:
        return bool(redis_client().set(key("transcribing", message_id), 1, nx=True, ex=seconds))
    except RedisError:
        return True


def _heard(message: Message) -> str:
    """The words, or nothing: too long, unreadable, silent, or nobody there to listen."""
    media = message.media or {}
    try:
        with default_storage.open(media["path"]) as file:
            content = file.read()
    except Exception as error:  # each storage has errors of its own
        log.warning("voice_unread", message=message.pk, error=type(error).__name__)
        return ""
    if _is_too_long(content, media.get("seconds")):
        log.info("voice_too_long", message=message.pk)
        return ""
    return _transcribed(message.pk, content, str(media.get("mime") or "audio/ogg"))


def _is_too_long(content: bytes, said: int | None) -> bool:
    """By the recording itself, else by what the phone said of it, else by its size."""
    seconds = voice_seconds(content) or said or len(content) / _BYTES_A_SECOND
    return seconds > settings.GROQ_VOICE_SECONDS


def _transcribed(message_id: int, content: bytes, mime: str) -> str:
    until = time.monotonic() + settings.GROQ_TRANSCRIBE_SECONDS
    for _attempt in range(_TRIES):
        transcript = transcribe(content, mime, seconds=max(until - time.monotonic(), 0.1))
        if transcript.text is not None:
            log.info("voice_transcribed", message=message_id, model=transcript.model, ms=transcript.ms)
            return "" if _is_imagined(transcript.text) else transcript.text
        log.warning("voice_not_transcribed", message=message_id, error=transcript.error)
        if transcript.error in _FINAL or until - time.monotonic() < settings.GROQ_TRANSCRIBE_SECONDS / 4:
            break
    return ""


def _is_imagined(text: str) -> bool:
    heard = normalise(text).text
    return len(heard) < 80 and any(words in heard for words in _IMAGINED)
