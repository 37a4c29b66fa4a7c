from celery import shared_task

from crm.core.queues import under_pressure
from crm.webhooks.arriving import arrivals_forget
from crm.webhooks.sending import DRAIN_SECONDS, deliveries_expire, deliveries_prune, endpoint_drain, endpoints_due

_SHARE_SECONDS, _REST_SECONDS = 1.0, 15


@shared_task(name="webhooks.send")
def send(endpoint_id: int) -> None:
    """Tell an endpoint what waits for it; called twice or for nothing, it does nothing. While much else waits it takes
    a small share of the time."""
    pressed = under_pressure()
    if endpoint_drain(endpoint_id, _SHARE_SECONDS if pressed else DRAIN_SECONDS):
        send.apply_async((endpoint_id,), countdown=_REST_SECONDS if pressed else 0)


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
