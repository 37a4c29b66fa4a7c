"""Outgoing webhooks: managers make them, look at what was sent and what was answered, and send again."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.access import What, access_note
from crm.accounts.permissions import manager_required
from crm.core.clock import now
from crm.core.errors import DomainError
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json
from crm.webhooks.forms import EndpointForm, events_grouped
from crm.webhooks.models import Endpoint, Event
from crm.webhooks.selectors import (
    Figures,
    Wanted,
    deliveries_page,
    delivery_get,
    endpoint_get,
    endpoints_with_figures,
    figures_of,
)
from crm.webhooks.services import (
    deliveries_resend,
    delivery_resend,
    endpoint_create,
    endpoint_delete,
    endpoint_pause,
    endpoint_resume,
    endpoint_rotate,
    endpoint_test,
    endpoint_update,
)


@manager_required
@require_GET
def endpoints(request: HttpRequest) -> HttpResponse:
    """Every endpoint and how it is doing."""
    return _page(request, "webhooks/out_list.html", {"endpoints": endpoints_with_figures()})


def _page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, {**context, "rooms_json": snapshot_json(request.user)})


@manager_required
@never_cache
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form; sent, the page that shows the secret, once."""
    form = EndpointForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = endpoint_create(**form.cleaned_data, creator=request.user, request=request)
        except DomainError as error:
            _refused(form, error)
        else:
            return _page(request, "webhooks/out_secret.html", {"endpoint": made, "is_new": True})
    return _form(request, form)


@manager_required
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    endpoint = endpoint_get(endpoint_id)
    kept = {"name": endpoint.name, "url": endpoint.url, "events": endpoint.events}
    form = EndpointForm(request.POST or None, initial=kept)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint_update(endpoint_id=endpoint_id, **form.cleaned_data, by=request.user, request=request)
        except DomainError as error:
            _refused(form, error)
        else:
            return redirect("webhooks:detail", endpoint_id)
    return _form(request, form, endpoint)


def _refused(form: EndpointForm, error: DomainError) -> None:
    for field, text in error.fields.items():
        form.add_error(field, str(text))
    if not error.fields:
        form.add_error(None, str(error.message))


def _form(request: HttpRequest, form: EndpointForm, endpoint: Endpoint | None = None) -> HttpResponse:
    chosen = form["events"].value() or []
    context = {"form": form, "endpoint": endpoint, "groups": events_grouped(), "chosen": chosen}
    response = _page(request, "webhooks/out_form.html", context)
    response.status_code = 400 if form.errors else 200
    return response


@manager_required
@require_GET
def detail(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """One endpoint and what was sent to it; with HTMX only the list, which asks for itself again."""
    endpoint, wanted = endpoint_get(endpoint_id), Wanted.read(request.GET)
    deliveries, older = deliveries_page(endpoint, wanted)
    context = {"endpoint": endpoint, "wanted": wanted, "deliveries": deliveries, "older": older}
    if request.htmx:
        return render(request, "webhooks/_out_deliveries.html", context)
    names = dict(Event.choices)
    figures = figures_of([endpoint.pk]).get(endpoint.pk, Figures())
    told = [names[code] for code in endpoint.events if code in names]
    told = [_("Every event")] if len(told) == len(names) else told
    both_until = until if (until := endpoint.old_secret_until) and until > now() else None
    return _page(
        request, "webhooks/out_detail.html", {**context, "figures": figures, "told": told, "both_until": both_until}
    )


@manager_required
@require_POST
def test(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send an event that says nothing, and show what comes back."""
    endpoint = endpoint_get(endpoint_id)
    context = {"endpoint": endpoint, "result": endpoint_test(endpoint)}
    if request.htmx:
        return render(request, "webhooks/_out_test.html", context)
    return _page(request, "webhooks/out_test.html", context)


@manager_required
@require_POST
def pause(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    endpoint_pause(endpoint_id=endpoint_id, by=request.user, request=request)
    return redirect("webhooks:detail", endpoint_id)


@manager_required
@require_POST
def resume(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    endpoint_resume(endpoint_id=endpoint_id, by=request.user, request=request)
    return redirect("webhooks:detail", endpoint_id)


@manager_required
@never_cache
@require_POST
def rotate(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """A new secret, shown once."""
    endpoint = endpoint_rotate(endpoint_id=endpoint_id, by=request.user, request=request)
    return _page(request, "webhooks/out_secret.html", {"endpoint": endpoint, "is_new": False})


@manager_required
@require_POST
def delete(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    endpoint_delete(endpoint_id=endpoint_id, by=request.user, request=request)
    return redirect("webhooks:list")


@manager_required
@require_POST
def resend_dead(request: HttpRequest, endpoint_id: int) -> HttpResponse:
    """Send again what was given up in the last days."""
    deliveries_resend(endpoint_id=endpoint_id, days=whole(request.POST.get("days")) or 1)
    return redirect("webhooks:detail", endpoint_id)


@manager_required
@require_GET
def delivery(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """What was sent, and how each attempt went. It holds a client's data: the look is noted."""
    row = delivery_get(delivery_id)
    if row.lead_id and row.payload is not None:
        access_note(user=request.user, what=What.LEAD, object_id=row.lead_id, lead_id=row.lead_id)
    content = json.dumps(row.payload, ensure_ascii=False, indent=2, sort_keys=True) if row.payload is not None else ""
    context = {"delivery": row, "content": content, "attempts": list(row.attempts.all())}
    return _page(request, "webhooks/out_delivery.html", context)


@manager_required
@require_POST
def resend(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    delivery_resend(delivery_id=delivery_id)
    return redirect("webhooks:delivery", delivery_id)
