"""Who may look at the installation's figures without its pages: a program with METRICS_TOKEN, or a manager."""

import secrets

from django.conf import settings
from django.http import HttpRequest


def may_look(request: HttpRequest) -> bool:
    """A token is judged without asking the database; it may be the database that is looked at."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and settings.METRICS_TOKEN:
        return secrets.compare_digest(token.strip().encode(), settings.METRICS_TOKEN.encode())
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.user.is_authenticated and request.user.is_manager
