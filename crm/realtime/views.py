"""The bell: a person's notifications."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import groupby

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from crm.accounts.permissions import member_required
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.numbers import whole
from crm.realtime.models import Notification
from crm.realtime.push import push_seen
from crm.realtime.rooms import snapshot_json
from crm.realtime.selectors import notifications_matching, notifications_of
from crm.realtime.services import notification_mark_read, notifications_mark_read, notifications_visit
from crm.realtime.topics import Topic

SHOWN = 30
PAGE = 50
_PATH_CHARS = 200

Days = list[tuple[str, list[Notification]]]


@member_required
def notification_list(request: HttpRequest) -> HttpResponse:
    """The latest notifications, as the bell's dropdown."""
    return _bell_list(request)


@member_required
@require_POST
def notification_read(request: HttpRequest) -> HttpResponse:
    """Everything up to now is read; the bell follows by push on every open page."""
    notifications_mark_read(user_id=request.user.pk)
    return _bell_list(request)


@member_required
@require_POST
def notification_read_one(request: HttpRequest, notification_id: int) -> HttpResponse:
    notification_mark_read(user_id=request.user.pk, notification_id=notification_id)
    return HttpResponse(status=204)


@member_required
@require_POST
def notification_visit(request: HttpRequest) -> HttpResponse:
    """The page at `path` is open in front of the person: what led there is read."""
    path = request.POST.get("path", "")
    if not path.startswith("/") or len(path) > _PATH_CHARS:
        raise Invalid(gettext_lazy("This is not a page of ours."))
    notifications_visit(user_id=request.user.pk, path=path)
    return HttpResponse(status=204)


@member_required
@require_POST
def notification_seen(request: HttpRequest, notification_id: int) -> HttpResponse:
    """It was shown to somebody at the page: their devices need not call."""
    push_seen(user_id=request.user.pk, notification_id=notification_id)
    return HttpResponse(status=204)


@member_required
def notification_centre(request: HttpRequest) -> HttpResponse:
    """Everything a person was told, newest first, by topic and unread, a page at a time."""
    topic = request.GET.get("topic", "")
    topic = topic if topic in Topic.values else ""
    unread, before = request.GET.get("unread") == "1", request.GET.get("before", "")
    found = notifications_matching(request.user, topic=topic, unread=unread)
    if before:
        oldest = whole(before)
        if oldest is None:
            raise Invalid(gettext_lazy("This page of the list does not exist."))
        found = found.filter(pk__lt=oldest)
    page = list(found[: PAGE + 1])
    context = {
        "rooms_json": snapshot_json(request.user),
        "days": by_day(page[:PAGE]),
        "older": page[PAGE - 1].pk if len(page) > PAGE else None,
        "before": before,
        "topic": topic,
        "unread": unread,
        "topics": Topic.choices,
    }
    return render(request, "notifications/_centre.html" if request.htmx else "notifications/centre.html", context)


def _bell_list(request: HttpRequest) -> HttpResponse:
    return render(request, "notifications/_list.html", {"days": by_day(notifications_of(request.user)[:SHOWN])})


def by_day(notifications: Iterable[Notification]) -> Days:
    """Notifications under the words for their days, in the product's time zone."""
    days = groupby(notifications, key=lambda notification: timezone.localdate(notification.created_at))
    return [(_day(day), list(of_day)) for day, of_day in days]


def _day(day: date) -> str:
    today = timezone.localdate(now())
    if day == today:
        return _("Today")
    if day == today - timedelta(days=1):
        return _("Yesterday")
    return date_format(day, "DATE_FORMAT" if day.year != today.year else "MONTH_DAY_FORMAT")
