"""Telling people that a task is due: once for each due time, however often this runs."""

from django.db.models import F, Q
from django.utils.translation import gettext_noop

from crm.core.clock import now
from crm.core.work import service
from crm.realtime.publish import notify
from leads.models import Task, TaskState


def tasks_due(limit: int = 200) -> list[int]:
    """Open tasks whose time has come and whose owner does not know it."""
    untold = Q(told_due_at=None) | ~Q(told_due_at=F("due_at"))
    rows = Task.objects.filter(untold, state=TaskState.OPEN, due_at__lte=now())
    return list(rows.order_by("due_at", "pk").values_list("pk", flat=True)[:limit])


@service
def task_tell_due(*, task_id: int) -> bool:
    """Tell its owner, else the lead's consultant, unless they know or it is no longer due."""
    rows = Task.objects.select_for_update(of=("self",), skip_locked=True).select_related("lead")
    task = rows.filter(pk=task_id, state=TaskState.OPEN, due_at__lte=now()).first()
    if task is None or task.told_due_at == task.due_at:
        return False
    task.told_due_at = task.due_at
    task.save(update_fields=["told_due_at"])
    person = task.owner_id or task.lead.consultant_id
    if person is None:
        return False
    notify(
        [person],
        kind="task_due",
        title=gettext_noop("Task due: %(title)s"),
        body="%(name)s",
        data={"title": task.title, "name": task.lead.display_name},
        url=f"/leads/{task.lead_id}/",
        once=f"task:{task.pk}:{task.due_at.isoformat()}",
    )
    return True
