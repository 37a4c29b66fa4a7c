"""The list of leads, saved views, and what is done to many leads at once."""

from collections.abc import Callable

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.permissions import member_required
from crm.core.errors import Forbidden, Invalid
from crm.core.numbers import whole
from leads.board_views import ids_of
from leads.bulk import MOST_LEADS, Outcome, leads_assign, leads_move, leads_plan
from leads.filters import Filters
from leads.models import TaskKind
from leads.saved_views import saved_view_create, saved_view_delete, saved_view_update
from leads.selectors import board_rooms, leads_visible_to, room_totals
from leads.sorting import Sort
from leads.strip import address_of, bulk_context, strip_context


@member_required
@require_GET
def leads(request: HttpRequest) -> HttpResponse:
    """All leads of the filter as a table, page by page; with HTMX only the table and the strip's words."""
    filters, sort = Filters.read(request.GET), Sort.read(request.GET.get("sort", ""))
    rows = leads_visible_to(request.user).filter(filters.condition(request.user))
    rows = sort.apply(rows.select_related("consultant__user"))
    pages = Paginator(rows, settings.LEADS_PAGE_SIZE)
    if not filters:  # the ledger knows
        pages.count = sum(total.n for total in room_totals(*board_rooms(request.user)))
    page = pages.get_page(whole(request.GET.get("page")) or 1)
    context = {
        "rows": page,
        "sort": sort,
        "columns": sort.columns(filters.query),
        "pages": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
        **strip_context(request, filters, "leads:list"),
    }
    if request.htmx:
        answer = render(request, "leads/_list_answer.html", context)
        return address_of(request, answer, filters, _place(sort, page.number))
    return render(request, "leads/list.html", {**context, **bulk_context(request.user)})


def _place(sort: Sort, page: int) -> str:
    return "&".join([*([f"sort={sort}"] if not sort.is_default else []), *([f"page={page}"] if page > 1 else [])])


@member_required
@require_POST
def view_new(request: HttpRequest) -> HttpResponse:
    """Save the filters under a name."""
    view = saved_view_create(
        owner=request.user,
        name=request.POST.get("name", ""),
        query=request.POST.get("query", ""),
        shared="shared" in request.POST,
    )
    return _views(request, view.query)


@member_required
@require_POST
def view_edit(request: HttpRequest, view_id: int) -> HttpResponse:
    """Rename a view and share it or not."""
    saved_view_update(
        view_id=view_id, actor=request.user, name=request.POST.get("name", ""), shared="shared" in request.POST
    )
    return _views(request, request.POST.get("query", ""))


@member_required
@require_POST
def view_delete(request: HttpRequest, view_id: int) -> HttpResponse:
    saved_view_delete(view_id=view_id, actor=request.user)
    return _views(request, request.POST.get("query", ""))


def _views(request: HttpRequest, query: str) -> HttpResponse:
    """The menu of views as it is now, on the page it was opened on."""
    page = "leads:list" if request.POST.get("page") == "leads:list" else "leads:board"
    return render(request, "leads/_views.html", strip_context(request, Filters.parse(query), page))


@member_required
@require_POST
def bulk(request: HttpRequest) -> JsonResponse:
    """`act` on the leads `ids`; answers with a sentence, and the ids that are done."""
    ids = ids_of(request.POST.get("ids", ""), most=MOST_LEADS)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise Invalid(_("There is no such action."))
    outcome, done = act(request, ids)
    refused = [{"id": lead.pk, "name": lead.display_name, "message": why} for lead, why in outcome.refused]
    return JsonResponse({"text": outcome.sentence(done), "done": outcome.done, "refused": refused})


def _move(request: HttpRequest, ids: list[int]) -> tuple[Outcome, str]:
    reason, note = request.POST.get("lost_reason", ""), request.POST.get("lost_note", "")
    outcome = leads_move(user=request.user, ids=ids, to=request.POST.get("to", ""), lost_reason=reason, lost_note=note)
    n = len(outcome.done)
    return outcome, ngettext("%(n)s moved", "%(n)s moved", n) % {"n": n}


def _assign(request: HttpRequest, ids: list[int]) -> tuple[Outcome, str]:
    if not request.user.is_manager:
        raise Forbidden(_("Only managers assign leads."))
    consultant_id = whole(request.POST.get("consultant"))
    if consultant_id is None:
        raise Invalid(_("Choose a consultant."))
    outcome = leads_assign(user=request.user, ids=ids, consultant_id=consultant_id)
    n = len(outcome.done)
    return outcome, ngettext("%(n)s assigned", "%(n)s assigned", n) % {"n": n}


def _plan(request: HttpRequest, ids: list[int]) -> tuple[Outcome, str]:
    try:
        due_at = parse_datetime(request.POST.get("due_at", ""))
    except ValueError:
        due_at = None
    if due_at is None:
        raise Invalid(_("Say when the task is due."), fields={"due_at": _("Say when the task is due.")})
    due_at = make_aware(due_at) if is_naive(due_at) else due_at
    outcome = leads_plan(
        user=request.user,
        ids=ids,
        title=request.POST.get("title", ""),
        due_at=due_at,
        kind=request.POST.get("kind", TaskKind.OTHER),
    )
    n = len(outcome.done)
    return outcome, ngettext("%(n)s task added", "%(n)s tasks added", n) % {"n": n}


_ACTS: dict[str, Callable[[HttpRequest, list[int]], tuple[Outcome, str]]] = {
    "move": _move,
    "assign": _assign,
    "task": _plan,
}
