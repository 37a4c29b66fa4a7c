"""Tasks: what is to be done for a lead, and by when.

Every change locks the lead first, leaves an Interaction (`task`, `title`, `kind`, `due`; `why` when nobody asked for
it) and keeps the lead's next task in step, so that a card needs no look at tasks.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import clean_line, clean_text
from crm.core.work import service
from leads.actors import SYSTEM, Actor
from leads.agenda_live import publish_agenda
from leads.models import ActorKind, InteractionKind, Lead, Task, TaskKind, TaskState
from leads.realtime import publish_card
from leads.selectors import leads_visible_to
from leads.services import interaction_add, lead_lock, lead_save

TITLE_MAX, NOTE_MAX = 120, 500
_TWICE = timedelta(seconds=5)
_LATEST = timedelta(days=5 * 366)
_JUST_NOW = timedelta(minutes=5)  # "now" is past by the time a form arrives


@service
def task_create(
    *,
    lead_id: int,
    title: str,
    due_at: datetime,
    actor: Actor,
    kind: TaskKind | str = TaskKind.OTHER,
    note: str = "",
    owner_id: int | None = None,
    rule: str = "",
) -> Task:
    """Plan something for a lead. Without an owner it is the consultant's, or whoever's writes it for a lead of nobody.

    A second open task of one `rule` is the first. Raises Invalid (title, kind, due time, owner).
    """
    lead = lead_lock(lead_id)
    if rule and (known := Task.objects.filter(lead=lead, rule=rule, state=TaskState.OPEN).first()):
        return known
    if owner_id is None:
        owner_id = lead.consultant_id or (actor.user.pk if actor.user else None)
    if (known := _sent_twice(lead, clean_line(title, limit=TITLE_MAX), due_at, owner_id, actor)) is not None:
        return known
    task = Task(lead=lead, rule=rule, made_by=actor.kind, creator=actor.user)
    _fill(task, {"title": title, "note": note, "kind": kind, "due_at": due_at, "owner_id": owner_id}, actor)
    task.save(force_insert=True)
    _tell(lead, task, InteractionKind.TASK_ADDED, actor, **({"rule": rule} if rule else {}))
    return task


def _sent_twice(lead: Lead, title: str, due_at: datetime, owner_id: int | None, actor: Actor) -> Task | None:
    """The very task a person planned a moment ago."""
    if actor.user is None:
        return None
    recent = Task.objects.filter(lead=lead, creator=actor.user, owner=owner_id, title=title, state=TaskState.OPEN)
    near = (due_at - _TWICE, due_at + _TWICE)
    return recent.filter(created_at__gte=now() - _TWICE, due_at__range=near).first()


@service
def task_update(*, task_id: int, values: Mapping[str, Any], actor: Actor) -> Task:
    """Change title, note, kind, due_at or owner_id of an open task; unchanged values are nothing."""
    lead, task = _open_task(task_id)
    changes = {name: value for name, value in values.items() if getattr(task, name) != value}
    if not changes:
        return task
    owner_before = task.owner_id
    _fill(task, changes, actor)
    _save(task, *changes)
    _tell(lead, task, InteractionKind.TASK_CHANGED, actor, owners=[owner_before], changed=sorted(changes))
    return task


@service
def task_snooze(*, task_id: int, until: datetime, actor: Actor) -> Task:
    """Put an open task off until later."""
    lead, task = _open_task(task_id)
    if task.due_at == until:
        return task
    _fill(task, {"due_at": until}, actor)
    task.snoozed_count += 1
    _save(task, "due_at", "snoozed_count")
    _tell(lead, task, InteractionKind.TASK_CHANGED, actor, changed=["due_at"], snoozed=True)
    return task


@service
def task_done(*, task_id: int, actor: Actor) -> Task:
    """It is done; twice is once. Raises Conflict for a cancelled one."""
    return _close(task_id, TaskState.DONE, InteractionKind.TASK_DONE, actor)


@service
def task_cancel(*, task_id: int, actor: Actor) -> Task:
    """It is not needed any more; twice is once. Raises Conflict for one that is done."""
    return _close(task_id, TaskState.CANCELLED, InteractionKind.TASK_CANCELLED, actor)


@service
def task_reopen(*, task_id: int, actor: Actor) -> Task:
    """It is to be done after all: the undo of done and cancelled. Twice is once."""
    lead, task = _lock(task_id)
    if task.state == TaskState.OPEN:
        return task
    if task.rule and Task.objects.filter(lead=lead, rule=task.rule, state=TaskState.OPEN).exists():
        raise Conflict(_("This task has been planned again already."), code="task_planned_again")
    task.state, task.closed_at, task.closed_by = TaskState.OPEN, None, None
    _save(task, "state", "closed_at", "closed_by")
    _tell(lead, task, InteractionKind.TASK_CHANGED, actor, changed=["state"])
    return task


@service
def tasks_follow(*, lead_id: int, previous_id: int | None, actor: Actor = SYSTEM) -> None:
    """The lead changed hands: open tasks of the previous consultant, of nobody, and of who no longer sees the lead
    are the new consultant's."""
    lead = lead_lock(lead_id)
    tasks = Task.objects.select_for_update(of=("self",)).filter(lead=lead, state=TaskState.OPEN)
    losing = {None, previous_id}
    owners: set[int | None] = set()
    for task in tasks.exclude(owner_id=lead.consultant_id).select_related("owner"):
        if task.owner_id in losing or not _sees(task.owner, lead):
            owners.add(task.owner_id)
            task.owner_id = lead.consultant_id
            _save(task, "owner_id")
    if owners:
        publish_agenda({*owners, lead.consultant_id})
        publish_card(lead)


