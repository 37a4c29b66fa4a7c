"""Tokens as cookies, for programs that run in a browser: no script can read them, no other site can send them."""

from datetime import timedelta

from django.conf import settings
from django.middleware.csrf import get_token
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.families import Pair
from crm.api.tokens import access_life, refresh_life

ACCESS, REFRESH = "livia_access", "livia_refresh"
_PATHS = {ACCESS: "/api/", REFRESH: "/api/v1/auth/"}


def expect_own_page(request: Request) -> None:
    """What a cookie signs in may come from our own origins with the CSRF token alone, unless it only reads. Raises
    PermissionDenied."""
    SessionAuthentication().enforce_csrf(request)


def cookies_set(response: Response, pair: Pair) -> None:
    _set(response, ACCESS, pair.access, access_life())
    _set(response, REFRESH, pair.refresh, refresh_life())


def cookies_clear(response: Response) -> None:
    for name, path in _PATHS.items():
        response.delete_cookie(name, path=path, samesite="Strict")


def csrf_token(request: Request) -> str:
    """For the header X-CSRFToken; its cookie goes out with the answer."""
    return get_token(request._request)


def _set(response: Response, name: str, value: str, life: timedelta) -> None:
    response.set_cookie(
        name,
        value,
        max_age=int(life.total_seconds()),
        path=_PATHS[name],
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
