"""One's own keys, and the programs that are signed in as oneself."""

from datetime import timedelta
from typing import cast
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from crm.accounts.models import User
from crm.accounts.permissions import member_required
from crm.api.families import families_of, family_revoke
from crm.api.key_forms import KeyForm
from crm.api.keys import key_create, key_revoke
from crm.api.models import ApiKey
from crm.core.clock import now

_SHOWN = timedelta(days=30)  # after a key's end


@member_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """The page; a POST makes a key, whose text is in that answer and nowhere else."""
    user = _user(request)
    form = KeyForm(user, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not (form.is_valid() and form.proves(request, user)):
        return _answer(request, form, status=422 if form.errors else 200)
    said = form.cleaned_data
    key, text = key_create(
        user=user, name=said["name"], scopes=said["scopes"], expires_at=said["ends"], request=request
    )
    return _answer(request, KeyForm(user), made=key, text=text, status=201)


@member_required
@require_POST
def revoke(request: HttpRequest, key_id: int) -> HttpResponse:
    user = _user(request)
    key = get_object_or_404(ApiKey, pk=key_id, user=user)
    key_revoke(key_id=key.pk, by=user, request=request)
    return _done(request, _("“%(name)s” is revoked: it works no more.") % {"name": key.name})


@member_required
@require_POST
def end(request: HttpRequest, family_id: UUID) -> HttpResponse:
    """Sign a program out."""
    user = _user(request)
    get_object_or_404(families_of(user), pk=family_id)
    family_revoke(family_id=family_id, by=user, request=request)
    return _done(request, _("The program is signed out."))


def _user(request: HttpRequest) -> User:
    return cast(User, request.user)


def _done(request: HttpRequest, told: str) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect("keys:list")
    response = _answer(request, KeyForm(_user(request)))
    return trigger_client_event(response, "toast", {"level": "ok", "text": told})


def _answer(
    request: HttpRequest, form: KeyForm, *, made: ApiKey | None = None, text: str = "", status: int = 200
) -> HttpResponse:
    user, moment = _user(request), now()
    lately = moment - _SHOWN
    mine = ApiKey.objects.filter(Q(revoked_at=None) | Q(revoked_at__gt=lately), user=user)
    rows = list(mine.exclude(expires_at__lt=lately))
    over = [key for key in rows if key.revoked_at or (key.expires_at and key.expires_at <= moment)]
    context = {
        "form": form,
        "made": made,
        "text": text,
        "keys": [key for key in rows if key not in over],
        "over": over,
        "programs": families_of(user),
    }
    name = "accounts/_keys.html" if request.htmx else "accounts/keys.html"  # type: ignore[attr-defined]
    return render(request, name, context, status=status)
