"""The public form, for everyone."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from crm.api.throttles import too_many
from crm.core.work import service
from leads.actors import CLIENT
from leads.consents import consent_add
from leads.forms import PublicLeadForm
from leads.models import ConsentSource, Purpose, Source
from leads.services import lead_create
from leads.tracking import tracking_from


def public_form(request: HttpRequest) -> HttpResponse:
    """Name, phone and consent become a lead; the address may carry utm_* and is kept as tracking."""
    form = PublicLeadForm(request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return render(request, "leads/public_form.html", {"form": form})
    if too_many(request):
        form.add_error(None, _("Too many requests from your network. Try again in a few minutes."))
        return render(request, "leads/public_form.html", {"form": form}, status=429)
    if not form.is_valid():
        return render(request, "leads/public_form.html", {"form": form}, status=422)
    if not form.looks_automatic:
        values = {name: form.cleaned_data[name] for name in _TAKEN if form.cleaned_data.get(name)}
        tracking = tracking_from({**request.GET.dict(), "referrer": request.META.get("HTTP_REFERER", "")})
        _lead_ask(values, tracking, agreed_to=str(form.fields["consent"].label))
    return redirect("leads:public_thanks")


@service
def _lead_ask(values: dict[str, Any], tracking: dict[str, str], *, agreed_to: str) -> None:
    """The lead, and with it the sentence they agreed to as they saw it."""
    lead, _created = lead_create(values=values, source=Source.FORM, actor=CLIENT, tracking=tracking)
    consent_add(
        lead_id=lead.pk, purpose=Purpose.WHATSAPP, given=True, source=ConsentSource.FORM, text=agreed_to, actor=CLIENT
    )


_TAKEN = ("name", "phone", "email", "product", "credit_amount", "message")


def public_thanks(request: HttpRequest) -> HttpResponse:
    return render(request, "leads/public_thanks.html")
