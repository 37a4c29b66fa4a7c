from celery import shared_task

from crm.exports.running import export_run, leftovers_remove
from crm.exports.services import exports_due, exports_expire


@shared_task(name="exports.run")
def run(export_id: int) -> None:
    export_run(export_id)


@shared_task(name="exports.sweep")
def sweep() -> None:
    """What a lost doorbell or a killed worker left, and files whose time is over."""
    for export_id in exports_due().values_list("pk", flat=True)[:100]:
        run.delay(export_id)
    exports_expire()
    leftovers_remove()
