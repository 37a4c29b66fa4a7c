from celery import shared_task

from crm.alerts.services import alerts_tell_late


@shared_task(name="alerts.tell_late")
def tell_late() -> None:
    alerts_tell_late()
