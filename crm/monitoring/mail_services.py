"""Who is mailed about an alert, and what became of each mail. Nothing here talks to a mail server.

Critical alerts go out at once, others when nobody has looked after them for ALERT_UNTAKEN_MINUTES; who heard of one
hears when it is over. The row is the queue: planned in the transaction that tells managers, sent afterwards.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from crm.accounts.models import Role, User
from crm.alerts.models import Alert, Level
from crm.core.clock import now
from crm.core.work import service
from crm.monitoring.models import AlertMail, MailReason, MailState
from crm.realtime.topics import ALERT_EMAIL

PAUSES = (1, 5, 15, 60)  # minutes before each further try
SILENT_MINUTES = 10  # a worker with a claim this old is gone
KEEP_DAYS = 90


def _people() -> QuerySet[User]:
    """Active managers who did not switch it off; demo logins have no mailbox."""
    people = User.objects.filter(is_active=True, is_demo=False, role__in=(Role.MANAGER, Role.ADMIN))
    return people.exclude(notification_settings__muted__contains=[ALERT_EMAIL]).order_by("pk")


def _mailboxes() -> Iterator[tuple[str, str]]:
    """Address and language of each who is mailed, each address once."""
    found = {person.email: person.language or settings.LANGUAGE_CODE for person in _people()}
    for address in settings.ALERT_EMAILS:
        found.setdefault(address, settings.LANGUAGE_CODE)
    yield from found.items()


def _plan(alert: Alert, reason: MailReason, to: Iterable[tuple[str, str]]) -> None:
    rows = [AlertMail(alert=alert, to=address, language=language, reason=reason) for address, language in to]
    AlertMail.objects.bulk_create(rows, ignore_conflicts=True)


@service
def mails_plan(*, alert_id: int) -> None:
    """Managers are being told of an alert: by mail too if it is critical."""
    alert = Alert.objects.get(pk=alert_id)
    if settings.EMAIL_HOST and alert.level == Level.CRITICAL:
        _plan(alert, MailReason.RAISED, _mailboxes())


@service
def mails_plan_untaken() -> int:
    """Alerts that nobody has looked after for long; how many there are."""
    if not settings.EMAIL_HOST:
        return 0
    before = now() - timedelta(minutes=settings.ALERT_UNTAKEN_MINUTES)
    waiting = Alert.objects.filter(cleared_at=None, taken_by=None, told_at__lt=before).exclude(level=Level.INFO)
    waiting = waiting.exclude(mails__reason=MailReason.UNTAKEN)
    for alert in waiting:
        _plan(alert, MailReason.UNTAKEN, _mailboxes())
    return len(waiting)


@service
def mails_plan_over(*, alert_id: int) -> None:
    """It is over: what has not left stays here, and who heard of it hears that too."""
    mails = AlertMail.objects.filter(alert=alert_id)
    mails.filter(state=MailState.WAITING).exclude(reason=MailReason.CLEARED).update(state=MailState.DROPPED)
    told = set(mails.filter(state__in=[MailState.SENT, MailState.SENDING]).values_list("to", "language"))
    _plan(Alert.objects.get(pk=alert_id), MailReason.CLEARED, sorted(told))


def mails_due() -> QuerySet[AlertMail]:
    """What waits and may be tried now, and what a worker left behind."""
    moment = now()
    ready = Q(state=MailState.WAITING) & (Q(not_before=None) | Q(not_before__lte=moment))
    gone = Q(state=MailState.SENDING, claimed_at__lt=moment - timedelta(minutes=SILENT_MINUTES))
    return AlertMail.objects.filter(ready | gone).order_by("pk")


@service
def mail_claim(*, mail_id: int) -> AlertMail | None:
    """Take a mail to send it; None if it is not due any more."""
    due = mails_due().select_for_update(of=("self",), skip_locked=True).select_related("alert__taken_by")
    mail = due.filter(pk=mail_id).first()
    if mail is None:
        return None
    if mail.attempts > len(PAUSES):  # its worker died each time, perhaps after sending
        AlertMail.objects.filter(pk=mail.pk).update(state=MailState.FAILED)
        return None
    mail.state, mail.claimed_at, mail.attempts = MailState.SENDING, now(), mail.attempts + 1
    mail.save(update_fields=["state", "claimed_at", "attempts"])
    return mail


@service
def mail_settle(*, mail: AlertMail, error: str = "", is_final: bool = False) -> None:
    """It was sent, is tried again later, or is given up."""
    mine = AlertMail.objects.filter(pk=mail.pk, state=MailState.SENDING, attempts=mail.attempts)
    if not error:
        mine.update(state=MailState.SENT, sent_at=now(), error="")
    elif is_final or mail.attempts > len(PAUSES):
        mine.update(state=MailState.FAILED, error=error[:200])
    else:
        pause = timedelta(minutes=PAUSES[mail.attempts - 1])
        mine.update(state=MailState.WAITING, not_before=now() + pause, error=error[:200])


@service
def mails_forget() -> None:
    """Old rows go; what still waits stays."""
    old = AlertMail.objects.filter(created_at__lt=now() - timedelta(days=KEEP_DAYS))
    old.exclude(state__in=[MailState.WAITING, MailState.SENDING]).delete()
