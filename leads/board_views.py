"""The board."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import member_required
from crm.core.errors import DomainError, Invalid
from crm.core.numbers import whole
from crm.realtime.rooms import snapshot_json
from leads.actors import person
from leads.cards import card_render, cards_html, cards_joined
from leads.filters import Filters
from leads.forms import cents_from_text
from leads.losses import loss_choices
from leads.moves import lead_move
from leads.pipeline import Status
from leads.selectors import (
    board_columns,
    board_rooms,
    board_totals,
    chip_counts,
    column_page,
    lead_get,
    leads_visible_to,
)
from leads.strip import address_of, bulk_context, strip_context

MOST_CARDS = 200  # asked for at once


@member_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The Kanban; with HTMX its columns and what the strip says of the filter, as regions that heal themselves."""
    filters = Filters.read(request.GET)
    rooms_json = snapshot_json(request.user, board_rooms(request.user))
    columns = board_columns(request.user, filters)
    cards = cards_joined(*(column.cards for column in columns))
    columns_drawn = list(zip(columns, cards, strict=True))
    context = {"rooms_json": rooms_json, "columns": columns_drawn, **strip_context(request, filters, "leads:board")}
    if request.htmx:
        return address_of(request, render(request, "leads/_board_answer.html", context), filters)
    context |= {"statuses": Status, "lost_reasons": loss_choices(), **bulk_context(request.user)}
    return render(request, "leads/board.html", context)


@member_required
@require_GET
def column(request: HttpRequest, status: str) -> HttpResponse:
    """More cards of a column, after the card given by `rank` and `id`."""
    if status not in Status.values:
        raise Http404
    rank, lead_id = whole(request.GET.get("rank")), whole(request.GET.get("id"))
    if rank is None or lead_id is None:
        raise Invalid(_("This page of the column does not exist."))
    filters = Filters.read(request.GET)
    cards, has_more = column_page(request.user, status, rank=rank, lead_id=lead_id, filters=filters)
    context = {
        "cards": cards_joined(cards)[0],
        "status": status,
        "has_more": has_more,
        "last": cards[-1] if cards else None,
        "filters": filters,
    }
    return render(request, "leads/_cards_page.html", context)


@member_required
@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """For a filtered board: of the leads `ids`, cards of those that pass, the others as gone; and the totals."""
    ids = ids_of(request.GET.get("ids", ""), most=MOST_CARDS)
    filters = Filters.read(request.GET)
    passing = leads_visible_to(request.user).filter(filters.condition(request.user), pk__in=ids)
    found = cards_html(passing.select_related("consultant__user"))
    context = {
        "cards": found.values(),
        "gone": [pk for pk in ids if pk not in found],
        "totals": board_totals(request.user, filters),
    }
    return render(request, "leads/_cards_asked.html", context)


def ids_of(text: str, *, most: int) -> list[int]:
    """`"3,5,8"` as ids, each once. Raises Invalid for what is no id, for none, and for too many."""
    numbers = [whole(part) for part in text.split(",")]
    ids = list(dict.fromkeys(number for number in numbers if number is not None and number > 0))
    if not ids or len(numbers) > most or None in numbers:
        raise Invalid(_("Choose between 1 and %(most)s leads.") % {"most": most})
    return ids


@member_required
@require_GET
def chips(request: HttpRequest) -> JsonResponse:
    """How many leads stand behind each chip."""
    return JsonResponse(chip_counts(request.user, Filters.read(request.GET)))


@member_required
@require_POST
def move(request: HttpRequest, lead_id: int) -> HttpResponse:
    """204 and the push moves the card; a refusal answers with the card where it belongs."""
    lead = lead_get(request.user, lead_id)
    try:
        lead_move(
            lead_id=lead.pk,
            to=request.POST.get("to", ""),
            version=whole(request.POST.get("version")) or 0,
            after_id=whole(request.POST.get("after")),
            lost_reason=request.POST.get("lost_reason", ""),
            lost_note=request.POST.get("lost_note", ""),
            won_amount=_won_amount(request),
            actor=person(request.user),
        )
    except DomainError as error:
        fresh = leads_visible_to(request.user).select_related("consultant__user").filter(pk=lead_id).first()
        return JsonResponse({**error.as_dict(), "card": card_render(fresh) if fresh else ""}, status=error.status)
    return HttpResponse(status=204)


def _won_amount(request: HttpRequest) -> int | None:
    text = request.POST.get("won_amount", "").strip()
    try:
        return cents_from_text(text) if text else None
    except ValueError as error:
        message = _("Write an amount such as 150.000,00.")
        raise Invalid(message, fields={"won_amount": message}) from error
