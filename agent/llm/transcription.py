"""What a client said in a voice note."""

import time
from dataclasses import dataclass
from typing import Any

import structlog
from django.conf import settings

from agent.llm import connection, limits
from agent.llm.alarm import key_refused
from agent.llm.breaker import chat, hearing
from agent.llm.deadline import within
from agent.llm.envelope import body_of, cleaned
from agent.llm.failures import BrokenEnvelope, Failure, told
from crm.core import metrics

log = structlog.get_logger(__name__)

# The endpoint judges a file by the end of its name, and does not know ".oga" or ".opus".
_FILES = {
    "audio/ogg": ("voice.ogg", "audio/ogg"),
    "audio/opus": ("voice.ogg", "audio/ogg"),
    "application/ogg": ("voice.ogg", "audio/ogg"),
    "audio/mpeg": ("voice.mp3", "audio/mpeg"),
    "audio/mp3": ("voice.mp3", "audio/mpeg"),
    "audio/mp4": ("voice.m4a", "audio/mp4"),
    "audio/m4a": ("voice.m4a", "audio/mp4"),
    "audio/x-m4a": ("voice.m4a", "audio/mp4"),
    "audio/wav": ("voice.wav", "audio/wav"),
    "audio/x-wav": ("voice.wav", "audio/wav"),
    "audio/webm": ("voice.webm", "audio/webm"),
    "audio/flac": ("voice.flac", "audio/flac"),
}
# Whisper's own measures of a recording without speech, into which it reads film credits.
_NO_SPEECH, _UNSURE = 0.6, -1.0


@dataclass(frozen=True)
class Transcript:
    """`text` is None where nothing was understood, and `error` says why: "off", "format" (not one the endpoint takes),
    "open" (the breaker), "silent" (nobody speaks), or as in an Attempt."""

    text: str | None
    model: str = ""
    ms: int = 0
    error: str = ""


def transcribe(content: bytes, mime: str, *, seconds: float | None = None) -> Transcript:
    """Portuguese speech as text, within `seconds` (GROQ_TRANSCRIBE_SECONDS). Never raises."""
    file = _FILES.get(mime.partition(";")[0].strip().lower())
    if not connection.configured():
        return Transcript(None, error="off")
    if file is None or not content:
        return Transcript(None, error="format")
    began_under = hearing.admit()
    if began_under == "open":
        return Transcript(None, error="open")
    started = time.monotonic()
    text, failure = _heard(file, content, settings.GROQ_TRANSCRIBE_SECONDS if seconds is None else seconds)
    ms = round((time.monotonic() - started) * 1000)
    metrics.model_called("hearing", settings.GROQ_WHISPER_MODEL, failure.error if failure else "", ms / 1000)
    if not _judge(failure, ms) and began_under == "half_open":
        hearing.released()
    if failure:
        return Transcript(None, settings.GROQ_WHISPER_MODEL, ms, failure.error)
    return Transcript(text or None, settings.GROQ_WHISPER_MODEL, ms, "" if text else "silent")


def _heard(file: tuple[str, str], content: bytes, seconds: float) -> tuple[str, Failure | None]:
    name, mime = file
    try:
        transcriptions: Any = connection.client().audio.transcriptions.with_raw_response
        with within(seconds):
            response = transcriptions.create(
                model=settings.GROQ_WHISPER_MODEL,
                file=(name, content, mime),
                language="pt",
                temperature=0,
                response_format="verbose_json",
                timeout=seconds,
            )
        limits.remember(settings.GROQ_WHISPER_MODEL, response.headers)
        body = body_of(response)
        text = body.get("text")
        if not isinstance(text, str):
            raise BrokenEnvelope
        return ("" if _is_silent(body.get("segments")) else cleaned(text).strip()), None
    except Exception as error:
        return "", told(error)


def _judge(failure: Failure | None, ms: int) -> bool:
    """Tell the breaker and the log; whether the endpoint is known to be well or ill now."""
    if failure is None:
        hearing.succeeded()
        return True
    log.warning("groq_failed", model=settings.GROQ_WHISPER_MODEL, error=failure.error, status=failure.status, ms=ms)
    if failure.key_refused:
        hearing.trip()
        if chat.trip():
            key_refused(failure.status)
        return True
    if failure.counted:
        hearing.failed()
    return failure.counted


def _is_silent(segments: Any) -> bool:
    """Every part is probably no speech, and its words are guesses."""
    if not isinstance(segments, list) or not segments:
        return False
    return all(
        isinstance(part, dict)
        and _number(part.get("no_speech_prob"), 0.0) > _NO_SPEECH
        and _number(part.get("avg_logprob"), 0.0) < _UNSURE
        for part in segments
    )


def _number(value: Any, default: float) -> float:
    return float(value) if isinstance(value, (int, float)) else default
