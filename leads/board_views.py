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
from leads.forms import cents_from_text
from leads.moves import lead_move
from leads.pipeline import LostReason, Status
from leads.realtime import render_card
from leads.selectors import board_columns, board_rooms, column_page, lead_get, leads_visible_to


@member_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The Kanban; with HTMX only its columns, as a region that heals itself."""
    rooms_json = snapshot_json(request.user, board_rooms(request.user))
    context = {
        "rooms_json": rooms_json,
        "columns": board_columns(request.user),
        "statuses": Status,
        "lost_reasons": LostReason.choices,
    }
    return render(request, "leads/_board.html" if request.htmx else "leads/board.html", context)


@member_required
@require_GET
def column(request: HttpRequest, status: str) -> HttpResponse:
    """More cards of a column, after the card given by `rank` and `id`."""
    if status not in Status.values:
        raise Http404
    rank, lead_id = whole(request.GET.get("rank")), whole(request.GET.get("id"))
    if rank is None or lead_id is None:
        raise Invalid(_("This page of the column does not exist."))
    cards, has_more = column_page(request.user, status, rank=rank, lead_id=lead_id)
    context = {"cards": cards, "status": status, "has_more": has_more, "last": cards[-1] if cards else None}
    return render(request, "leads/_cards_page.html", context)


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
        return JsonResponse({**error.as_dict(), "card": render_card(fresh) if fresh else ""}, status=error.status)
    return HttpResponse(status=204)


def _won_amount(request: HttpRequest) -> int | None:
    text = request.POST.get("won_amount", "").strip()
    try:
        return cents_from_text(text) if text else None
    except ValueError as error:
        message = _("Write an amount such as 150.000,00.")
        raise Invalid(message, fields={"won_amount": message}) from error
