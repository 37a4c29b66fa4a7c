"""One's own account: password, second factor, where one is signed in, and what happened around it."""

from typing import cast

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from crm.accounts.factor_pages import codes_page, form_page, key_forget, key_of_session, qr_of
from crm.accounts.factors import (
    app_of,
    app_shows,
    backup_codes_left,
    backup_codes_renew,
    factor_confirm,
    factor_on,
    factor_remove,
    factor_required,
)
from crm.accounts.forms import WRONG_CODE, FactorForm, PasswordForm, PersonForm
from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.accounts.security import events_of
from crm.accounts.services import password_change, sign_out_everywhere
from crm.core.errors import Conflict, NotFound

_EVENTS = 20


@member_required
@never_cache
@sensitive_post_parameters()
def account(request: HttpRequest) -> HttpResponse:
    """The page; a POST changes the password."""
    user = _user(request)
    form = PasswordForm(request)
    if request.method == "POST" and form.is_valid():
        password_change(user=user, password=form.cleaned_data["new"], by=user, request=request)
        _stay(request)
        messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
        return redirect("accounts:account")
    context = {
        "factor": factor_on(user),
        "factor_required": factor_required(user),
        "codes_left": backup_codes_left(user),
        "events": events_of(user, _EVENTS),
    }
    return form_page(request, "accounts/account.html", form, **context)


@member_required
@never_cache
@sensitive_post_parameters()
def factor(request: HttpRequest) -> HttpResponse:
    """Switch the second factor on, or over to another phone."""
    user = _user(request)
    form, key = FactorForm(request, user), key_of_session(request)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if not app_shows(app_of(user, key), code):
            form.add_error("code", WRONG_CODE)
        elif form.proves() and (codes := factor_confirm(user=user, key=key, code=code, request=request)):
            key_forget(request)
            _stay(request)
            return codes_page(request, codes, "")
    return form_page(request, "accounts/factor.html", form, factor=factor_on(user), **qr_of(user, key))


@member_required
@never_cache
@sensitive_post_parameters()
def factor_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes in place of the old ones."""
    user = _user(request)
    if not factor_on(user):
        raise NotFound
    form = PersonForm(request, user)
    if request.method == "POST" and form.is_valid() and form.proves():
        return codes_page(request, backup_codes_renew(user=user), "")
    return form_page(request, "accounts/factor_act.html", form)


@member_required
@never_cache
@sensitive_post_parameters()
def factor_off(request: HttpRequest) -> HttpResponse:
    """Switch the second factor off. Raises Conflict for whom must have one."""
    user = _user(request)
    if not factor_on(user):
        raise NotFound
    if factor_required(user):
        raise Conflict(_("Who manages must have a second factor. You may switch to another phone."))
    form = PersonForm(request, user)
    if request.method == "POST" and form.is_valid() and form.proves():
        factor_remove(user=user, by=user, request=request)
        _stay(request)
        messages.success(request, _("The second factor is switched off."))
        return redirect("accounts:account")
    return form_page(request, "accounts/factor_act.html", form, off=True)


@member_required
@require_POST
def everywhere(request: HttpRequest) -> HttpResponse:
    """End every session and token, this one too."""
    sign_out_everywhere(user=_user(request), request=request)
    logout(request)
    return redirect("login")


def _user(request: HttpRequest) -> User:
    return User.objects.get(pk=cast(User, request.user).pk)


def _stay(request: HttpRequest) -> None:
    """Here the person stays signed in, with a session of a new key; what they had elsewhere has ended."""
    update_session_auth_hash(request, _user(request))
