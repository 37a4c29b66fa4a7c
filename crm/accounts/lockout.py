"""What the lock after too many failures (django-axes) goes by, and what it answers."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from crm.core.addresses import network_of
from crm.core.middleware import error_response


def name_of(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Who somebody says they are: one address is one count, however it is written."""
    given = credentials or request.POST
    name = given.get("username") or given.get("email") or ""
    return str(name).replace("\0", "").strip().lower()[:200]


def place_of(request: HttpRequest) -> str | None:
    """The network a try comes from, by `TRUSTED_PROXIES`."""
    found = network_of(request)
    return None if found == "unknown" else found


def locked_response(request: HttpRequest, _response: Any = None, _credentials: Any = None) -> HttpResponse:
    wait = settings.AXES_COOLOFF_TIME
    if request.path.startswith("/api/") or "HX-Request" in request.headers:  # what a script can tell the person
        message = _("Too many failures. Wait before you try again.")
        response = error_response(request, 429, "locked", message)
    else:
        response = render(request, "accounts/locked.html", status=429)
    response["Retry-After"] = str(math.ceil(wait.total_seconds()))
    return response
