"""The bell: a person's notifications."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from crm.accounts.permissions import member_required
from crm.realtime.selectors import notifications_of
from crm.realtime.services import notifications_mark_read

SHOWN = 30


@member_required
def notification_list(request: HttpRequest) -> HttpResponse:
    """The latest notifications, as the bell's dropdown."""
    return render(request, "notifications/_list.html", {"notifications": notifications_of(request.user)[:SHOWN]})


@member_required
@require_POST
def notification_read(request: HttpRequest) -> HttpResponse:
    """Everything up to now is read; the bell follows by push on every open page."""
    notifications_mark_read(user_id=request.user.pk)
    return render(request, "notifications/_list.html", {"notifications": notifications_of(request.user)[:SHOWN]})
