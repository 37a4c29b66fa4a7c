"""How a request to the API says who it comes from: a key, an access token, or a signed-in page with its CSRF token."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.accounts.models import User
from crm.api.cookies import ACCESS, expect_own_page
from crm.api.families import family_of
from crm.api.grants import Grant
from crm.api.keys import MARK, key_of, key_used
from crm.core.addresses import address_of


def bearer(request: Request) -> str | None:
    """What follows `Authorization: Bearer`; None where there is none."""
    scheme, _space, text = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return text.strip() if scheme.lower() == "bearer" else None


class KeyAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer livia_…`, or `X-Api-Key: livia_…`."""

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        text = request.META.get("HTTP_X_API_KEY") or bearer(request) or ""
        if not text.startswith(MARK):
            return None
        key = key_of(text)
        if key is None:
            raise AuthenticationFailed(_("This key is not valid, or not any more."))
        key_used(key, address_of(request))
        return key.user, Grant(f"key:{key.pk}", frozenset(key.scopes))

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class JwtAuthentication(authentication.BaseAuthentication):
    """`Authorization: Bearer <access token>`, or the cookie with one, which needs the CSRF token as a page does."""

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        text = bearer(request)
        by_cookie = text is None
        if by_cookie:
            text = request.COOKIES.get(ACCESS)
        if not text and by_cookie:
            return None
        family = family_of(text or "")
        if by_cookie:
            expect_own_page(request)
        return family.user, Grant(f"user:{family.user_id}", family=family.pk)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class PageAuthentication(authentication.SessionAuthentication):
    """The session of a signed-in page; what changes something needs its CSRF token."""

    def authenticate(self, request: Request) -> tuple[User, Grant] | None:
        found: tuple[Any, Any] | None = super().authenticate(request)
        return (found[0], Grant(f"user:{found[0].pk}")) if found else None
