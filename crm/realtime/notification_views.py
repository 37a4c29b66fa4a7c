"""How a person wants to be told, and on which devices."""

from datetime import time
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_time
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django_htmx.http import trigger_client_event

from crm.accounts.permissions import member_required
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.numbers import whole
from crm.realtime.handlers import DEVICE
from crm.realtime.models import NotificationSettings
from crm.realtime.preferences import is_quiet, preferences_of, preferences_save
from crm.realtime.push import device_subscribe, device_unsubscribe
from crm.realtime.rooms import snapshot_json
from crm.realtime.selectors import devices_of
from crm.realtime.topics import ALERT_EMAIL, WEEKLY_EMAIL, Topic, Way, choice


@member_required
def settings_page(request: HttpRequest) -> HttpResponse:
    """A table of topics and ways, quiet hours, devices; a POST saves the table and the hours."""
    if request.method == "POST":
        return _save(request)
    preferences = preferences_of(request.user.pk)
    context = {**_form(preferences), "rooms_json": snapshot_json(request.user), "devices": devices_of(request.user)}
    return render(request, "notifications/settings.html", context)


def _save(request: HttpRequest) -> HttpResponse:
    quiet = {name: request.POST.get(name, "").strip() for name in ("quiet_from", "quiet_until")}
    wanted, weekends = request.POST.getlist("way"), request.POST.get("quiet_weekends") == "1"
    try:
        times = {name: _time(name, text) for name, text in quiet.items()}
        saved = preferences_save(user_id=request.user.pk, wanted=wanted, quiet_weekends=weekends, **times)
    except Invalid as error:
        refused = NotificationSettings(user=request.user, quiet_weekends=weekends)
        context = {**_form(refused, wanted), **quiet, "errors": error.fields}
        return render(request, "notifications/_settings_form.html", context, status=422)
    if not request.htmx:
        return redirect("notifications:settings")
    response = render(request, "notifications/_settings_form.html", _form(saved))
    return trigger_client_event(response, "toast", {"level": "ok", "text": _("Saved.")})


def _time(name: str, text: str) -> time | None:
    try:
        found = parse_time(text) if text else None
    except ValueError:
        found = None
    if text and found is None:
        raise Invalid(_("Write a time such as 19:30."), fields={name: _("Write a time such as 19:30.")})
    return found


def _form(preferences: NotificationSettings, wanted: list[str] | None = None) -> dict[str, Any]:
    def is_on(value: str) -> bool:
        return value not in preferences.muted if wanted is None else value in wanted

    return {
        "ways": Way.choices,
        "rows": [
            (label, [(choice(topic, way), name, is_on(choice(topic, way))) for way, name in Way.choices])
            for topic, label in Topic.choices
        ],
        "weekly": (WEEKLY_EMAIL, is_on(WEEKLY_EMAIL)),
        "alerts": (ALERT_EMAIL, is_on(ALERT_EMAIL)),
        "quiet_from": preferences.quiet_from,
        "quiet_until": preferences.quiet_until,
        "quiet_weekends": preferences.quiet_weekends,
        "quiet_now": is_quiet(preferences, now()),
        "errors": {},
    }


@member_required
@require_POST
def device_add(request: HttpRequest) -> JsonResponse:
    """This browser wants to be called; signing out from it ends that."""
    fields = {name: request.POST.get(name, "") for name in ("endpoint", "p256dh", "auth", "device")}
    pk = device_subscribe(user_id=request.user.pk, language=get_language() or "", **fields)
    request.session[DEVICE] = pk
    return JsonResponse({"device": pk}, status=201)


@member_required
@require_POST
def device_remove(request: HttpRequest) -> HttpResponse:
    """Leave a browser in peace: this one by its address, or one of the list."""
    if device := whole(request.POST.get("device")):
        device_unsubscribe(user_id=request.user.pk, subscription_id=device)
    else:
        device_unsubscribe(user_id=request.user.pk, endpoint=request.POST.get("endpoint", ""))
    return render(request, "notifications/_devices.html", {"devices": devices_of(request.user)})


@member_required
def device_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/_devices.html", {"devices": devices_of(request.user)})