@service
def tasks_cancel_open(*, lead_id: int, why: str, actor: Actor = SYSTEM) -> int:
    """Cancel what is open for a lead that needs nothing more; how many. `why` is a word of the history: "closed"."""
    lead = lead_lock(lead_id)
    tasks = list(Task.objects.select_for_update().filter(lead=lead, state=TaskState.OPEN))
    for task in tasks:
        _shut(task, TaskState.CANCELLED, actor)
        _tell(lead, task, InteractionKind.TASK_CANCELLED, actor, why=why)
    return len(tasks)


def tasks_settle(keep: Lead, gone: Lead) -> None:
    """Before the tasks of `gone` become those of `keep` (both locked): a rule has one open task for a lead."""
    rules = Task.objects.filter(lead=keep, state=TaskState.OPEN).exclude(rule="").values("rule")
    for task in Task.objects.select_for_update().filter(lead=gone, state=TaskState.OPEN, rule__in=rules):
        _shut(task, TaskState.CANCELLED, SYSTEM)


def next_task_note(lead: Lead) -> bool:
    """Write a locked lead's earliest open task to the lead; whether it changed. Tell the boards after it."""
    task = Task.objects.filter(lead=lead, state=TaskState.OPEN).order_by("due_at", "pk").first()
    news = (task.due_at, task.title) if task else (None, "")
    if news == (lead.next_task_at, lead.next_task_title):
        return False
    lead.next_task_at, lead.next_task_title = news
    lead_save(lead, "next_task_at", "next_task_title")
    return True


def _lock(task_id: int) -> tuple[Lead, Task]:
    lead_id = Task.objects.filter(pk=task_id).values_list("lead_id", flat=True).first()
    if lead_id is None:
        raise NotFound
    lead = lead_lock(lead_id)
    task = Task.objects.select_for_update(of=("self",)).filter(pk=task_id, lead=lead).first()
    if task is None:
        raise NotFound
    return lead, task


def _open_task(task_id: int) -> tuple[Lead, Task]:
    lead, task = _lock(task_id)
    if task.state != TaskState.OPEN:
        raise Conflict(_("This task is closed already."), code="task_closed")
    return lead, task


def _close(task_id: int, state: TaskState, kind: InteractionKind, actor: Actor) -> Task:
    lead, task = _lock(task_id)
    if task.state == state:
        return task
    if task.state != TaskState.OPEN:
        raise Conflict(_("This task is closed already."), code="task_closed")
    _shut(task, state, actor)
    _tell(lead, task, kind, actor)
    return task


def _shut(task: Task, state: TaskState, actor: Actor) -> None:
    task.state, task.closed_at, task.closed_by = state, now(), actor.user
    _save(task, "state", "closed_at", "closed_by")


def _save(task: Task, *fields: str) -> None:
    task.revision += 1
    task.save(update_fields=[*fields, "revision"])


def _tell(
    lead: Lead, task: Task, kind: InteractionKind, actor: Actor, *, owners: list[int | None] | None = None, **more: Any
) -> None:
    """The lead's history, its card and page, and the day of everybody concerned."""
    due = task.due_at.isoformat()
    interaction_add(lead, kind, actor, task=task.pk, title=task.title, task_kind=task.kind, due=due, **more)
    next_task_note(lead)
    publish_card(lead)
    publish_agenda({task.owner_id, *(owners or [])})


def _fill(task: Task, values: Mapping[str, Any], actor: Actor) -> None:
    checks = {"title": _title, "note": _note, "kind": _kind, "owner_id": _owner, "due_at": _due}
    for name, value in values.items():
        setattr(task, name, checks[name](value, task, actor))


def _title(value: str, task: Task, actor: Actor) -> str:
    title = clean_line(value, limit=TITLE_MAX + 1)
    if not title:
        raise _invalid("title", _("Say what is to be done."))
    if len(title) > TITLE_MAX and actor.kind == ActorKind.PERSON:
        raise _invalid("title", _("Use at most 120 characters; details have a field of their own."))
    return title[:TITLE_MAX]


def _note(value: str, task: Task, actor: Actor) -> str:
    return clean_text(value, limit=NOTE_MAX).strip()


def _kind(value: str, task: Task, actor: Actor) -> str:
    if value not in TaskKind.values:
        raise _invalid("kind", _("There is no such kind of task."))
    return TaskKind(value).value


def _owner(value: int | None, task: Task, actor: Actor) -> int | None:
    if value is not None and value != task.lead.consultant_id:
        owner = User.objects.filter(pk=value, is_active=True).first()
        if not _sees(owner, task.lead):
            raise _invalid("owner_id", _("Choose somebody who may see this lead."))
    return value


def _due(value: datetime, task: Task, actor: Actor) -> datetime:
    """A person plans ahead; a machine may state that something was due."""
    if actor.kind == ActorKind.PERSON and value < now() - _JUST_NOW:
        raise _invalid("due_at", _("Choose a time that is still to come."))
    if value > now() + _LATEST:
        raise _invalid("due_at", _("Choose a time within the next five years."))
    return value


def _sees(user: User | None, lead: Lead) -> bool:
    return user is not None and user.is_active and leads_visible_to(user).filter(Q(pk=lead.pk)).exists()


def _invalid(field: str, text: Any) -> Invalid:
    return Invalid(text, code=f"task_{field.removesuffix('_id').removesuffix('_at')}", fields={field: text})
