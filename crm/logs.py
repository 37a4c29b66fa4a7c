"""Structured logs: readable lines in development, JSON in production. No message text, phone or name is logged."""

import re
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

_FRAMES = 4
_KEYED = re.compile(r"(/hooks/leads/[^/\s?]*/)[^\s\"',]+|\bhook_[\w-]{20,}")


def masked(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Without the key that stands in the address of an incoming webhook whose sender can only call an address."""
    for name, value in event.items():
        if isinstance(value, str) and ("/hooks/" in value or "hook_" in value):
            event[name] = _KEYED.sub(r"\1…", value)
    return event


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
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
        [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
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
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "daphne": quiet,
            "django.channels.server": quiet,
            "django_structlog.middlewares.request": quiet,
            "django.request": {"level": "ERROR"},  # refusals are answers; the request log has them
            "httpx": quiet,
            "axes": quiet,
            "celery": {"level": "WARNING"},
            "celery.beat": quiet,
        },
    }
