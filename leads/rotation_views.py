"""The page of the rotation: who gets leads, why, and who would."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import manager_required
from crm.accounts.services import availability_set
from crm.core.errors import Invalid, NotFound
from leads.inline import UFS
from leads.models import Consultant, Product, Source
from leads.rotation import consultant_rotate
from leads.rotation_page import Preview, preview, rotation_page
from leads.services import leads_assign_waiting


class PreviewForm(forms.Form):
    """A kind of lead, and when it comes; nothing said is a lead nothing is known of, now."""

    product = forms.ChoiceField(
        label=gettext_lazy("Product"), required=False, choices=[("", gettext_lazy("Not said")), *Product.choices]
    )
    uf = forms.ChoiceField(
        label=gettext_lazy("State"), required=False,
        choices=[("", gettext_lazy("Not said")), *((uf, uf) for uf in UFS)],
    )  # fmt: skip
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), required=False, choices=[("", gettext_lazy("Any")), *Source.choices]
    )
    at = forms.DateTimeField(
        label=gettext_lazy("When"), required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )  # fmt: skip

    def clean_at(self) -> datetime | None:
        at: datetime | None = self.cleaned_data["at"]
        if at and not 2000 <= at.year < 2100:
            raise forms.ValidationError(_("Choose a day of this century."))
        return at


@manager_required
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    template = "rotation/_rotation.html" if request.htmx else "rotation/page.html"
    return render(request, template, _context(request))


def _context(request: HttpRequest) -> dict[str, Any]:
    form = PreviewForm(request.POST or request.GET)
    return {**rotation_page(), "form": form, "preview": _preview(form)}


def _preview(form: PreviewForm) -> Preview | None:
    if not form.is_valid():
        return None
    values = form.cleaned_data
    return preview({name: values[name] for name in ("product", "uf", "source")}, values["at"])


@manager_required
@require_GET
def look_ahead(request: HttpRequest) -> HttpResponse:
    """The look ahead alone, for the form above it."""
    form = PreviewForm(request.GET)
    return render(request, "rotation/_preview.html", {"form": form, "preview": _preview(form)})


@manager_required
@require_POST
def member(request: HttpRequest, consultant_id: int) -> HttpResponse:
    """Take a consultant into the rotation or out of it (`in_rotation`), or switch them available or away
    (`available`): 1 or 0."""
    known = Consultant.objects.filter(pk=consultant_id, user__is_active=True).exists()
    if not known:
        raise NotFound
    wanted = {name: request.POST.get(name) for name in ("in_rotation", "available")}
    if sorted(wanted.values(), key=str) not in (["0", None], ["1", None]):
        raise Invalid(_("Say what should change."))
    if wanted["available"] is not None:
        availability_set(user_id=consultant_id, available=wanted["available"] == "1")
    else:
        consultant_rotate(consultant_id=consultant_id, in_rotation=wanted["in_rotation"] == "1")
    return _answer(request)


@manager_required
@require_POST
def assign_waiting(request: HttpRequest) -> HttpResponse:
    """Give the waiting leads to whoever is in turn, without waiting for the next minute."""
    n = leads_assign_waiting()
    text = ngettext("%(n)s lead found a consultant.", "%(n)s leads found a consultant.", n) % {"n": n}
    answer = _answer(request)
    told = {"level": "ok", "text": text if n else _("No lead found a consultant.")}
    answer["HX-Trigger"] = json.dumps({"toast": told})
    return answer


def _answer(request: HttpRequest) -> HttpResponse:
    if not request.htmx:
        return redirect("leads:rotation")
    return render(request, "rotation/_rotation.html", _context(request))
