"""What an hour's figures suggest. Reports keep the codes; readers get the sentences in their language."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "more_workers": _(
        "Answers take long although the model is quick. Start another worker, or give the ones there more threads."
    ),
    "slow_model": _(
        "The language model takes most of the time. See Groq's status page, or put a faster model first in GROQ_MODELS."
    ),
    "turns": _("Lívia went without the model again and again. See her page for the errors Groq gave."),
    "messages": _("Messages did not leave. See them on the page of failures, and the state of the WhatsApp numbers."),
    "requests": _("Pages ended in errors. Look for “request_failed” in the log of the web processes."),
    "cpu": _("The processor is busy. Move the workers to another machine, or give this one more cores."),
    "memory": _("Memory is scarce. See on the monitoring page which process takes it, and give the machine more."),
    "queue": _("Work piled up. Start another worker, and look whether one of them had stopped."),
    "connections": _("Many connections to the database were open. Lower DB_POOL_MAX, or raise PostgreSQL's limit."),
    "cache": _("The cache answers seldom. Look whether Redis is short of memory and throws entries away."),
    "disk": _("A disk is nearly full. Make room before files and messages cannot be stored."),
    "gaps": _("Minutes were not measured: the installation, its workers or beat were not running all the time."),
}
_LEAST_MINUTES = 55
_SELDOM_PERCENT = 50


def advice(figures: Mapping[str, Any]) -> list[str]:
    """Codes of what to do, the most pressing first. None: all is well."""
    return [code for code in _codes(figures) if code in SENTENCES]


def _codes(figures: Mapping[str, Any]) -> Iterator[str]:
    def above(name: str, limit: float) -> bool:
        return figures.get(name) is not None and figures[name] > limit

    slow_model = above("model_s", settings.ALERT_MODEL_SECONDS)
    if above("response_s", _least(settings.SCORE_RESPONSE_SECONDS)) and not slow_model:
        yield "more_workers"
    if slow_model:
        yield "slow_model"
    if above("error_percent", _least(settings.SCORE_ERROR_PERCENT)):
        yield figures.get("worst_errors") or ""
    if above("cpu_percent", _least(settings.SCORE_CPU_PERCENT)):
        yield "cpu"
    if above("memory_percent", _least(settings.SCORE_MEMORY_PERCENT)):
        yield "memory"
    if above("queue", settings.ALERT_QUEUE):
        yield "queue"
    if above("db_connections", settings.ALERT_DB_CONNECTIONS):
        yield "connections"
    if above("disk_percent", settings.HEALTH_DISK_PERCENT):
        yield "disk"
    if figures.get("cache_percent") is not None and figures["cache_percent"] < _SELDOM_PERCENT:
        yield "cache"
    if figures.get("minutes", 0) < _LEAST_MINUTES:
        yield "gaps"


def _least(steps: list[tuple[float, int]]) -> float:
    return min((limit for limit, _points in steps), default=float("inf"))
