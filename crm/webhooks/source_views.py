"""Pages of incoming webhooks, for managers: make one, map what it sends, see what came."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from crm.accounts.access import What, access_note
from crm.accounts.permissions import manager_required
from crm.core.numbers import whole
from crm.webhooks.arriving import arrival_again
from crm.webhooks.mapping import CENTS, choices, guess
from crm.webhooks.models import ArrivalState, Source
from crm.webhooks.paths import CONSTANT, find
from crm.webhooks.source_forms import (
    constants_of,
    example_of,
    example_text,
    labelled,
    mapped,
    preview_of,
    rows_of,
)
from crm.webhooks.sources import (
    source_create,
    source_delete,
    source_map,
    source_pause,
    source_rekey,
    source_sign,
)
from leads.actors import person
from leads.models import Lead, Product

PAGE_SIZE = 20


@manager_required
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    refused = Count("arrivals", filter=Q(arrivals__state=ArrivalState.REFUSED))
    rows = Source.objects.annotate(arrived=Count("arrivals"), refused=refused)
    return render(request, "webhooks/in.html", {"sources": rows})


@manager_required
@require_POST
@never_cache
def source_new(request: HttpRequest) -> HttpResponse:
    """Its key is in this answer and nowhere else."""
    made, key = source_create(name=request.POST.get("name", ""), user=request.user, request=request)
    return _keyed(request, made, key, is_new=True)


@manager_required
@require_GET
def source(request: HttpRequest, source_id: int) -> HttpResponse:
    """`arrival` is the one to take as an example; without it the latest."""
    item = get_object_or_404(Source, pk=source_id)
    latest = item.arrivals.filter(body__isnull=False)
    chosen = whole(request.GET.get("arrival"))
    example = (latest.filter(pk=chosen) if chosen else latest).first()
    if example and example.lead_id:
        access_note(user=request.user, what=What.LEAD, object_id=example.lead_id, lead_id=example.lead_id)
    body = example.body if example else None
    context = {"address": _address(request, item), **_mapping(item, body), **_arrivals(request, item)}
    return render(request, "webhooks/in_source.html", context)


@manager_required
@require_POST
def mapping(request: HttpRequest, source_id: int) -> HttpResponse:
    """`show` lays out another example; else what was chosen is kept."""
    item = get_object_or_404(Source, pk=source_id)
    if "show" in request.POST:
        body = example_of(request.POST.get("example", ""))
        return render(request, "webhooks/_in_mapping.html", _mapping(item, body, anew=True))
    body, form = _example(request), mapped(request.POST)
    item = source_map(source_id=item.pk, mapping=form.mapping, id_path=form.id_path, user=request.user, request=request)
    answer = render(request, "webhooks/_in_mapping.html", _mapping(item, body))
    return _toast(answer, _("Saved."))


@manager_required
@require_POST
def preview(request: HttpRequest, source_id: int) -> HttpResponse:
    """The lead that the example would make; nothing is written."""
    get_object_or_404(Source, pk=source_id)
    context = {"preview": preview_of(_example(request), mapped(request.POST).mapping)}
    return render(request, "webhooks/_in_preview.html", context)


def _example(request: HttpRequest) -> Any:
    text = request.POST.get("example", "")
    return example_of(text) if text.strip() else None


def _mapping(item: Source, body: Any, *, anew: bool = False) -> dict[str, Any]:
    """What is not mapped yet is guessed; so it is again for another example (`anew`) in which nothing is found."""
    known = item.mapping
    if body is not None and (not known or (anew and not any(_stands(body, place) for place in known.values()))):
        known = guess(body)
    return {
        "source": item,
        "has_example": body is not None,
        "example": example_text(body) if body is not None else "",
        "rows": rows_of(body, known),
        "options": choices(),
        "constants": constants_of(known),
        "products": Product.choices,
        "preview": preview_of(body, known) if body is not None else None,
    }


def _stands(body: Any, place: str) -> bool:
    return not place.startswith(CONSTANT) and find(body, place.removesuffix(CENTS)) is not None


@manager_required
@require_GET
def arrivals(request: HttpRequest, source_id: int) -> HttpResponse:
    item = get_object_or_404(Source, pk=source_id)
    return render(request, "webhooks/_in_arrivals.html", {"source": item, **_arrivals(request, item)})


def _arrivals(request: HttpRequest, item: Source) -> dict[str, Any]:
    rows = item.arrivals.defer("body").annotate(is_readable=Q(body__isnull=False))
    page = Paginator(rows, PAGE_SIZE).get_page(whole(request.GET.get("page")) or 1)
    leads = Lead.objects.in_bulk([row.lead_id for row in page if row.lead_id])
    for row in page:
        row.lead, row.wrong = leads.get(row.lead_id), labelled(row.errors)
    return {"page": page}


@manager_required
@require_POST
def again(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Read with the mapping of today."""
    row = arrival_again(arrival_id=arrival_id, actor=person(request.user))
    item = row.source
    answer = render(request, "webhooks/_in_arrivals.html", {"source": item, **_arrivals(request, item)})
    if row.state == ArrivalState.REFUSED:
        return _toast(answer, _("It still cannot become a lead."), level="error")
    return _toast(answer, _("It is a lead now."))


@manager_required
@require_POST
@never_cache
def rekey(request: HttpRequest, source_id: int) -> HttpResponse:
    """A new key, in this answer and nowhere else."""
    item, key = source_rekey(source_id=source_id, user=request.user, request=request)
    return _keyed(request, item, key)


@manager_required
@require_POST
@never_cache
def sign(request: HttpRequest, source_id: int) -> HttpResponse:
    """Ask for signatures, whose secret is in this answer and nowhere else, or no more."""
    item = source_sign(source_id=source_id, on=request.POST.get("on") == "1", user=request.user, request=request)
    return render(request, "webhooks/_in_signing.html", {"source": item, "secret": item.signing_secret})


@manager_required
@require_POST
def pause(request: HttpRequest, source_id: int) -> HttpResponse:
    source_pause(source_id=source_id, on=request.POST.get("on") == "1", user=request.user, request=request)
    return redirect("webhooks:source", source_id)


@manager_required
@require_POST
def delete(request: HttpRequest, source_id: int) -> HttpResponse:
    source_delete(source_id=source_id, user=request.user, request=request)
    to = reverse("webhooks:in_list")
    return HttpResponseClientRedirect(to) if request.htmx else redirect(to)


def _keyed(request: HttpRequest, item: Source, key: str, *, is_new: bool = False) -> HttpResponse:
    context = {"source": item, "key": key, "address": _address(request, item), "is_new": is_new}
    return render(request, "webhooks/_in_key.html", context)


def _address(request: HttpRequest, item: Source) -> str:
    return request.build_absolute_uri(reverse("hooks:leads", args=[item.prefix]))


def _toast(answer: HttpResponse, text: str, level: str = "ok") -> HttpResponse:
    return trigger_client_event(answer, "toast", {"level": level, "text": text})
