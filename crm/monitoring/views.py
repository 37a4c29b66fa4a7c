"""How the installation is, for managers."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm.accounts.permissions import manager_required
from crm.core.queues import QUEUES, queues_length
from crm.monitoring.health import database_answers, health_look
from crm.monitoring.processes import fullest, is_silent, processes_known


@require_GET
@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """The checks, the processes and the queues; with HTMX only them, which ask for themselves again. While the database
    does not answer nobody can be recognized, and everybody is told only that."""
    return _page(request) if database_answers() else _without_database(request)


@manager_required
def _page(request: HttpRequest) -> HttpResponse:
    return render(request, "monitoring/_health.html" if request.htmx else "monitoring/health.html", _context())


def _context() -> dict[str, Any]:
    processes = [(row, is_silent(row)) for row in processes_known()]
    heard = [row for row, silent in processes if not silent]
    return {
        "health": health_look(),
        "processes": processes,
        "queues": _queues([row.data for row in heard]),
        "machine": {name: fullest(heard, name) for name in ("host_cpu_percent", "host_memory_percent", "disk_percent")},
        "pressure": any(row.data.get("pressed") for row in heard),  # who has the tasks in hand knows
        "seconds": round(settings.HEALTH_SECONDS),
    }


def _queues(told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By queue: tasks in the broker's list, None while it is away, and the workers that serve it."""
    return [
        {"name": name, "waiting": waiting, "workers": sum(name in data.get("queues", ()) for data in told)}
        for name, waiting in (queues_length() or dict.fromkeys(QUEUES)).items()
    ]


def _without_database(request: HttpRequest) -> HttpResponse:
    message = _("The database does not answer just now. Nothing is lost: try again in a moment.")
    if request.htmx:
        return HttpResponse(render_to_string("monitoring/_health_away.html", {"message": message}))
    return HttpResponse(render_to_string("errors/503.html", {"message": message, "status": 503}), status=503)
