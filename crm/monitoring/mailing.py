"""Mails about alerts: claim, send, settle; no transaction is open while the mail server is talked to."""

from typing import Any

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from crm.alerts.models import Alert
from crm.core.mail import MailError, mail_headers, mail_send
from crm.monitoring.mail_services import mail_claim, mail_settle, mails_due, mails_plan_untaken
from crm.monitoring.models import AlertMail, MailReason

log = structlog.get_logger(__name__)

MOST = 100


def mails_run() -> int:
    """Plan what is due, try what waits; how many were sent."""
    if not settings.EMAIL_HOST:
        return 0
    mails_plan_untaken()
    return sum(_send(mail_id) for mail_id in mails_due().values_list("pk", flat=True)[:MOST])


def _send(mail_id: int) -> bool:
    mail = mail_claim(mail_id=mail_id)
    if mail is None:
        return False
    try:
        mail_send(message_of(mail))
    except MailError as error:
        log.warning("alert_mail_not_sent", mail=mail_id, attempts=mail.attempts)
        mail_settle(mail=mail, error=str(error) or "–", is_final=error.is_final)
        return False
    mail_settle(mail=mail)
    return True


def message_of(mail: AlertMail) -> EmailMessage:
    with translation.override(mail.language):
        text = render_to_string("emails/alert.txt", _context(mail))
        headers = mail_headers(f"alert.{mail.alert_id}.{mail.reason}.{mail.pk}")
        return EmailMessage(_subject(mail), text, to=[mail.to], headers=headers)


def _subject(mail: AlertMail) -> str:
    alert = mail.alert
    title = " ".join(alert.title.split())
    if mail.reason == MailReason.CLEARED:
        return _("Over: %(title)s") % {"title": title}
    return f"{alert.get_level_display()}: {title}"


def _context(mail: AlertMail) -> dict[str, Any]:
    alert: Alert = mail.alert
    site = settings.SITE_URL.rstrip("/")
    return {
        "alert": alert,
        "is_over": mail.reason == MailReason.CLEARED,
        "untaken": mail.reason == MailReason.UNTAKEN,
        "page": f"{site}{alert.url}" if alert.url else "",
        "alerts": site + reverse("alerts:list"),
        "settings": site + reverse("notifications:settings"),
    }
