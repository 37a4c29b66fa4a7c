"""What beat does for accounts."""

from celery import shared_task

from crm.accounts.security import security_prune


@shared_task(name="accounts.security_prune")
def prune() -> None:
    security_prune()
