"""What managers are told of alerts also becomes e-mails, in the same transaction; the ring after it sends them."""

from crm.alerts.events import AlertCleared, AlertRaised
from crm.core.doorbell import ring
from crm.core.facts import on
from crm.monitoring.mail_services import mails_plan, mails_plan_over
from crm.monitoring.mail_tasks import mails


@on(AlertRaised, inside=True)
def _raised(fact: AlertRaised) -> None:
    mails_plan(alert_id=fact.alert_id)


@on(AlertCleared, inside=True)
def _cleared(fact: AlertCleared) -> None:
    mails_plan_over(alert_id=fact.alert_id)


@on(AlertRaised)
@on(AlertCleared)
def _send_soon(_fact: AlertRaised | AlertCleared) -> None:
    ring(mails.delay)  # a lost ring is made up for within a minute
