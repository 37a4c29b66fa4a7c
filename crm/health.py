"""Liveness and readiness for whoever runs the processes, and health for whoever watches them.

`/health/live` and `/health/ready` say little and to everybody; `/health/` says which part does not work, to a program
with METRICS_TOKEN or a manager.
"""

from django.http import Http404, HttpRequest, JsonResponse
from django.urls import path
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crm.core.draining import is_draining
from crm.monitoring.access import may_look
from crm.monitoring.health import Checked, Overall, database_answers, health_look

_SERVES = (Overall.HEALTHY, Overall.DEGRADED)


@require_safe
@never_cache
def live(request: HttpRequest) -> JsonResponse:
    """This process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """This process can serve: it is not being shut down, and the database answers `SELECT 1`."""
    if is_draining():
        return JsonResponse({"status": "shutting_down"}, status=503)
    if not database_answers():
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    return JsonResponse({"status": "ok", "database": "ok"})


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Each part and its state, in English. 503 unless the whole is healthy or degraded."""
    if not may_look(request):
        raise Http404
    found = health_look()
    with override("en"):
        checks = {one.check.name: _told(one) for one in found.checked}
    body = {"status": found.overall, "at": found.at.isoformat(), "checks": checks}
    return JsonResponse(body, status=200 if found.overall in _SERVES else 503)


def _told(one: Checked) -> dict[str, object]:
    told = {"status": one.finding.state, "message": one.finding.sentence, "seconds": round(one.seconds, 3)}
    return {**told, "remedy": str(one.finding.remedy)} if one.finding.remedy else told


urlpatterns = [
    path("", health, name="health"),
    path("live", live, name="health-live"),
    path("ready", ready, name="health-ready"),
]
