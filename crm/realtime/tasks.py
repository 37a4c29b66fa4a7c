from celery import shared_task

from crm.realtime.services import events_prune


@shared_task(name="realtime.prune")
def prune() -> None:
    events_prune()
