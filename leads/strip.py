"""What the strip above board and list needs: the filter in words, saved views, the choices; and the address to show."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import QueryDict
from django.urls import reverse

from crm.accounts.models import User
from leads.attention import Chip
from leads.filters import SEVERAL, Filters
from leads.losses import loss_choices
from leads.models import TaskKind
from leads.pipeline import Status
from leads.rotation import rotation
from leads.saved_views import views_for
from leads.selectors import consultants_to_choose


def strip_context(request: HttpRequest, filters: Filters, page: str) -> dict[str, Any]:
    """`page` is the URL name of what is filtered."""
    consultants = consultants_to_choose(request.user)
    views = views_for(request.user)
    return {
        "filters": filters,
        "page": page,
        "page_url": reverse(page),
        "choices": {name: choices.choices for name, choices in SEVERAL.items()},
        "consultants": consultants,
        "owns_leads": not request.user.is_manager or request.user.pk in {each.pk for each in consultants},
        "chips": Chip.choices,
        "active": filters.active(consultants),
        "views": views,
        "current_view": next((view for view in views if view.query == filters.query), None),
    }


def bulk_context(user: User) -> dict[str, Any]:
    """What the bar of chosen leads offers. Won asks for an amount of each deal, so it is not among the columns."""
    return {
        "bulk_statuses": [status for status in Status if status not in (Status.NEW, Status.WON)],
        "bulk_consultants": rotation() if user.is_manager else [],
        "lost_reasons": loss_choices(),
        "task_kinds": TaskKind.choices,
    }


def address_of(request: HttpRequest, response: HttpResponse, filters: Filters, extra: str = "") -> HttpResponse:
    """Put the canonical address into the browser; typing on in the search box makes no new step of its history."""
    if request.headers.get("HX-Target", "") not in _FILTERED:
        return response
    query = "&".join(part for part in (filters.query, extra) if part)
    before = Filters.read(QueryDict((request.htmx.current_url_abs_path or "").partition("?")[2]))
    typing = bool(before.q and filters.q) and before.q != filters.q
    response["HX-Replace-Url" if typing else "HX-Push-Url"] = request.path + (f"?{query}" if query else "")
    return response


_FILTERED = ("board", "leads")
