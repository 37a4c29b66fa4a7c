from celery import shared_task

from crm.summary.sending import summaries_run


@shared_task(name="summary.run")
def run() -> None:
    summaries_run()
