"""Structured logs: readable lines in development, JSON in production. No message text, phone or name is logged.

Every line of one doing carries the same `trace` (crm.core.tracing), whichever process wrote it.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

from crm.core.tracing import current

_FRAMES = 4
_KEYED = re.compile(r"(/hooks/leads/[^/\s?]*/)[^\s\"',]+|\bhook_[\w-]{20,}")
# Whoever logs knows better than to log these; this is for what slips into the words of an error or of a library.
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@(?:lid\b|[\w-]+(?:\.[\w-]+)+)")  # e-mail, and addresses on WhatsApp
_NUMBER = re.compile(
    r"(?<![\w.-])(?:"
    r"\+?\d{10,15}"  # phone, CPF, CNPJ or LID in digits alone
    r"|(?:\+?55[ -]?)?\(?\d{2}\)?[ -]?9?[ -]?\d{4}[ -]\d{4}"  # phone as Brazilians write it
    r"|\d{3}\.\d{3}\.\d{3}-\d{2}|\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}"  # CPF, CNPJ
    r")(?![\w-])"
)
_PLAIN = frozenset({"timestamp", "trace", "level", "logger", "exc_info", "_record", "_from_structlog"})
_SHORTEST = 8
_OURS = ("agent", "conversations", "crm", "leads", "whatsapp")

Line = MutableMapping[str, Any]


def traced(_logger: Any, _method: str, event: Line) -> Line:
    if trace := current():
        event.setdefault("trace", trace)
    return event


def masked(_logger: Any, _method: str, event: Line) -> Line:
    """Without phones, CPFs and e-mails, and without the key that stands in the address of an incoming webhook whose
    sender can only call an address."""
    for name, value in event.items():
        if name not in _PLAIN:
            event[name] = _masked(value)
    return event


def _masked(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) < _SHORTEST:
            return value
        if "/hooks/" in value or "hook_" in value:
            value = _KEYED.sub(r"\1…", value)
        if "@" in value:
            value = _ADDRESS.sub("…", value)
        return _NUMBER.sub("…", value)
    if isinstance(value, dict):
        return {name: _masked(inner) for name, inner in value.items()}
    return [_masked(inner) for inner in value] if isinstance(value, list | tuple) else value


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    traced,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    masked,
]


def told(error: BaseException) -> dict[str, str]:
    """What is logged of an error whose words may quote a client: PostgreSQL's name the phone of a doubled row."""
    cause = getattr(error, "sqlstate", None) or getattr(error.__cause__, "sqlstate", None)
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "site-packages" not in frame.filename]
    where = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[: -_FRAMES - 1 : -1])
    return {"error": type(error).__name__, "sqlstate": cause or "", "where": where}


def raised(_logger: Any, _method: str, event: Line) -> Line:
    """An error as the places it went through and its kind: its own words may quote a client."""
    info = event.pop("exc_info", None)
    if info and not isinstance(info, tuple):
        error = info if isinstance(info, BaseException) else sys.exc_info()[1]
        info = (type(error), error, error.__traceback__) if error else None
    if info and info[1] is not None:
        event["exception"] = _places(info[1])
    return event


def _places(error: BaseException) -> str:
    """Its causes first, as Python tells them; the lines are code, never values."""
    told, seen = [], set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        told.append("".join(traceback.format_tb(step.__traceback__)) + _kind(step))
        step = step.__cause__ or (None if step.__suppress_context__ else step.__context__)
    return "\n\n".join(reversed(told))


def _kind(error: BaseException) -> str:
    state = getattr(error, "sqlstate", None)
    return f"{type(error).__module__}.{type(error).__qualname__}" + (f" ({state})" if state else "")


def configure(*, level: str, json: bool) -> dict[str, Any]:
    """Set structlog up and return Django's LOGGING dictionary."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    renderer: list[Any] = (
        [raised, structlog.processors.JSONRenderer(ensure_ascii=False)]
        if json
        # A plain traceback: the rich one prints local variables, and with them what clients wrote.
        else [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
    )
    quiet = {"level": "WARNING"}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, *renderer],
                "foreign_pre_chain": _SHARED,
            }
        },
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["console"], "level": _for_libraries(level)},
        "loggers": {
            **{name: {"level": level} for name in _OURS},
            "daphne": quiet,
            "django.channels.server": quiet,
            "django_structlog.middlewares.request": quiet,
            "django.request": {"level": "ERROR"},  # refusals are answers; the request log has them
            "httpx": quiet,
            "axes": quiet,
            "celery": {"level": "WARNING"},
            "celery.beat": quiet,
            "celery.app.trace": {"level": "CRITICAL"},  # it quotes errors; crm.celery tells of a task that failed
            "opentelemetry": {"level": "CRITICAL"},  # crm.otel tells of a collector that is away, once a minute
        },
    }


def _for_libraries(level: str) -> str:
    """At DEBUG they write what goes to and fro, and with it what clients wrote."""
    return "INFO" if logging.getLevelNamesMapping().get(level.upper(), logging.INFO) < logging.INFO else level
