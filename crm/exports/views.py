"""Asking for a list as a file, watching it being written, fetching it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.accounts.access import What, access_note
from crm.accounts.permissions import member_required
from crm.core.clock import now
from crm.core.downloads import file_download
from crm.core.errors import Invalid, NotFound
from crm.core.files import UNKNOWN_TYPE
from crm.core.numbers import whole
from crm.exports.models import Export, ExportFormat, ExportKind, ExportState
from crm.exports.selectors import day_of, export_get, exports_visible_to, kinds_for, rows_of
from crm.exports.services import export_drop, export_request
from crm.realtime.rooms import snapshot_json

PAGE_SIZE = 30
COUNTED = 1_000_000


@member_required
@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """One's own exports, the newest first; managers may look at everybody's (`all`). With HTMX only the list."""
    context = _list(request)
    if request.htmx:
        return render(request, "exports/_list.html", context)
    rooms = {"rooms_json": snapshot_json(request.user), "kinds": kinds_for(request.user)}
    return render(request, "exports/list.html", {**context, **rooms, "formats": ExportFormat.choices})


def _list(request: HttpRequest) -> dict[str, Any]:
    everybodys = request.user.is_manager and request.GET.get("all") == "1"
    rows = exports_visible_to(request.user)
    rows = rows if everybodys else rows.filter(requester=request.user)
    page = Paginator(rows, PAGE_SIZE).get_page(whole(request.GET.get("page")) or 1)
    return {"page": page, "everybodys": everybodys, "is_busy": any(export.is_busy for export in page)}


@member_required
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The question which format, in a dialog over the list that is to be exported; the answer begins it."""
    if request.method == "GET":
        return _ask(request)
    params = {name: request.POST[name] for name in ("query", "ids") if name in request.POST}
    export = export_request(
        user_id=request.user.pk,
        kind=request.POST.get("kind", ""),
        params=params | _days(request),
        format=request.POST.get("format") or ExportFormat.CSV,
    )
    if not request.htmx:
        return redirect("exports:list")
    text = _("“%(list)s” is being written. You will be told when it is ready.") % {"list": export.get_kind_display()}
    answer = HttpResponse(status=204)
    for event, detail in (("toast", {"level": "ok", "text": text}), ("modal:close", {}), ("exports:changed", {})):
        trigger_client_event(answer, event, detail)
    return answer


def _days(request: HttpRequest) -> dict[str, str]:
    said = {name: request.POST.get(name, "").strip() for name in ("first", "last")}
    days = {name: day_of(text) for name, text in said.items()}
    for name, text in said.items():
        if text and days[name] is None:
            raise Invalid(_("Write a day such as 2026-11-20."), fields={name: _("Write a day such as 2026-11-20.")})
    if days["first"] and days["last"] and days["first"] > days["last"]:
        raise Invalid(_("The period ends before it begins."), fields={"last": _("The period ends before it begins.")})
    return {name: text for name, text in said.items() if text}


def _ask(request: HttpRequest) -> HttpResponse:
    """`query` is that of the page the dialog is opened on."""
    kind = request.GET.get("kind", "")
    if kind not in kinds_for(request.user):
        raise NotFound
    query = (request.htmx.current_url_abs_path or "").partition("?")[2].partition("#")[0]
    params = {"query": request.GET.get("query", query)}
    count = rows_of(kind, params, request.user).order_by()[:COUNTED].count()
    context = {"kind": ExportKind(kind), "params": params, "count": count, "formats": ExportFormat.choices}
    return render(request, "exports/_ask.html", context)


@member_required
@require_GET
def download(request: HttpRequest, export_id: int) -> HttpResponseBase:
    """The file, for whoever asked for it and for managers."""
    export = export_get(request.user, export_id)
    path = Path(settings.MEDIA_ROOT) / export.path
    is_over = export.expires_at is not None and export.expires_at <= now()
    if export.state != ExportState.READY or is_over or not export.path or not path.is_file():
        raise NotFound(_("This file is no longer kept. Export the list again."))
    access_note(user=request.user, what=What.EXPORT, object_id=export.pk)
    return file_download(request, export.path, _name(export), mime=UNKNOWN_TYPE)


def _name(export: Export) -> str:
    return f"{export.kind}-{timezone.localtime(export.created_at):%Y-%m-%d-%H%M}.{export.format}"


@member_required
@require_POST
def drop(request: HttpRequest, export_id: int) -> HttpResponse:
    """Cancel it, or delete its file."""
    export_drop(export_id=export_id, user=request.user)
    if not request.htmx:
        return redirect("exports:list")
    return trigger_client_event(HttpResponse(status=204), "exports:changed", {})
