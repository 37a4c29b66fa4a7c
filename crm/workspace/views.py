"""The command palette, the language of the interface, hints somebody has read, and the page of failures."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.accounts.languages import remember_language
from crm.accounts.permissions import manager_required, member_required
from crm.accounts.services import hint_dismiss, language_set
from crm.core.errors import Invalid, NotFound
from crm.workspace.elsewhere import DAYS, lost_elsewhere
from crm.workspace.palette import palette_find
from crm.workspace.queue import AGAIN, flow, given_up, unsent
from whatsapp.setaside import record_drop, record_retry, records_waiting


@member_required
@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """The palette's results for `?q=`, as a list."""
    query = request.GET.get("q", "")
    return render(
        request, "workspace/_found.html", {"found": palette_find(request.user, query), "query": query.strip()}
    )


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Choose the interface's language, kept in this browser and, signed in, with the person."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        raise Invalid(_("This language is not offered."))
    if request.user.is_authenticated:
        language_set(user_id=request.user.pk, language=chosen)
    response = redirect(_local(request, request.POST.get("next", "")))
    remember_language(response, chosen)
    return response


def _local(request: HttpRequest, address: str) -> str:
    is_ours = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if is_ours else settings.LOGIN_REDIRECT_URL


@member_required
@require_POST
def hint(request: HttpRequest) -> HttpResponse:
    """A hint was read: it does not come again, on no device."""
    hint_dismiss(user_id=request.user.pk, hint=request.POST.get("hint", ""))
    return HttpResponse(status=204)


@member_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """What needs a person; managers also see what could not be stored, and how the work flows."""
    context: dict[str, object] = {"given_up": given_up(request.user), "unsent": unsent(request.user)}
    if request.user.is_manager:
        context |= {"records": records_waiting(), "flow": flow(), "elsewhere": lost_elsewhere(), "days": DAYS}
    return render(request, "workspace/_queue.html" if request.htmx else "workspace/queue.html", context)


@member_required
@require_POST
def queue_again(request: HttpRequest, what: str) -> HttpResponse:
    """Everything of one list is tried again; what still cannot be done stays in it."""
    if what not in AGAIN:
        raise NotFound
    AGAIN[what](request.user)
    return _queue_after(request)


@manager_required
@require_POST
def record_again(request: HttpRequest, record_id: int) -> HttpResponse:
    """A message that could not be stored is tried again."""
    record_retry(record_id=record_id)
    return _queue_after(request)


@manager_required
@require_POST
def record_discard(request: HttpRequest, record_id: int) -> HttpResponse:
    """A message that could not be stored is given up."""
    record_drop(record_id=record_id, user_id=request.user.pk)
    return _queue_after(request)


def _queue_after(request: HttpRequest) -> HttpResponse:
    if not request.htmx:
        return redirect("workspace:queue")
    return HttpResponse(status=204)
