"""Reading tasks. Whoever sees a lead sees its tasks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from crm.accounts.models import User
from crm.core.clock import now
from leads.models import Attendance, Lead, Task, TaskState
from leads.pipeline import CLOSED
from leads.selectors import leads_visible_to

SHOWN = 20  # of a stretch of time, unless all of it is asked for
MOST_SHOWN = 300
WITHOUT_STEP = 20
DONE_SHOWN = 20
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


def tasks_due(user_ids: Iterable[int]) -> QuerySet[Task]:
    """These people's open tasks that are overdue or due today: the number in the rail."""
    return Task.objects.filter(owner_id__in=list(user_ids), state=TaskState.OPEN, due_at__lt=day_start(1))


def due_counts(user_ids: Iterable[int]) -> dict[int, int]:
    """How many they are, of those who have any."""
    return dict(tasks_due(user_ids).values_list("owner_id").annotate(n=Count("pk")).order_by())


def tasks_of_lead(lead: Lead) -> list[Task]:
    """The lead's open tasks, the next first, then the last ones done."""
    rows = lead.tasks.select_related("owner")  # through the lead: each task knows it without asking
    closed = rows.filter(state=TaskState.DONE).order_by("-closed_at", "-pk")[:DONE_OF_LEAD]
    return [*rows.filter(state=TaskState.OPEN).order_by("due_at", "pk"), *closed]


@dataclass
class Group:
    """The first tasks of one stretch of time, and how many there are. `code` names it for templates."""

    code: str
    total: int
    tasks: list[Task] = field(default_factory=list)

    @property
    def has_more(self) -> bool:
        return self.total > len(self.tasks)


@dataclass(frozen=True)
class Day:
    """What a person's page of tasks shows."""

    groups: list[Group]
    done: list[Task]
    done_more: bool
    stepless: list[Lead]
    stepless_more: bool


def day_of(viewer: User, owner: User | None, *, whole: str = "") -> Day:
    """The day of `owner`; of everybody for None, which is for managers. `whole` is the code of a group that is to be
    shown to its end."""
    tasks = tasks_visible_to(viewer)
    leads = leads_visible_to(viewer)
    if owner is not None:
        tasks, leads = tasks.filter(owner=owner), leads.filter(consultant_id=owner.pk)
    done = list(tasks.filter(state=TaskState.DONE, closed_at__gte=day_start()).order_by("-closed_at")[: DONE_SHOWN + 1])
    stepless = list(_without_step(leads)[: WITHOUT_STEP + 1])
    return Day(
        groups=_grouped(tasks.filter(state=TaskState.OPEN), whole),
        done=done[:DONE_SHOWN],
        done_more=len(done) > DONE_SHOWN,
        stepless=stepless[:WITHOUT_STEP],
        stepless_more=len(stepless) > WITHOUT_STEP,
    )


def _without_step(leads: QuerySet[Lead]) -> QuerySet[Lead]:
    """Open leads of a consultant for which nothing is planned; those Lívia talks with are in her hands."""
    open_leads = leads.filter(next_task_at=None, consultant__isnull=False).exclude(status__in=CLOSED)
    return open_leads.exclude(attended_by=Attendance.LIVIA).order_by("status_changed_at", "pk")


def _grouped(tasks: QuerySet[Task], whole: str) -> list[Group]:
    """By time, empty groups left out; two queries."""
    ends = _ends()
    spans = _spans(ends)
    totals = tasks.aggregate(**{code: Count("pk", filter=span) for code, span in spans.items()})
    groups = {code: Group(code, totals[code]) for code in spans if totals[code]}
    rows = [
        tasks.filter(spans[code]).order_by("due_at", "pk")[: MOST_SHOWN if code == whole else SHOWN] for code in groups
    ]
    for task in rows[0].union(*rows[1:], all=True) if rows else ():
        code = next((code for code, end in ends.items() if task.due_at < end), "later")
        groups[code].tasks.append(task)
    for group in groups.values():
        group.tasks.sort(key=lambda task: (task.due_at, task.pk))
    return list(groups.values())


def _ends() -> dict[str, datetime]:
    """Stretches of time, one after the other, and when each ends. A week ends on Sunday."""
    moment = now()
    to_monday = 7 - timezone.localdate(moment).weekday()
    week = max(day_start(2), day_start(to_monday))
    return {"overdue": moment, "today": day_start(1), "tomorrow": day_start(2), "week": week}


def _spans(ends: dict[str, datetime]) -> dict[str, Q]:
    starts = dict(zip([*ends, "later"], [None, *ends.values()], strict=True))
    return {
        code: (Q(due_at__gte=start) if start else Q()) & (Q(due_at__lt=ends[code]) if code in ends else Q())
        for code, start in starts.items()
    }


def agenda_people(user: User) -> QuerySet[User]:
    """Whose day a manager may look at: everybody active."""
    return User.objects.filter(is_active=True).exclude(pk=user.pk).order_by("name", "pk")
