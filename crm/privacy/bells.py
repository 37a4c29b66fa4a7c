"""Tasks of handing out, and the bells that ring for them. Each may run twice."""

from celery import shared_task

from crm.core.doorbell import ring
from crm.core.facts import on
from crm.privacy.events import SubjectExportAsked
from crm.privacy.handing_out import export_run, exports_due, exports_expire


@shared_task(name="privacy.hand_out")
def hand_out(export_id: int) -> None:
    export_run(export_id)


@shared_task(name="privacy.hand_out_sweep")
def hand_out_sweep() -> None:
    """Ring again where the bell was lost, follow workers that died, and remove what has been kept long enough."""
    for export_id in exports_due():
        hand_out.delay(export_id)
    exports_expire()


@on(SubjectExportAsked)
def _begin(fact: SubjectExportAsked) -> None:
    ring(lambda: hand_out.delay(fact.export_id))
