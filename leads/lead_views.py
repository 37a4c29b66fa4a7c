"""The lead page: as a page, as the drawer over a list, and what managers and newcomers do there."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.accounts.permissions import manager_required, member_required
from crm.core.errors import Invalid
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json
from leads.actors import person
from leads.assignment_rules import fits_of
from leads.fields import CONTACT, MEANS, WISH
from leads.forms import NewLeadForm
from leads.history import GROUPS, history_page
from leads.inline import lead_with_phone, rows_of
from leads.lead_files import files_of, may_remove
from leads.losses import loss_choices
from leads.models import Lead, Source
from leads.notes import may_change, notes_of
from leads.pipeline import Status, may_move
from leads.realtime import more_of_lead
from leads.rotation import next_in_turn, rotation
from leads.selectors import lead_get, leads_visible_to
from leads.services import lead_assign, lead_create


@member_required
@require_GET
def detail(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead: a page of its own, or, asked for by a list, the body of its drawer.

    `history` (a group) and `since` (the oldest entry unrolled) keep the timeline as it was when the page heals.
    """
    lead = lead_get(request.user, lead_id)
    access_note(user=request.user, what=What.LEAD, object_id=lead.pk, lead_id=lead.pk)
    return render(request, "leads/_detail.html" if request.htmx else "leads/detail.html", _page(request, lead))


def _page(request: HttpRequest, lead: Lead) -> dict[str, Any]:
    user = request.user
    rooms_json = snapshot_json(user, [f"lead.{lead.pk}"])  # before the data: what changes meanwhile comes as a push
    origin = Status(lead.status)
    history = history_page(lead, group=request.GET.get("history", ""), since=whole(request.GET.get("since")))
    return {
        **more_of_lead(lead),
        "rooms_json": rooms_json,
        "lead": lead,
        "fields": [rows_of(lead, names) for names in (CONTACT, WISH, MEANS)],
        "history": history,
        "groups": GROUPS.items(),
        "moves": [to for to in Status if to != origin and may_move(origin, to, manager=user.is_manager)],
        "lost_reasons": loss_choices(),
        "consultants": rotation() if user.is_manager else [],
        "next_consultant": next_in_turn(fits_of(lead)) if user.is_manager else None,
        **work_context(user, lead),
    }


def work_context(user: User, lead: Lead) -> dict[str, Any]:
    """Notes and files of a lead, and which of them this person may change."""
    notes, files = notes_of(lead), files_of(lead)
    return {
        "notes": notes,
        "own_notes": {note.pk for note in notes if may_change(user, note)},
        "files": files,
        "file_limit": settings.WHATSAPP_MEDIA_LIMIT_BYTES,
        "own_files": {file.pk for file in files if may_remove(user, file)},
    }


@member_required
@require_GET
def history(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The timeline of one group of kinds; with `before` the next page of it."""
    lead = lead_get(request.user, lead_id)
    access_note(user=request.user, what=What.LEAD, object_id=lead.pk, lead_id=lead.pk)
    before = whole(request.GET.get("before"))
    page = history_page(lead, group=request.GET.get("history", ""), before=before)
    template = "leads/_timeline.html" if before is None else "leads/_timeline_page.html"
    return render(request, template, {"lead": lead, "history": page, "groups": GROUPS.items()})


@member_required
def new(request: HttpRequest) -> HttpResponse:
    """A lead typed by hand: a consultant's own, a manager's goes through the rotation."""
    form = NewLeadForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actor = person(request.user)
        mine = not request.user.is_manager and hasattr(request.user, "consultant")
        lead, created = lead_create(values=form.cleaned_data, source=Source.MANUAL, actor=actor, assign=not mine)
        if mine and created:
            lead_assign(lead_id=lead.pk, consultant_id=request.user.pk, actor=actor)
        visible = leads_visible_to(request.user).filter(pk=lead.pk).exists()
        response = HttpResponse(status=204)
        response["HX-Redirect"] = reverse("leads:detail", args=[lead.pk]) if visible else reverse("leads:board")
        return response
    return render(request, "leads/_form_new.html", {"form": form}, status=422 if form.errors else 200)


@member_required
@require_GET
def known(request: HttpRequest) -> HttpResponse:
    """Whether somebody with this phone is a lead already, said while it is being typed."""
    form = NewLeadForm({"phone": request.GET.get("phone", "")})
    phone = form.cleaned_data.get("phone") if not form.has_error("phone") else ""
    lead, exists = lead_with_phone(request.user, phone) if phone else (None, False)
    return render(request, "leads/_known.html", {"lead": lead, "exists": exists})


@manager_required
@require_POST
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    """A manager gives the lead to someone, or to the next in turn, and may say why."""
    lead = lead_get(request.user, lead_id)
    chosen = request.POST.get("consultant", "")
    if chosen and whole(chosen) is None:
        raise Invalid(_("Choose a consultant."))
    lead_assign(
        lead_id=lead.pk,
        consultant_id=whole(chosen),
        actor=person(request.user),
        reason=" ".join(request.POST.get("reason", "").split()),
    )
    return detail_after_post(request, lead.pk)


def detail_after_post(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead as it is now, as the fragment HTMX waits for or as a page."""
    if not request.htmx:
        return redirect("leads:detail", lead_id)
    return render(request, "leads/_detail.html", _page(request, lead_get(request.user, lead_id)))
