"""Lívia's own page for managers, and simulations for whoever may see their lead."""

import csv
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django_htmx.middleware import HtmxDetails

from agent.figures import overview
from agent.forms import SendForm, SimulationForm
from agent.models import Simulation
from agent.simulating import (
    SYSTEMS,
    client_text,
    limits_in_words,
    rate_in_words,
    result_of,
    schedule_csv,
    simulation_make,
    simulation_send,
    simulation_try,
    terms_changed,
    values_of_lead,
)
from agent.standing import standing
from conversations.selectors import conversations_visible_to
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.accounts.permissions import manager_required, member_required
from crm.core.errors import DomainError
from leads.selectors import lead_get, leads_visible_to


class MemberRequest(HttpRequest):
    """A request that came past `member_required`."""

    user: User
    htmx: HtmxDetails


@manager_required
@require_GET
def livia(request: MemberRequest) -> HttpResponse:
    """How Lívia is doing; with HTMX only her state, which the page asks for again and again."""
    context: dict[str, Any] = {"standing": standing()}
    if request.htmx:
        return render(request, "agent/_standing.html", context)
    return render(request, "agent/livia.html", {**context, "overview": overview()})


def _simulation(user: User, simulation_id: int) -> Simulation:
    rows = Simulation.objects.filter(lead__in=leads_visible_to(user))
    return get_object_or_404(
        rows.select_related("lead__consultant__user", "product_version", "made_by"), pk=simulation_id
    )


@member_required
@require_GET
def simulation(request: MemberRequest, simulation_id: int) -> HttpResponse:
    return _page(request, _opened(request, simulation_id))


def _opened(request: MemberRequest, simulation_id: int) -> Simulation:
    item = _simulation(request.user, simulation_id)
    access_note(user=request.user, what=What.SIMULATION, object_id=item.pk, lead_id=item.lead_id)
    return item


def _page(request: MemberRequest, item: Simulation, error: str = "", status: int = 200) -> HttpResponse:
    result = result_of(item)
    form = SendForm(lead=item.lead, initial={"client_token": uuid4()})
    threads = list(form.fields["conversation"].queryset)  # type: ignore[attr-defined]
    context = {
        "simulation": item,
        "lead": item.lead,
        "result": result,
        "system": SYSTEMS[result.system],
        "rows": result.schedule(),
        "is_changed": terms_changed(item),
        "text": client_text(item),
        "send_form": form,
        "threads": threads,
        "opted_out": any(thread.contact.opted_out_at for thread in threads),
        "error": error,
    }
    return render(request, "agent/simulation.html", context, status=status)


@member_required
@require_GET
def schedule(request: MemberRequest, simulation_id: int) -> HttpResponse:
    """The schedule as a file for a spreadsheet."""
    item = _opened(request, simulation_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel takes the mark as UTF-8
    response["Content-Disposition"] = f'attachment; filename="simulacao-{item.pk}.csv"'
    csv.writer(response, delimiter=";").writerows(schedule_csv(result_of(item)))
    return response


@member_required
@require_POST
def send(request: MemberRequest, simulation_id: int) -> HttpResponse:
    """The simulation as the person's own message, in the thread they chose; then that thread."""
    item = _simulation(request.user, simulation_id)
    form = SendForm(request.POST, lead=item.lead)
    if not form.is_valid():
        return _page(request, item, error=_("Choose a conversation."), status=422)
    thread = get_object_or_404(conversations_visible_to(request.user), pk=form.cleaned_data["conversation"].pk)
    try:
        simulation_send(
            simulation_id=item.pk,
            conversation_id=thread.pk,
            user=request.user,
            client_token=form.cleaned_data["client_token"],
        )
    except DomainError as error:
        return _page(request, item, error=str(error.message), status=error.status)
    return redirect("conversations:detail", thread.pk)


@member_required
def simulate(request: MemberRequest, lead_id: int) -> HttpResponse:
    """A simulation by hand: the result is computed while the form is filled, and stored when asked for."""
    lead = lead_get(request.user, lead_id)
    posted = request.method == "POST"
    form = SimulationForm(request.POST) if posted else SimulationForm(initial=values_of_lead(lead))
    refused = ""
    if posted and form.is_valid():
        try:
            made = simulation_make(lead_id=lead.pk, wish=form.wish(), user=request.user)
        except DomainError as error:
            refused = str(error.message)
        else:
            return redirect("agent:simulation", made.pk)
    context = {"lead": lead, "form": form, "refused": refused, **_result(form if posted else _bound(form))}
    return render(request, "agent/simulate.html", context, status=422 if posted else 200)


@member_required
@require_POST
def simulate_result(request: MemberRequest, lead_id: int) -> HttpResponse:
    """The part of that page that shows what the values give."""
    lead = lead_get(request.user, lead_id)
    return render(request, "agent/_result.html", {"lead": lead, **_result(SimulationForm(request.POST))})


def _bound(form: SimulationForm) -> SimulationForm:
    """The same form as if its first values had been sent."""
    names = form.fields
    return SimulationForm({name: form[name].value() or "" for name in names})


def _result(form: SimulationForm) -> dict[str, Any]:
    """`terms` of the chosen product with `limits` and `rate` in words; `missing` and `wrong`, or `tried`."""
    terms = form.offered.get(str(form["product"].value() or ""))
    context: dict[str, Any] = {"terms": terms}
    if terms is not None:
        context |= {"limits": limits_in_words(terms), "rate_words": rate_in_words(terms)}
    if not form.is_valid():
        return {**context, "missing": form.missing(), "wrong": form.wrong()}
    try:
        tried = simulation_try(form.wish())
    except DomainError as error:
        return {**context, "refusal": str(error.message)}
    system = SYSTEMS[tried.result.system] if tried.result else ""
    return {**context, "tried": tried, "result": tried.result, "best": tried.best, "system": system}
