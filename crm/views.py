"""The project's own pages: the entrance and errors."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from crm.core.middleware import error_response, unavailable


def home(request: HttpRequest) -> HttpResponse:
    return redirect("leads:board")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 400, "bad_request", _("The request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 403, "forbidden", _("You may not do this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_response(request, 404, "not_found", _("This page does not exist, or is not yours to see."))


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):  # outside a view: while the session was read
        return unavailable(request, error)
    return error_response(request, 500, "server_error", _("Something failed on our side. It was recorded."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    message = _("This page was open too long, or cookies are blocked. Reload it and try again.")
    return error_response(request, 403, "csrf", message)
