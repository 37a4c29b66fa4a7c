"""The way to the mail server: claim, send, settle."""

import smtplib
from datetime import date

import structlog
from django.conf import settings

from crm.accounts.models import User
from crm.core.clock import now
from crm.summary.mail import mail_of, message_of
from crm.summary.selectors import figures_cover
from crm.summary.services import summaries_due, summaries_plan, summary_claim, summary_failed, summary_sent
from crm.summary.weeks import period_of, week_due

log = structlog.get_logger(__name__)


class MailError(Exception):
    """The mail server did not take a mail; `is_final` if it never will."""

    def __init__(self, text: str, *, is_final: bool) -> None:
        super().__init__(text)
        self.is_final = is_final


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
    message = message_of(user, week, mail_of(user, week))
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        raise MailError(_said(code, said), is_final=code >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise MailError(_said(error.smtp_code, error.smtp_error), is_final=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(str(error) or type(error).__name__, is_final=False) from error


def _said(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
