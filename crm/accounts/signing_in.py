"""Signing in at the pages: the password first, then the code. Between the two nobody is signed in: an anonymous
session with a fresh key remembers for five minutes who gave the right password."""

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.crypto import constant_time_compare

from crm.accounts.backends import RoleBackend
from crm.accounts.factor_pages import key_forget
from crm.accounts.factors import factor_needed, factor_on
from crm.accounts.languages import remember_language
from crm.accounts.models import User
from crm.core.addresses import network_of
from crm.core.clock import now
from crm.core.limits import limit_or_wait

STEP_SECONDS = 300
_KEPT = "signing_in"
_BACKEND = "crm.accounts.backends.RoleBackend"


def sign_in_counted(request: HttpRequest) -> None:
    """Count a try against its network's window, right or wrong. Raises TooSoon.

    Only where another site's page cannot send its visitors: it would close the door to all of their network.
    """
    limit_or_wait(request, f"sign_in:{network_of(request)}", settings.THROTTLE_SIGN_IN)


def guess_counted(request: HttpRequest) -> None:
    """As `sign_in_counted` for a mere visit, in a window of its own."""
    limit_or_wait(request, f"admin:{network_of(request)}", settings.THROTTLE_SIGN_IN)


def password_fits(request: HttpRequest, user: User, password: str) -> bool:
    """Whether a signed-in person knows their password; wrong ones count towards the lock."""
    return authenticate(request, username=user.email, password=password) == user


def sign_in_begin(request: HttpRequest, user: User, leads_to: str) -> HttpResponse:
    """The password was right: signed in, or led to the code, or to making a second factor."""
    key_forget(request)  # of whoever stood at this step before
    if not factor_needed(user):
        return _signed_in(request, user, leads_to)
    request.session.cycle_key()  # whoever knew the key before does not stand at this step
    request.session[_KEPT] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "until": now().timestamp() + STEP_SECONDS,
        "leads_to": leads_to,
    }
    return redirect("login_code" if factor_on(user) else "login_factor")


def signing_in(request: HttpRequest) -> User | None:
    """Who gave the right password a moment ago, and may still."""
    kept: dict[str, Any] = request.session.get(_KEPT) or {}
    if kept.get("until", 0) < now().timestamp():
        return None
    user = RoleBackend().person(kept["user"])
    return user if user and constant_time_compare(kept["hash"], user.get_session_auth_hash()) else None


def sign_in_leads_to(request: HttpRequest) -> str:
    return str((request.session.get(_KEPT) or {}).get("leads_to", ""))


def sign_in_finish(request: HttpRequest, user: User) -> HttpResponse:
    """The code was right too."""
    kept = request.session.pop(_KEPT)
    return _signed_in(request, user, kept["leads_to"])


def _signed_in(request: HttpRequest, user: User, leads_to: str) -> HttpResponse:
    login(request, user, backend=_BACKEND)  # the session gets a new key
    response = redirect(leads_to)
    if user.language:
        remember_language(response, user.language)
    return response
