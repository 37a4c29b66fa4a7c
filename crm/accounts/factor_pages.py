"""What pages of the second factor show."""

from base64 import b32encode
from typing import Any

import segno
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_otp.plugins.otp_totp.models import default_key

from crm.accounts.factors import app_of
from crm.accounts.models import User
from crm.core.clock import now

_KEPT = "factor_key"
_KEPT_SECONDS = 900


def key_of_session(request: HttpRequest) -> str:
    """The key for a new app. It is this session's: whoever else is signed in as the person never sees what their phone
    will hold; and a page opened later shows another one, so that nobody reads it from a screen left alone before."""
    kept: dict[str, Any] = request.session.get(_KEPT) or {}
    if not kept or (request.method == "GET" and kept["until"] < now().timestamp()):
        kept = {"key": default_key(), "until": now().timestamp() + _KEPT_SECONDS}
        request.session[_KEPT] = kept
    return str(kept["key"])


def key_forget(request: HttpRequest) -> None:
    """It is in use now, or somebody else signs in."""
    request.session.pop(_KEPT, None)


def qr_of(user: User, key: str) -> dict[str, Any]:
    """The key for an app: as a picture to scan, as an address to open on the phone itself, and to type."""
    app = app_of(user, key)
    picture = segno.make(app.config_url, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")
    typed = b32encode(app.bin_key).decode()
    groups = " ".join(typed[place : place + 4] for place in range(0, len(typed), 4))
    return {"qr": picture, "key": groups, "key_url": app.config_url}


def form_page(request: HttpRequest, template: str, form: Form, **context: Any) -> HttpResponse:
    """A page with a form; of a refused one the first wrong field is where the person goes on."""
    for name in form.errors:
        if name in form.fields:
            form.fields[name].widget.attrs["autofocus"] = True
            break
    return render(request, template, {"form": form, **context}, status=422 if form.errors else 200)


def codes_page(request: HttpRequest, codes: list[str], leads_to: str) -> HttpResponse:
    """The backup codes, this once: the page is not kept by any cache."""
    response = render(request, "accounts/factor_codes.html", {"codes": codes, "leads_to": leads_to})
    response["Cache-Control"] = "no-store, private"
    return response
