from celery import shared_task

from crm.api.families import families_forget
from crm.api.idempotency import forget_old


@shared_task(name="api.forget")
def forget() -> None:
    """Answers kept for requests that may come again, and sign-ins that ended long ago."""
    forget_old()
    families_forget()
