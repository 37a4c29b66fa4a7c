from celery import shared_task

from crm.monitoring.processes import processes_forget


@shared_task(name="monitoring.processes_forget")
def forget_processes() -> None:
    processes_forget()
