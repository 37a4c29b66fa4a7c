"""The lead page."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import manager_required, member_required
from crm.core.errors import DomainError, Invalid
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json
from leads.actors import person
from leads.forms import LeadForm
from leads.models import Lead, Source
from leads.pipeline import LostReason, Status, may_move
from leads.realtime import detail_context
from leads.rotation import next_in_turn, rotation
from leads.selectors import lead_get, leads_visible_to
from leads.services import lead_assign, lead_create, lead_update


@member_required
@require_GET
def detail(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead: a page of its own, or, asked for by the board, the body of its drawer."""
    lead = lead_get(request.user, lead_id)
    context = {"rooms_json": snapshot_json(request.user, [f"lead.{lead.pk}"]), **_page_context(request, lead)}
    return render(request, "leads/_detail.html" if request.htmx else "leads/detail.html", context)


def _page_context(request: HttpRequest, lead: Lead) -> dict[str, object]:
    manager = request.user.is_manager
    origin = Status(lead.status)
    return {
        **detail_context(lead),
        "moves": [status for status in Status if status != origin and may_move(origin, status, manager=manager)],
        "lost_reasons": LostReason.choices,
        "consultants": rotation() if manager else [],
        "next_consultant": next_in_turn() if manager else None,
    }


@member_required
def edit(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead's data as a form within its page; saved, the page shows the lead again."""
    lead = lead_get(request.user, lead_id)
    if request.method == "GET" and not request.htmx:
        return redirect("leads:detail", lead_id)
    form = LeadForm(request.POST or None, instance=Lead.objects.get(pk=lead.pk))
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                lead_update(lead_id=lead.pk, values=form.cleaned_data, actor=person(request.user))
        except DomainError as error:
            _show_on_form(form, error)
        else:
            return detail_after_post(request, lead.pk)
    response = render(request, "leads/_edit.html", {"form": form, "lead": lead}, status=422 if form.errors else 200)
    if form.errors:  # the form takes its own place again, not that of the whole lead
        response["HX-Retarget"] = f"#edit-{lead.pk}"
    return response


@member_required
def new(request: HttpRequest) -> HttpResponse:
    """A lead typed by hand: a consultant's own, a manager's goes through the rotation."""
    form = LeadForm(request.POST or None)
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


@manager_required
@require_POST
def assign(request: HttpRequest, lead_id: int) -> HttpResponse:
    """A manager gives the lead to someone, or to the next in turn."""
    lead = lead_get(request.user, lead_id)
    chosen = request.POST.get("consultant", "")
    if chosen and whole(chosen) is None:
        raise Invalid(_("Choose a consultant."))
    lead_assign(
        lead_id=lead.pk,
        consultant_id=whole(chosen),
        actor=person(request.user),
        reason=request.POST.get("reason", ""),
    )
    return detail_after_post(request, lead.pk)


def detail_after_post(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The lead as it is now, as the fragment HTMX waits for or as a page."""
    if not request.htmx:
        return redirect("leads:detail", lead_id)
    lead = lead_get(request.user, lead_id)
    rooms_json = snapshot_json(request.user, [f"lead.{lead.pk}"])
    return render(request, "leads/_detail.html", {"rooms_json": rooms_json, **_page_context(request, lead)})


def _show_on_form(form: LeadForm, error: DomainError) -> None:
    field = next((name for name in error.fields if name in form.fields), None)
    form.add_error(field, str(error.message))
