"""JSON for managers."""

from dataclasses import asdict

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from conversations.index import MOST, chats_latest
from crm.accounts.permissions import manager_required
from crm.core.errors import Invalid


@manager_required
@require_GET
@never_cache
def chats(request: HttpRequest) -> JsonResponse:
    """The latest chats of an inbox, newest first; an inbox without chats, or none, has an empty list."""
    inbox_id, limit = _number(request, "inbox"), _number(request, "limit", "50")
    if not 1 <= limit <= MOST:
        raise Invalid(_("Ask for 1 to %(most)d chats.") % {"most": MOST})
    return JsonResponse({"chats": [asdict(chat) for chat in chats_latest(inbox_id, limit)]})


def _number(request: HttpRequest, name: str, default: str = "") -> int:
    value = request.GET.get(name, default)
    if not (value.isascii() and value.isdigit() and len(value) < 18):
        raise Invalid(_("%(name)s must be a number.") % {"name": name})
    return int(value)
