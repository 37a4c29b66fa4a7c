from celery import shared_task

from crm.monitoring.measuring import samples_forget
from crm.monitoring.reports import reports_forget, reports_write
from crm.monitoring.watching import minute_watch


@shared_task(name="monitoring.measure")
def measure() -> None:
    minute_watch()


@shared_task(name="monitoring.report")
def report() -> None:
    reports_write()


@shared_task(name="monitoring.reports_forget")
def forget() -> None:
    samples_forget()
    reports_forget()
