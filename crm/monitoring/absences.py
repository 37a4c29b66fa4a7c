"""Processes that were there and are not any more, without having ended as they should."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.monitoring.models import Process, ProcessKind

GONE = "process_gone"
_SILENCES = 3  # as long as this a machine may be busy
_GONE = gettext_noop("No process of this kind runs any more: %(name)s")
_GONE_BODY = gettext_noop("Look at its log and start it again. What waits for it is not lost.")
_BACK = gettext_noop("A process of this kind runs again: %(name)s")


def absences_watch() -> None:
    """An alert for each kind of process of which only silent ones are left. One that ended properly is missed by
    nobody; whoever watches cannot miss its own kind."""
    limit = now() - timedelta(seconds=settings.PULSE_SILENT_SECONDS * _SILENCES)
    silent: set[str] = set()
    alive: set[str] = set()
    for kind, seen_at, stopping in Process.objects.values_list("kind", "seen_at", "stopping"):
        if seen_at >= limit:
            alive.add(kind)
        elif not stopping:
            silent.add(kind)
    for kind in ProcessKind.values:
        if kind in alive:
            alert_clear(code=GONE, key=kind, title=_BACK)
        elif kind in silent:
            alert_raise(
                code=GONE, key=kind, level=Level.CRITICAL, title=_GONE, body=_GONE_BODY, data={"name": kind},
                url=reverse("monitoring:health"),
            )  # fmt: skip
