from celery import shared_task

from crm.analytics.services import figures_go_on, figures_rebuild, figures_refresh
from crm.core.queues import under_pressure


@shared_task(name="analytics.refresh")
def refresh() -> None:
    """Each minute: what changed; and a rebuild that is under way is finished, whoever began it."""
    if under_pressure():
        return
    if not figures_refresh() and figures_go_on():
        figures_refresh()


@shared_task(name="analytics.rebuild")
def rebuild() -> None:
    """Each night, which also finds what no minute did."""
    figures_rebuild()
    figures_refresh()
