from celery import shared_task

import leads.imports.tasks  # noqa: F401  (Celery looks into this module)
from leads.reminders import task_tell_due, tasks_due
from leads.services import leads_assign_waiting
from leads.totals import totals_compact


@shared_task(name="leads.assign_waiting")
def assign_waiting() -> None:
    """Leads that found nobody are offered again: when someone returns, and each minute."""
    leads_assign_waiting()


@shared_task(name="leads.compact_totals")
def compact_totals() -> None:
    totals_compact()


@shared_task(name="leads.tasks_due")
def tell_due() -> None:
    for task_id in tasks_due():
        task_tell_due(task_id=task_id)
