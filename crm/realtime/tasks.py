from celery import shared_task

from crm.realtime.push import push_deliver, push_due
from crm.realtime.services import events_prune


@shared_task(name="realtime.prune")
def prune() -> None:
    events_prune()


@shared_task(name="realtime.push")
def push(notification_id: int) -> None:
    """Send a notification to its reader's devices; called too early or twice, it does nothing."""
    wait = push_deliver(notification_id)
    if wait is not None:
        push.apply_async((notification_id,), countdown=wait)


@shared_task(name="realtime.push_sweep")
def push_sweep() -> None:
    """Send what a lost doorbell left."""
    for notification_id in push_due():
        push.delay(notification_id)
