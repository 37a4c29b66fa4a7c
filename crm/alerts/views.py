"""The inbox of alerts, and what a manager does about one."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.accounts.permissions import manager_required
from crm.alerts.models import Alert
from crm.alerts.selectors import Wanted, open_alerts
from crm.alerts.services import NOTE_LENGTH, alert_close, alert_note, alert_release, alert_take
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json

PAGE_SIZE = 30


@manager_required
@require_GET
def alerts(request: HttpRequest) -> HttpResponse:
    """Open alerts, or the history; with HTMX only the list, which asks for itself again and again."""
    context = _list(request.GET)
    if request.htmx:
        return render(request, "alerts/_list.html", context)
    return render(request, "alerts/list.html", {**context, "rooms_json": snapshot_json(request.user)})


def _list(query: QueryDict) -> dict[str, object]:
    wanted = Wanted.read(query)
    page = Paginator(wanted.rows(), PAGE_SIZE).get_page(whole(query.get("page")) or 1)
    states, levels = wanted.neighbours()
    return {"wanted": wanted, "page": page, "states": states, "levels": levels, "open_count": open_alerts().count()}


def _answer(request: HttpRequest) -> HttpResponse:
    """The list as it is now, for the place the button stood in."""
    if not request.htmx:
        return redirect("alerts:list")
    return render(request, "alerts/_list.html", _list(QueryDict(request.POST.get("query", "")[:200])))


@manager_required
@require_POST
def take(request: HttpRequest, alert_id: int) -> HttpResponse:
    alert_take(alert_id=alert_id, user=request.user)
    return _answer(request)


@manager_required
@require_POST
def release(request: HttpRequest, alert_id: int) -> HttpResponse:
    alert_release(alert_id=alert_id)
    return _answer(request)


@manager_required
@require_POST
def close(request: HttpRequest, alert_id: int) -> HttpResponse:
    alert_close(alert_id=alert_id, user=request.user)
    return _answer(request)


@manager_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, alert_id: int) -> HttpResponse:
    """The form of the note, in the dialog; sent, the list is told to look again."""
    if request.method == "POST":
        alert_note(alert_id=alert_id, text=request.POST.get("note", ""))
        if not request.htmx:
            return redirect("alerts:list")
        return trigger_client_event(trigger_client_event(HttpResponse(status=204), "alerts:changed"), "modal:close")
    alert = get_object_or_404(Alert, pk=alert_id)
    return render(request, "alerts/_note_form.html", {"alert": alert, "most": NOTE_LENGTH})
