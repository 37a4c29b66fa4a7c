from crm.core.doorbell import ring
from crm.core.facts import on
from crm.exports.events import ExportRequested
from crm.exports.tasks import run


@on(ExportRequested)
def _write_soon(fact: ExportRequested) -> None:
    ring(lambda: run.delay(fact.export_id))  # a lost one is found by the sweeper
