"""A program signs in as a person, by what the person signs in with: the same failures count, the same lock closes."""

from django.contrib.auth import authenticate
from django.contrib.auth.signals import user_logged_in
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from crm.accounts.factors import factor_check, factor_needed, factor_on
from crm.accounts.models import User


def person_of(request: Request, *, email: str, password: str, code: str) -> User:
    """Who signs in. Raises AuthenticationFailed, in one sentence whatever was wrong with e-mail and password; after too
    many failures the answer becomes that of the lock (crm.accounts.lockout)."""
    user = authenticate(request._request, username=email.lower(), password=password)
    if not isinstance(user, User):
        raise AuthenticationFailed(_("E-mail or password is wrong."), "wrong_credentials")
    if factor_needed(user):
        _expect_code(request, user, code)
    user_logged_in.send(sender=User, request=request._request, user=user)
    return user


def _expect_code(request: Request, user: User, code: str) -> None:
    if not factor_on(user):
        raise AuthenticationFailed(
            _("Sign in on the page first, and switch your second factor on."), "no_second_factor"
        )
    if not code:
        raise AuthenticationFailed(_("Send the code of your second factor, too."), "second_factor")
    if not factor_check(user, code, request):
        raise AuthenticationFailed(_("This code is not valid."), "second_factor")
