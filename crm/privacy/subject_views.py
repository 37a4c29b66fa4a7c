"""Handing out one person's data: asked for, watched, fetched. For managers."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.accounts.access import What, access_note
from crm.accounts.permissions import manager_required
from crm.core.clock import now
from crm.core.downloads import file_download
from crm.core.errors import NotFound
from crm.privacy.handing_out import UNDER_WAY, export_ask
from crm.privacy.models import SubjectExport, SubjectExportState
from leads.models import Lead
from leads.selectors import lead_get

SHOWN = 10


@manager_required
@require_http_methods(["GET", "POST"])
def subject(request: HttpRequest, lead_id: int) -> HttpResponse:
    """GET: what was put together for this client and what is; with HTMX only that. POST: have it put together."""
    lead = lead_get(request.user, lead_id)
    if request.method == "POST":
        export_ask(lead_id=lead.pk, requester=request.user)
        if not request.htmx:
            return redirect("privacy:subject", lead.pk)
    template = "privacy/_subject_exports.html" if request.htmx else "privacy/subject.html"
    return render(request, template, _context(lead))


def _context(lead: Lead) -> dict[str, object]:
    exports = list(SubjectExport.objects.filter(lead=lead).select_related("requester")[:SHOWN])
    return {"lead": lead, "exports": exports, "under_way": any(export.state in UNDER_WAY for export in exports)}


@manager_required
@require_GET
def subject_file(request: HttpRequest, export_id: int) -> StreamingHttpResponse:
    """The archive itself; who takes it is written down."""
    rows = SubjectExport.objects.filter(state=SubjectExportState.READY, expires_at__gt=now(), lead__erased_at=None)
    export = get_object_or_404(rows, pk=export_id)
    if not export.path or export.lead_id is None:
        raise NotFound(_("This file is no longer there."))
    answer = file_download(request, export.path, f"dados-{export.lead_id}.zip", mime="application/zip")
    access_note(user=request.user, what=What.SUBJECT_EXPORT, object_id=export.pk, lead_id=export.lead_id)
    return answer
