"""What privacy does by the clock and by bells. Each task may run twice."""

from celery import shared_task

from crm.privacy.retention import retention_run
from crm.privacy.services import erasure_clear, erasures_unfinished


@shared_task(name="privacy.clear")
def clear(erasure_id: int) -> None:
    """Remove what an erasure left outside of the database."""
    erasure_clear(erasure_id=erasure_id)


@shared_task(name="privacy.sweep")
def sweep() -> None:
    """Go on with what a lost bell, or something that was away, left."""
    for erasure_id in erasures_unfinished():
        erasure_clear(erasure_id=erasure_id)


@shared_task(name="privacy.retain")
def retain() -> None:
    """Remove what was kept for long enough."""
    retention_run()
