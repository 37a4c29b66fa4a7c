"""What the next summary will say, and sending it to oneself."""

from csp.constants import SELF, UNSAFE_INLINE
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import trigger_client_event

from crm.accounts.permissions import manager_required
from crm.core.clock import now
from crm.core.errors import Conflict
from crm.core.mail import MailError
from crm.realtime.rooms import snapshot_json
from crm.summary.mail import mail_of
from crm.summary.models import SummarySent
from crm.summary.selectors import figures_cover, managers_to_mail
from crm.summary.sending import send_to
from crm.summary.weeks import period_of, week_before

# An e-mail has its styles within; it is shown in a frame, which may do nothing but look like it.
_MAIL_POLICY = {"style-src": [SELF, UNSAFE_INLINE], "frame-ancestors": [SELF], "sandbox": ["allow-popups"]}


@manager_required
@require_GET
def preview(request: HttpRequest) -> HttpResponse:
    week = week_before(now())
    people = list(managers_to_mail())
    context = {
        "rooms_json": snapshot_json(request.user),
        "mail": mail_of(request.user, week),
        "people": people,
        "wants": request.user in people,
        "is_on": settings.WEEKLY_SUMMARY,
        "is_configured": bool(settings.EMAIL_HOST),
        "is_complete": figures_cover(period_of(week)),
        "hour": settings.WEEKLY_SUMMARY_HOUR,
        "latest": SummarySent.objects.select_related("user")[:10],
    }
    return render(request, "alerts/weekly.html", context)


@manager_required
@require_GET
@xframe_options_sameorigin
def mail(request: HttpRequest) -> HttpResponse:
    """The e-mail itself, for the preview's frame."""
    response = HttpResponse(mail_of(request.user, week_before(now())).html)
    response._csp_replace = _MAIL_POLICY  # type: ignore[attr-defined]  # django-csp's own way
    return response


@manager_required
@require_POST
def send(request: HttpRequest) -> HttpResponse:
    """Send it to oneself now. Raises Conflict with what the mail server said."""
    if not settings.EMAIL_HOST:
        raise Conflict(_("No mail server is set up. Ask whoever runs the server to set EMAIL_URL."), code="no_mail")
    try:
        send_to(request.user, week_before(now()))
    except MailError as error:
        raise Conflict(_("The mail server said: %(error)s") % {"error": error}, code="mail") from error
    text = _("Sent to %(address)s.") % {"address": request.user.email}
    if not request.htmx:
        return JsonResponse({"text": text})
    return trigger_client_event(HttpResponse(status=204), "toast", {"level": "ok", "text": text})
