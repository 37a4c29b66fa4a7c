from celery import shared_task

from crm.webhooks.arriving import arrivals_forget
from crm.webhooks.sending import deliveries_expire, deliveries_prune, endpoint_drain, endpoints_due


@shared_task(name="webhooks.send")
def send(endpoint_id: int) -> None:
    """Tell an endpoint what waits for it; called twice or for nothing, it does nothing."""
    if endpoint_drain(endpoint_id):
        send.delay(endpoint_id)


@shared_task(name="webhooks.sweep")
def sweep() -> None:
    """What a lost doorbell or a killed worker left, and what is to be tried again."""
    for endpoint_id in endpoints_due():
        send.delay(endpoint_id)
    deliveries_expire()


@shared_task(name="webhooks.prune")
def prune() -> None:
    deliveries_prune()
    arrivals_forget()
