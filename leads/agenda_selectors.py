"""Reading tasks. Whoever sees a lead sees its tasks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Count, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.accounts.models import User
from crm.core.clock import now
from leads.models import Attendance, Lead, Task, TaskState
from leads.pipeline import CLOSED
from leads.selectors import leads_visible_to

SHOWN = 300
WITHOUT_STEP = 20
DONE_SHOWN = 30
DONE_OF_LEAD = 5


def tasks_visible_to(user: User) -> QuerySet[Task]:
    return Task.objects.filter(lead__in=leads_visible_to(user)).select_related("lead", "owner", "creator")


def task_get(user: User, task_id: int) -> Task:
    """A task of a lead this person may see, else 404."""
    return get_object_or_404(tasks_visible_to(user), pk=task_id)


def day_start(days: int = 0) -> datetime:
    """The midnight that began today, or that many days later, in the product's time zone."""
    day = timezone.localdate(now()) + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min))


def due_counts(user_ids: Iterable[int]) -> dict[int, int]:
    """Open tasks that are overdue or due today, of those who have any."""
    rows = Task.objects.filter(owner_id__in=list(user_ids), state=TaskState.OPEN, due_at__lt=day_start(1))
    return dict(rows.values_list("owner_id").annotate(n=Count("pk")).order_by())


def tasks_due_count(user: User) -> int:
    """How many open tasks of a person are overdue or due today: the number in the rail."""
    return due_counts([user.pk]).get(user.pk, 0)


def tasks_of_lead(lead: Lead) -> list[Task]:
    """The lead's open tasks, the next first, then the last ones done."""
    rows = lead.tasks.select_related("owner")  # through the lead: each task knows it without asking
    closed = rows.filter(state=TaskState.DONE).order_by("-closed_at", "-pk")[:DONE_OF_LEAD]
    return [*rows.filter(state=TaskState.OPEN).order_by("due_at", "pk"), *closed]


@dataclass
class Group:
    """Tasks of one stretch of time. `code` names it for templates."""

    code: str
    tasks: list[Task] = field(default_factory=list)


@dataclass(frozen=True)
class Day:
    """What a person's page of tasks shows."""

    groups: list[Group]
    has_more: bool
    done: list[Task]
    stepless: list[Lead]
    stepless_more: bool

    @property
    def open_count(self) -> int:
        return sum(len(group.tasks) for group in self.groups)


def day_of(viewer: User, owner: User | None) -> Day:
    """The day of `owner`; of everybody for None, which is for managers."""
    tasks = tasks_visible_to(viewer)
    leads = leads_visible_to(viewer)
    if owner is not None:
        tasks, leads = tasks.filter(owner=owner), leads.filter(consultant_id=owner.pk)
    planned = list(tasks.filter(state=TaskState.OPEN).order_by("due_at", "pk")[: SHOWN + 1])
    done = tasks.filter(state=TaskState.DONE, closed_at__gte=day_start()).order_by("-closed_at")[:DONE_SHOWN]
    stepless = list(_without_step(leads)[: WITHOUT_STEP + 1])
    return Day(
        groups=_grouped(planned[:SHOWN]),
        has_more=len(planned) > SHOWN,
        done=list(done),
        stepless=stepless[:WITHOUT_STEP],
        stepless_more=len(stepless) > WITHOUT_STEP,
    )


def _without_step(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Open leads of a consultant for which nothing is planned; those Lívia talks with are in her hands."""
    open_leads = leads.filter(next_task_at=None, consultant__isnull=False).exclude(status__in=CLOSED)
    return open_leads.exclude(attended_by=Attendance.LIVIA).order_by("status_changed_at", "pk")


def _grouped(tasks: list[Task]) -> list[Group]:
    """By time, empty groups left out. A week ends on Sunday."""
    moment, tomorrow = now(), day_start(1)
    to_monday = 7 - timezone.localdate(moment).weekday()
    ends = [
        ("overdue", moment),
        ("today", tomorrow),
        ("tomorrow", day_start(2)),
        ("week", max(day_start(2), day_start(to_monday))),
    ]
    groups = {code: Group(code) for code in ("overdue", "today", "tomorrow", "week", "later")}
    for task in tasks:
        code = next((code for code, end in ends if task.due_at < end), "later")
        groups[code].tasks.append(task)
    return [group for group in groups.values() if group.tasks]


def agenda_people(user: User) -> QuerySet[User]:
    """Whose day a manager may look at: everybody active."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name", "pk")
