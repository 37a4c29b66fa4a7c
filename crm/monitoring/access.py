"""Who may look at the installation's figures without its pages: a program with METRICS_TOKEN, or a manager."""

import secrets

from django.conf import settings
from django.db import OperationalError
from django.http import HttpRequest

from crm.monitoring.health import database_answers


def has_token(request_header: str) -> bool:
    """Whether `Authorization` shows METRICS_TOKEN; nobody does while there is none. The database is not asked: it may
    be what is looked at."""
    scheme, _space, token = request_header.partition(" ")
    wanted = settings.METRICS_TOKEN
    if not wanted or scheme.lower() != "bearer":
        return False
    return secrets.compare_digest(token.strip().encode(), wanted.encode())


def may_look(request: HttpRequest) -> bool:
    """Raises OperationalError where only the database could say who asks, and it does not answer."""
    if has_token(request.headers.get("Authorization", "")):
        return True
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    if not database_answers():
        raise OperationalError("It did not answer in time.")
    return request.user.is_authenticated and request.user.is_manager
