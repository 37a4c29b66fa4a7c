"""Privacy: the overview, erasing a client, the ledger of consents, how long things stay."""

from math import ceil
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations.consent import consent_told
from crm.accounts.permissions import manager_required, member_required
from crm.core.errors import Invalid
from crm.core.numbers import whole
from crm.core.text import clean_line
from crm.privacy.forms import ConsentForm, erasure_confirmed
from crm.privacy.lead_page import consents_context
from crm.privacy.models import Erasure, RetentionKind, SubjectExport
from crm.privacy.previews import preview_of
from crm.privacy.retention import plans, retention_set
from crm.privacy.reviews import reviews_context, reviews_open
from crm.privacy.services import subject_erase, subject_of
from leads.actors import person
from leads.models import Lead
from leads.selectors import lead_get

SHOWN = 50


@manager_required
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Erasures, data handed out, open reviews, and how long things stay."""
    context = {
        "erasures": Erasure.objects.select_related("requester")[:SHOWN],
        "erasures_count": Erasure.objects.count(),
        "exports": SubjectExport.objects.select_related("lead", "requester")[:SHOWN],
        "exports_count": SubjectExport.objects.count(),
        "reviews_count": reviews_open().count(),
        **reviews_context(),
        "plans": plans(),
        "fixed": _fixed(),
    }
    return render(request, "privacy/overview.html", context)


def _fixed() -> list[dict[str, Any]]:
    """What stays for as long as the installation's settings say."""
    days = [
        (_("Realtime events"), settings.REALTIME_KEEP_HOURS / 24),
        (_("Uploaded import files"), settings.IMPORT_KEEP_DAYS),
        (_("Exported lists"), settings.EXPORT_KEEP_DAYS),
        (_("Data handed out"), settings.SUBJECT_EXPORT_KEEP_DAYS),
        (_("Deliveries and arrivals of webhooks"), settings.WEBHOOK_KEEP_DAYS),
    ]
    return [{"label": label, "days": ceil(n)} for label, n in days]


@manager_required
@require_POST
def retention(request: HttpRequest, kind: str) -> HttpResponse:
    """How long one kind stays. The answer is its row."""
    days, active = whole(request.POST.get("days")), request.POST.get("active") == "on"
    retention_set(kind=kind, days=days, active=active)
    if not request.htmx:
        return redirect("privacy:overview")
    plan = next(plan for plan in plans() if plan.kind == RetentionKind(kind))
    return render(request, "privacy/_retention_row.html", {"plan": plan, "saved": True})


@manager_required
@require_http_methods(["GET", "POST"])
def erase(request: HttpRequest, lead_id: int) -> HttpResponse:
    """GET: what would go, and the question whether it shall. POST `reason`, `confirm`: it goes."""
    lead = lead_get(request.user, lead_id)
    if lead.erased_at:
        return _to_lead(request, lead)
    reason, said = clean_line(request.POST.get("reason", ""), limit=400), request.POST.get("confirm", "")
    errors: dict[str, Any] = {}
    if request.method == "POST":
        errors = _refusals(lead, reason, said)
        if not errors:
            try:
                subject_erase(lead_id=lead.pk, actor=person(request.user), reason=reason)
                return _to_lead(request, lead)
            except Invalid as error:
                errors = {"reason": error.message}
    context = {
        "lead": lead, "preview": preview_of(subject_of(lead.pk)), "reason": reason, "confirm": said, "errors": errors,
    }  # fmt: skip
    template = "privacy/_erase.html" if request.htmx else "privacy/erase.html"
    return render(request, template, context, status=422 if errors else 200)


def _refusals(lead: Lead, reason: str, said: str) -> dict[str, str]:
    errors = {}
    if not reason:
        errors["reason"] = _("Say why: who asked for it, and how.")
    if not erasure_confirmed(lead, said):
        errors["confirm"] = _("Type the client's name or %(number)s.") % {"number": lead.pk}
    return errors


def _to_lead(request: HttpRequest, lead: Lead) -> HttpResponse:
    address = reverse("leads:detail", args=[lead.pk])
    return HttpResponse(status=204, headers={"HX-Redirect": address}) if request.htmx else redirect(address)


@member_required
@require_http_methods(["GET", "POST"])
def consents(request: HttpRequest, lead_id: int) -> HttpResponse:
    """The ledger of a lead; POST adds what a client said to a person."""
    lead = lead_get(request.user, lead_id)
    form = ConsentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        consent_told(
            lead_id=lead.pk, purpose=said["purpose"], given=said["given"], text=said["text"], at=said["at"],
            actor=person(request.user),
        )  # fmt: skip
        if not request.htmx:
            return redirect("leads:detail", lead.pk)
        form = ConsentForm()
        lead = get_object_or_404(Lead, pk=lead.pk)
    context = {"lead": lead, **consents_context(lead, form)}
    return render(request, "privacy/_consents.html", context, status=422 if form.errors else 200)
