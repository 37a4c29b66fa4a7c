"""The way to the mail server: claim, send, settle."""

from datetime import date

import structlog
from django.conf import settings

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.mail import MailError, mail_send
from crm.summary.mail import mail_of, message_of
from crm.summary.selectors import figures_cover
from crm.summary.services import summaries_due, summaries_plan, summary_claim, summary_failed, summary_sent
from crm.summary.weeks import period_of, week_due

log = structlog.get_logger(__name__)


def summaries_run() -> int:
    """Plan what is due, try what waits; how many were sent."""
    if not (settings.WEEKLY_SUMMARY and settings.EMAIL_HOST):
        return 0
    week = week_due(now())
    if week is not None and figures_cover(period_of(week)):
        summaries_plan(week=week)
    return sum(summary_send(summary_id) for summary_id in summaries_due().values_list("pk", flat=True)[:100])


def summary_send(summary_id: int) -> bool:
    summary = summary_claim(summary_id=summary_id)
    if summary is None:
        return False
    try:
        send_to(summary.user, summary.week)
    except MailError as error:
        log.warning("summary_not_sent", summary=summary_id, error=str(error), attempts=summary.attempts)
        summary_failed(summary=summary, error=str(error), is_final=error.is_final)
        return False
    summary_sent(summary=summary)
    return True


def send_to(user: User, week: date) -> None:
    """Raises MailError."""
    mail_send(message_of(user, week, mail_of(user, week)))
