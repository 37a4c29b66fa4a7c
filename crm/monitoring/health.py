"""The judgement: healthy, degraded while more than half of the checks are, unhealthy, or shutting down."""

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.draining import is_draining
from crm.monitoring.checks import CHECKS, DATABASE, Check
from crm.monitoring.findings import Finding, State, unhealthy
from crm.monitoring.looking import Answer, ask_all

_SILENT = _("Did not answer within %(seconds)s s.")
_FAILED = _("Cannot be reached (%(error)s).")
_REMEDY = {
    "database": _("Check the PostgreSQL server. What arrives meanwhile is kept on disk, and nothing is lost."),
    "redis": _("Check the Redis server. Answers and live updates are late until it is back; nothing is lost."),
}


class Overall(StrEnum):
    HEALTHY = "healthy"
    DEGRADED = "degraded"
    UNHEALTHY = "unhealthy"
    SHUTTING_DOWN = "shutting_down"


@dataclass(frozen=True)
class Checked:
    check: Check
    finding: Finding
    seconds: float

    @property
    def is_bad(self) -> bool:
        return self.finding.state == State.UNHEALTHY


@dataclass(frozen=True)
class Health:
    checked: tuple[Checked, ...]
    at: datetime

    @property
    def overall(self) -> Overall:
        return Overall.SHUTTING_DOWN if is_draining() else _judge([one.finding for one in self.checked])

    @property
    def counted(self) -> int:
        return sum(one.finding.state != State.OFF for one in self.checked)

    @property
    def gravest_first(self) -> list[Checked]:
        return sorted(self.checked, key=lambda one: not one.is_bad)

    @property
    def bad(self) -> list[Checked]:
        return [one for one in self.checked if one.is_bad]

    @property
    def good(self) -> int:
        return self.counted - len(self.bad)


def _judge(findings: Sequence[Finding]) -> Overall:
    """What is not used here has no say."""
    used = [finding.state for finding in findings if finding.state != State.OFF]
    good = used.count(State.HEALTHY)
    if good == len(used):
        return Overall.HEALTHY
    return Overall.DEGRADED if good * 2 > len(used) else Overall.UNHEALTHY


_lock = threading.Lock()
_last: tuple[float, Health] | None = None


def health_look() -> Health:
    """How everything is, looked up at most every HEALTH_SECONDS by this process; it takes HEALTH_CHECK_SECONDS at
    most, and as long again for whoever asks while another looks."""
    global _last
    with _lock:
        if _last is None or time.monotonic() - _last[0] >= settings.HEALTH_SECONDS:
            _last = time.monotonic(), health_now()
        return _last[1]


def health_now(checks: Sequence[Check] = CHECKS) -> Health:
    answers = ask_all([check.question for check in checks], seconds=settings.HEALTH_CHECK_SECONDS)
    checked = (_checked(check, answer) for check, answer in zip(checks, answers, strict=True))
    return Health(tuple(checked), now())


def _checked(check: Check, answer: Answer[Finding]) -> Checked:
    if answer.value is not None:
        return Checked(check, answer.value, answer.seconds)
    remedy = _REMEDY.get(check.name, "")
    if answer.error:
        return Checked(check, unhealthy(_FAILED, remedy, error=answer.error), answer.seconds)
    seconds = f"{settings.HEALTH_CHECK_SECONDS:g}"
    return Checked(check, unhealthy(_SILENT, remedy, seconds=seconds), answer.seconds)


def database_answers() -> bool:
    """Within three quarters of HEALTH_CHECK_SECONDS, so that there is time left to say so."""
    [answer] = ask_all([DATABASE.question], seconds=settings.HEALTH_CHECK_SECONDS * 0.75)
    return answer.value is not None
