"""Editing a lead's data in its place, one field at a time."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.accounts.permissions import member_required
from crm.core.errors import DomainError
from leads.actors import person
from leads.fields import EDITED, worded
from leads.inline import FieldChanged, field_form, field_set, last_change, lead_with_phone, plain, row_of
from leads.models import Lead
from leads.selectors import lead_get


@member_required
@require_http_methods(["GET", "POST"])
def field(request: HttpRequest, lead_id: int, name: str) -> HttpResponse:
    """GET: the editor of a field, or with `show` the field as it stands. POST `value`, opened with `was`: the field.

    422 says what is wrong with the value, 409 shows what somebody else wrote meanwhile; both are the editor again.
    """
    lead = lead_get(request.user, lead_id)
    if name not in EDITED:
        raise Http404
    if request.method == "POST":
        return _save(request, lead, name)
    if not request.htmx:
        return redirect("leads:detail", lead.pk)
    if "show" in request.GET:
        return _shown(request, lead, name)
    return _editor(request, lead, name, field_form(lead, name), was=plain(getattr(lead, name)))


def _save(request: HttpRequest, lead: Lead, name: str) -> HttpResponse:
    was = request.POST.get("was", "")
    form = field_form(lead, name, request.POST)
    if not form.is_valid():
        return _editor(request, lead, name, form, was=was, status=422)
    value = form.cleaned_data["value"]
    try:
        lead = field_set(lead_id=lead.pk, name=name, value=value, was=was, actor=person(request.user))
    except FieldChanged as error:
        return _conflict(request, lead, name, form, error)
    except DomainError as error:
        if error.status >= 404 and error.code != "phone_taken":
            raise
        form.add_error("value", str(error.message))
        twin, _exists = lead_with_phone(request.user, value) if error.code == "phone_taken" else (None, False)
        return _editor(request, lead, name, form, was=was, status=422, twin=twin)
    return _shown(request, lead, name) if request.htmx else redirect("leads:detail", lead.pk)


def _conflict(request: HttpRequest, lead: Lead, name: str, form: Any, error: FieldChanged) -> HttpResponse:
    """Both values, side by side. Keeping one's own writes over theirs, which is now what the editor was opened with."""
    change = last_change(lead, name)
    conflict = {
        "mine": worded(name, form.cleaned_data["value"]) or _("nothing"),
        "theirs": worded(name, error.theirs) or _("nothing"),
        "who": str(change.actor or change.get_actor_kind_display()) if change else "",
    }
    return _editor(request, lead, name, form, was=plain(error.theirs), status=409, conflict=conflict)


def _editor(
    request: HttpRequest, lead: Lead, name: str, form: Any, *, was: str, status: int = 200, **more: Any
) -> HttpResponse:
    context = {"lead": lead, "row": row_of(lead, name), "form": form, "was": was, **more}
    return render(request, "leads/_data_editor.html", context, status=status)


def _shown(request: HttpRequest, lead: Lead, name: str) -> HttpResponse:
    return render(request, "leads/_data_row.html", {"lead": lead, "row": row_of(lead, name)})
