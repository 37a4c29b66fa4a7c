"""What people keep beside a lead: notes and files, and whom they may name."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.access import What, access_note
from crm.accounts.permissions import member_required
from crm.core.errors import Invalid
from crm.core.middleware import takes_file
from crm.core.numbers import whole
from leads.actors import person
from leads.lead_files import file_answer, file_keep, file_remove
from leads.lead_views import work_context
from leads.mentions import people_of
from leads.models import Lead, Note
from leads.notes import may_change, note_add, note_edit, note_pin, note_remove
from leads.selectors import lead_get


@member_required
@require_GET
def people(request: HttpRequest) -> JsonResponse:
    """Who may see a lead and so can be named in what is written about it."""
    lead = lead_get(request.user, whole(request.GET.get("lead")) or 0)
    return JsonResponse([{"id": one.pk, "name": str(one)} for one in people_of(lead)], safe=False)


@member_required
@require_POST
def notes(request: HttpRequest, lead_id: int) -> HttpResponse:
    """A new note."""
    lead = lead_get(request.user, lead_id)
    note_add(lead_id=lead.pk, text=request.POST.get("text", ""), author=request.user)
    return _notes(request, lead)


@member_required
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, lead_id: int, note_id: int) -> HttpResponse:
    """GET: the note's editor, or with `show` the notes. POST `do`: edit, pin, unpin or remove."""
    lead = lead_get(request.user, lead_id)
    if request.method == "GET":
        found = get_object_or_404(Note, pk=note_id, lead=lead, removed_at=None)
        if "show" in request.GET or not may_change(request.user, found):
            return _notes(request, lead)
        return render(request, "leads/_note_edit.html", {"lead": lead, "note": found})
    actor, done = person(request.user), request.POST.get("do", "")
    if done == "edit":
        note_edit(lead_id=lead.pk, note_id=note_id, text=request.POST.get("text", ""), actor=actor)
    elif done in ("pin", "unpin"):
        note_pin(lead_id=lead.pk, note_id=note_id, pinned=done == "pin", actor=actor)
    elif done == "remove":
        note_remove(lead_id=lead.pk, note_id=note_id, actor=actor)
    else:
        raise Invalid(_("This cannot be done to a note."))
    return _notes(request, lead)


@takes_file
@member_required
@require_POST
def files(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Documents added to the lead."""
    lead = lead_get(request.user, lead_id)
    uploads = request.FILES.getlist("file")
    if not uploads:
        raise Invalid(_("Choose a file."))
    for upload in uploads:
        file_keep(lead_id=lead.pk, upload=upload, uploader=request.user)
    return _files(request, lead)


@member_required
@require_GET
def file(request: HttpRequest, lead_id: int, file_id: int) -> HttpResponse:
    """The document itself."""
    lead = lead_get(request.user, lead_id)
    answer = file_answer(lead, file_id)
    access_note(user=request.user, what=What.FILE, object_id=file_id, lead_id=lead.pk)
    return answer


@member_required
@require_POST
def file_gone(request: HttpRequest, lead_id: int, file_id: int) -> HttpResponse:
    """A document taken away."""
    lead = lead_get(request.user, lead_id)
    file_remove(lead_id=lead.pk, file_id=file_id, actor=person(request.user))
    return _files(request, lead)


def _notes(request: HttpRequest, lead: Lead) -> HttpResponse:
    if not request.htmx:
        return redirect("leads:detail", lead.pk)
    return render(request, "leads/_notes.html", {"lead": lead, **work_context(request.user, lead)})


def _files(request: HttpRequest, lead: Lead) -> HttpResponse:
    return render(request, "leads/_files.html", {"lead": lead, **work_context(request.user, lead)})
