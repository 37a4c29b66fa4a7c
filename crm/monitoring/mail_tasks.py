from celery import shared_task

from crm.monitoring.mail_services import mails_forget
from crm.monitoring.mailing import mails_run


@shared_task(name="monitoring.mails")
def mails() -> None:
    mails_run()


@shared_task(name="monitoring.mails_forget")
def forget() -> None:
    mails_forget()
