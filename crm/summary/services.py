"""Planning the week's mails, and settling what became of each. Nothing here talks to a mail server."""

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.core.work import service
from crm.summary.models import SummarySent, SummaryState
from crm.summary.selectors import managers_to_mail

PAUSES = (1, 5, 30, 120, 360)  # minutes before each further try
SILENT_MINUTES = 10  # a worker with a claim this old is gone
CODE = "weekly_mail"
_FAILED = gettext_noop("The weekly summary could not be sent")
_FAILED_BODY = gettext_noop("The mail server said: %(error)s")
_OVER = gettext_noop("The weekly summary was sent")


@service
def summaries_plan(*, week: date) -> int:
    """A row for each manager who wants it; planning twice changes nothing. How many are new."""
    before = SummarySent.objects.filter(week=week).count()
    rows = [SummarySent(user=user, week=week) for user in managers_to_mail()]
    SummarySent.objects.bulk_create(rows, ignore_conflicts=True)
    return SummarySent.objects.filter(week=week).count() - before


def summaries_due() -> QuerySet[SummarySent]:
    """What waits and may be tried now, and what a worker left behind."""
    moment = now()
    ready = Q(state=SummaryState.WAITING) & (Q(not_before=None) | Q(not_before__lte=moment))
    gone = Q(state=SummaryState.SENDING, claimed_at__lt=moment - timedelta(minutes=SILENT_MINUTES))
    return SummarySent.objects.filter(ready | gone).order_by("pk")


@service
def summary_claim(*, summary_id: int) -> SummarySent | None:
    """Take a mail to send it; None if it is not due, or no longer wanted."""
    due = summaries_due().select_for_update(of=("self",), skip_locked=True).select_related("user")
    summary = due.filter(pk=summary_id).first()
    if summary is None:
        return None
    wanted = managers_to_mail().filter(pk=summary.user_id).exists()
    if wanted and summary.attempts > len(PAUSES):  # its worker died each time, perhaps after sending
        _give_up(SummarySent.objects.filter(pk=summary.pk), summary.error or "–")
        return None
    summary.state = SummaryState.SENDING if wanted else SummaryState.DROPPED
    summary.claimed_at, summary.attempts = now(), summary.attempts + wanted
    summary.save()
    return summary if wanted else None


@service
def summary_sent(*, summary: SummarySent) -> None:
    if not _mine(summary).update(state=SummaryState.SENT, sent_at=now(), error=""):
        return
    if not SummarySent.objects.filter(week=summary.week, state=SummaryState.FAILED).exists():
        alert_clear(code=CODE, title=_OVER)


@service
def summary_failed(*, summary: SummarySent, error: str, is_final: bool) -> None:
    """Try it again later, or give it up: then managers are told."""
    error = error[:200]
    if not is_final and summary.attempts <= len(PAUSES):
        pause = timedelta(minutes=PAUSES[summary.attempts - 1])
        _mine(summary).update(state=SummaryState.WAITING, not_before=now() + pause, error=error)
    else:
        _give_up(_mine(summary), error)


def _give_up(rows: QuerySet[SummarySent], error: str) -> None:
    if rows.update(state=SummaryState.FAILED, error=error):
        url, data = reverse("weekly:preview"), {"error": error}
        alert_raise(code=CODE, level=Level.WARNING, title=_FAILED, body=_FAILED_BODY, data=data, url=url)


def _mine(summary: SummarySent) -> QuerySet[SummarySent]:
    """The row, as long as nobody else has claimed it."""
    return SummarySent.objects.filter(pk=summary.pk, state=SummaryState.SENDING, claimed_at=summary.claimed_at)
