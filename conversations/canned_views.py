"""The page of ready answers: one's own, and the team's for managers."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.canned import VARIABLES, canned_delete, canned_editable_by, canned_save, canned_visible_to
from conversations.desk_forms import CannedForm
from conversations.models import CannedReply
from crm.accounts.permissions import member_required
from crm.core.answers import closing
from crm.core.errors import DomainError


@member_required
@require_GET
def canned(request: HttpRequest) -> HttpResponse:
    """All one may use; with HTMX only the list."""
    rows = list(canned_visible_to(request.user).select_related("owner"))
    context = {
        "own": [row for row in rows if row.owner_id],
        "shared": [row for row in rows if not row.owner_id],
        "editable": set(canned_editable_by(request.user).values_list("pk", flat=True)),
    }
    return render(request, "conversations/_canned.html" if request.htmx else "conversations/canned.html", context)


@member_required
@require_http_methods(["GET", "POST"])
def canned_new(request: HttpRequest) -> HttpResponse:
    return _form(request, None)


@member_required
@require_http_methods(["GET", "POST"])
def canned_edit(request: HttpRequest, reply_id: int) -> HttpResponse:
    return _form(request, get_object_or_404(canned_editable_by(request.user), pk=reply_id))


def _form(request: HttpRequest, reply: CannedReply | None) -> HttpResponse:
    form = CannedForm(request.POST or None, instance=reply, may_share=request.user.is_manager)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        shared = values.get("shared", False)
        try:
            canned_save(
                user=request.user, shortcut=values["shortcut"], text=values["text"], shared=shared,
                reply_id=reply.pk if reply else None,
            )  # fmt: skip
        except DomainError as error:
            fields: Any = {name: text for name, text in error.fields.items() if name in form.fields}
            form.add_error(None, fields or error.message)
        else:
            return closing(_("Saved."), event="canned:changed") if request.htmx else redirect("conversations:canned")
    context = {"form": form, "reply": reply, "variables": [f"{{{name}}}" for name in VARIABLES]}
    return render(request, "conversations/_canned_form.html", context, status=422 if form.errors else 200)


@member_required
@require_POST
def canned_remove(request: HttpRequest, reply_id: int) -> HttpResponse:
    canned_delete(user=request.user, reply_id=reply_id)
    return closing(event="canned:changed") if request.htmx else redirect("conversations:canned")
