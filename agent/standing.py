"""How Lívia stands right now: whether a model speaks for her, which, and what its endpoint says of itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from agent.llm import breaker, client, limits
from agent.llm.capabilities import Capability, capability
from crm.core.clock import now


@dataclass(frozen=True)
class ModelNote:
    """A model of the list, with what it can do and what it last said of its limits."""

    name: str
    can: Capability
    limits: dict[str, Any]
    at: datetime | None


@dataclass(frozen=True)
class Standing:
    """`state`: off, closed, half_open or open. `level` colours it: quiet, ok, warn or danger."""

    state: str
    level: str
    sentence: str
    remedy: str
    failures: int
    until: datetime | None
    hearing: str
    models: tuple[ModelNote, ...]
    whisper: str
    livia_enabled: bool
    at: datetime


def standing() -> Standing:
    chat = breaker.snapshot()
    state = chat["state"] if client.enabled() else "off"
    level, sentence, remedy = _words(state, bool(chat["key_refused"]))
    until = now() + timedelta(seconds=chat["opens_in"]) if state == "open" else None
    told = limits.snapshot()
    return Standing(
        state=state,
        level=level,
        sentence=sentence,
        remedy=remedy,
        failures=chat["failures"],
        until=until,
        hearing=breaker.hearing.snapshot()["state"] if state != "off" else "off",
        models=tuple(_note(name, told.get(name, {})) for name in settings.GROQ_MODELS),
        whisper=settings.GROQ_WHISPER_MODEL,
        livia_enabled=settings.LIVIA_ENABLED,
        at=now(),
    )


def _note(name: str, told: dict[str, Any]) -> ModelNote:
    return ModelNote(name, capability(name), told, parse_datetime(told.get("at") or "") if told else None)


def _words(state: str, is_refused: bool) -> tuple[str, str, str]:
    """Level, what is so, and what it means or what to do."""
    if state == "off":
        return "quiet", _("No model: the rules answer."), _why_off()
    if is_refused:
        return (
            "danger",
            _("Groq refuses the key."),
            _("The rules answer meanwhile. Check GROQ_API_KEY and restart the workers."),
        )
    if state == "open":
        return "danger", _("The model rests after failures."), _("The rules answer until it is tried again.")
    if state == "half_open":
        return "warn", _("The model is being tried again."), _("The next turn asks it; the others go by the rules.")
    return "ok", _("The model answers."), _("The rules read along and step in where it fails.")


def _why_off() -> str:
    if not settings.GROQ_ENABLED:
        return _("It is switched off (GROQ_ENABLED). The rules go on answering.")
    if not settings.GROQ_API_KEY:
        return _("There is no key (GROQ_API_KEY). The rules go on answering.")
    return _("No model is listed (GROQ_MODELS). The rules go on answering.")
