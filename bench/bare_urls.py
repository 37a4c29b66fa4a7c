"""The floor of `api`: plain Django views beside the product's own, on the same server and behind the same middleware.

They do the same work with the same rows, for anybody: no key, no limit, nothing checked.
"""

import json
from functools import lru_cache

from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from crm import urls
from crm.accounts.models import Role, User
from leads.actors import SYSTEM
from leads.api.answers import COLUMNS
from leads.api.taking import lead_take
from leads.selectors import leads_visible_to

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@csrf_exempt
def leads(request: HttpRequest) -> JsonResponse:
    if request.method == "POST":
        values = json.loads(request.body)
        tracking, agreed = values.pop("tracking"), values.pop("consent")
        lead, created = lead_take(values=values, tracking=tracking, agreed=agreed, actor=SYSTEM)
        return JsonResponse({"id": lead.pk, "created": created}, status=201)
    rows = leads_visible_to(_manager()).order_by("-created_at", "-pk").values(*COLUMNS)
    return JsonResponse({"results": list(rows[: int(request.GET["limit"])])})


@lru_cache(maxsize=1)
def _manager() -> User:
    return User.objects.filter(role=Role.MANAGER).latest("pk")


urlpatterns = [path("bare/leads", leads), *urls.urlpatterns]
