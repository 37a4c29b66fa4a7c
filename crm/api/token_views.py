"""Tokens of version 1: signing in, going on, signing out; and who asks."""

from typing import Any, cast
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from crm.accounts.models import User
from crm.accounts.services import sign_out_everywhere
from crm.api.authentication import bearer
from crm.api.cookies import REFRESH, cookies_clear, cookies_set, csrf_token, expect_own_page
from crm.api.families import Pair, families_of, family_revoke, family_rotate, family_start
from crm.api.grants import Grant
from crm.api.schema import errors
from crm.api.serializing import body_of
from crm.api.signing_in import person_of
from crm.api.throttles import AnonymousThrottle, SignInThrottle
from crm.api.token_bodies import Me, ProgramSignIn, ProgramSignIns, Refresh, SignIn, SignOut, Tokens
from crm.api.tokens import AccessToken, RefreshToken, access_life, claims_of, not_valid, refresh_life
from crm.api.views import ApiView, MayAsk

_TAGS = ["auth"]
_PAIR = {"access": "eyJhbGciOi…", "refresh": "eyJhbGciOi…", "token_type": "Bearer"}
_GIVEN = OpenApiExample(
    "Tokens", {**_PAIR, "expires_in": 900, "refresh_expires_in": 604_800}, response_only=True, status_codes=["200"]
)
_REFRESH = OpenApiExample("A refresh token", {"refresh": "eyJhbGciOi…"}, request_only=True)


class Person(MayAsk):
    """A person's own token or page. A key does what its scopes say, and ends no sign-ins."""

    def has_permission(self, request: Request, view: ApiView) -> bool:  # type: ignore[override]
        allowed = super().has_permission(request, view)
        if allowed and str(request.auth).startswith("key:"):
            raise PermissionDenied(_("A key may not do that: sign in with a password."), "scope")
        return allowed


class _Door(ApiView):
    """Where one comes before one is signed in. Its answers are for nobody's cache."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    def get_authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def finalize_response(self, request: Request, response: Response, *args: Any, **kwargs: Any) -> Response:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        return response


class TokenView(_Door):
    throttle_classes = (SignInThrottle, AnonymousThrottle)

    @extend_schema(
        operation_id="auth_token",
        summary="Sign in",
        description="Tokens for the person whose e-mail and password these are. Failures count as on the sign-in page: "
        "after too many the answer is 429 with the code `locked`. Who has a second factor must send its `code`; "
        "without one the answer is 401 with the code `second_factor`.",
        tags=_TAGS,
        request=SignIn,
        responses={200: Tokens, **errors(401)},
        examples=[
            OpenApiExample("Sign in", {"email": "ana@example.com", "password": "correct horse"}, request_only=True),
            _GIVEN,
        ],
    )
    def post(self, request: Request) -> Response:
        wish = body_of(request, SignIn)
        user = person_of(request, email=wish["email"], password=wish["password"], code=wish.get("code", ""))
        return _given(request, family_start(user=user, request=request), as_cookies=wish.get("cookies", False))


class RefreshView(_Door):
    @extend_schema(
        operation_id="auth_refresh",
        summary="Get new tokens",
        description="Exchanges a refresh token for new tokens; it is spent then. A spent one that comes back ends its "
        "whole sign-in, for it may have been stolen. Only the one spent last gets 409 `already_refreshed` for "
        "five seconds instead: the program asked twice at once.",
        tags=_TAGS,
        request=Refresh,
        responses={200: Tokens, **errors(401, 403, 409)},
        examples=[_REFRESH, _GIVEN],
    )
    def post(self, request: Request) -> Response:
        text, by_cookie = body_of(request, Refresh).get("refresh"), False
        if text is None:
            text, by_cookie = _cookie(request), True
        pair = family_rotate(text=text, request=request)
        if pair is None:
            raise not_valid()
        return _given(request, pair, as_cookies=by_cookie)


class SignOutView(_Door):
    @extend_schema(
        operation_id="auth_logout",
        summary="Sign out",
        description="Ends the sign-in of the refresh token, access token or cookie: all its tokens are refused from "
        "the next request on. The cookies go, too.",
        tags=_TAGS,
        request=SignOut,
        responses={204: None, **errors(401, 403)},
        examples=[_REFRESH],
    )
    def post(self, request: Request) -> Response:
        family_revoke(family_id=_family_meant(request), request=request)
        return _gone()


class SignOutEverywhereView(ApiView):
    permission_classes = (Person,)

    @extend_schema(
        operation_id="auth_logout_everywhere",
        summary="Sign out everywhere",
        description="Ends all sign-ins of the person: tokens, and the pages of all browsers. API keys stay.",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def post(self, request: Request) -> Response:
        sign_out_everywhere(user=_user(request), request=request)
        return _gone()


class SignInsView(ApiView):
    permission_classes = (Person,)

    @extend_schema(
        operation_id="auth_sessions",
        summary="Where programs are signed in",
        description="The person's sign-ins by token that stand, the newest first; at most 50 stand at once.",
        tags=_TAGS,
        responses=ProgramSignIns,
    )
    def get(self, request: Request) -> Response:
        rows = families_of(_user(request))
        shown = ProgramSignIn(rows, many=True, context={"family": getattr(request.auth, "family", None)})
        return Response({"results": shown.data})


class SignInView(ApiView):
    permission_classes = (Person,)

    @extend_schema(
        operation_id="auth_session_end",
        summary="End a sign-in",
        tags=_TAGS,
        request=None,
        responses={204: None},
    )
    def delete(self, request: Request, family_id: UUID) -> Response:
        user = _user(request)
        if not families_of(user).filter(pk=family_id).exists():
            raise Http404
        family_revoke(family_id=family_id, by=user, request=request)
        return Response(status=204)


class MeView(ApiView):
    @extend_schema(
        operation_id="me", summary="Who am I", description="Who asks, and what they may do.", tags=_TAGS, responses=Me
    )
    def get(self, request: Request) -> Response:
        user, grant = _user(request), cast(Grant, request.auth)
        by = "key" if grant.owner.startswith("key:") else "token" if grant.family else "session"
        plain = {name: getattr(user, name) for name in ("id", "name", "email", "role", "is_manager", "available")}
        return Response(Me({**plain, "signed_in_by": by, "scopes": sorted(grant.scopes)}).data)


def _user(request: Request) -> User:
    return request.user  # type: ignore[return-value]  # MayAsk lets nobody else in


def _given(request: Request, pair: Pair, *, as_cookies: bool) -> Response:
    lives = {"expires_in": access_life(), "refresh_expires_in": refresh_life()}
    told = {"token_type": "Bearer", **{name: int(life.total_seconds()) for name, life in lives.items()}}
    if not as_cookies:
        return Response({"access": pair.access, "refresh": pair.refresh, **told})
    response = Response({"csrf_token": csrf_token(request), **told})
    cookies_set(response, pair)
    return response


def _gone() -> Response:
    response = Response(status=204)
    cookies_clear(response)
    return response


def _cookie(request: Request) -> str:
    """The refresh token of the cookie. Raises NotAuthenticated; PermissionDenied without the CSRF token."""
    text = request.COOKIES.get(REFRESH)
    if not text:
        raise NotAuthenticated
    expect_own_page(request)
    return text


def _family_meant(request: Request) -> UUID:
    text = body_of(request, SignOut).get("refresh")
    if text is None and (access := bearer(request)) is not None:
        return claims_of(AccessToken, access).family_id
    return claims_of(RefreshToken, text if text is not None else _cookie(request)).family_id
