from celery import shared_task

from leads.imports import checking, keeping, running, undoing
from leads.imports.work import orphans
from leads.models import ImportState


@shared_task(name="leads.import_check")
def check(import_id: int) -> None:
    checking.check(import_id)


@shared_task(name="leads.import_run")
def run(import_id: int) -> None:
    running.run(import_id)


@shared_task(name="leads.import_undo")
def undo(import_id: int) -> None:
    undoing.undo(import_id)


WORK = {ImportState.CHECKING: check, ImportState.RUNNING: run, ImportState.UNDOING: undo}


@shared_task(name="leads.imports_sweep")
def sweep() -> None:
    """What a lost bell or a dead worker left."""
    for import_id, state in orphans().values_list("pk", "state"):
        WORK[ImportState(state)].delay(import_id)


@shared_task(name="leads.imports_forget")
def forget() -> None:
    keeping.imports_forget()
    keeping.leftovers_remove()
