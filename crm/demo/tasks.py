"""What the consultants have to do: a working day with a few things late, most of them ahead, some done already."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import count, cycle

from django.utils import timezone

from crm.accounts.models import User
from crm.demo.plan import Plan
from leads.models import ActorKind, Interaction, InteractionKind, Lead, Task, TaskKind, TaskState
from leads.pipeline import Status
from leads.rules import FIRST_CONTACT, PROPOSAL

_OPEN = (Status.CONTACTED, Status.QUALIFIED, Status.PROPOSAL)
_LIVIAS = (TaskKind.CALL, "Ligar no horário que o cliente pediu")
_TITLES = {
    Status.CONTACTED: (
        (TaskKind.CALL, "Ligar para entender o momento"),
        (TaskKind.MESSAGE, "Retomar a conversa pelo WhatsApp"),
        (TaskKind.DOCUMENTS, "Pedir o comprovante de renda"),
        (TaskKind.CALL, "Tirar as dúvidas sobre o prazo"),
    ),
    Status.QUALIFIED: (
        (TaskKind.DOCUMENTS, "Conferir os documentos que chegaram"),
        (TaskKind.CALL, "Fechar prazo e valor da parcela"),
        (TaskKind.MEETING, "Vistoria do imóvel"),
        (TaskKind.MESSAGE, "Mandar a simulação revisada"),
    ),
    Status.PROPOSAL: (
        (TaskKind.PROPOSAL, "Retornar sobre a proposta"),
        (TaskKind.CALL, "Negociar a taxa"),
        (TaskKind.MEETING, "Assinatura do contrato"),
    ),
}


def tasks_make(plans: list[Plan], now: datetime) -> None:
    """Most open leads of a consultant get their next step; every fifth has none."""
    titles = {status: cycle(choices) for status, choices in _TITLES.items()}
    for owner in {plan.owner for plan in plans if plan.owner}:
        mine = [plan for plan in plans if plan.owner == owner and plan.person.status in _OPEN]
        dues = _dues(now)
        for number, plan in enumerate(mine):
            if number % 5 != 4:
                kind, title = next(titles[Status(plan.person.status)])
                plan.tasks = [_open(plan, owner, kind, title, next(dues), now)]
        called = [plan for plan in mine if _since(plan) < now - timedelta(hours=3)]
        for number, plan in enumerate(called[:3]):
            plan.tasks.append(_done(plan, owner, now - timedelta(minutes=35 + 50 * number)))
    Task.objects.bulk_create(task for plan in plans for task in plan.tasks)
    _show_next_steps(plans)


def _dues(now: datetime) -> Iterator[datetime]:
    """Yesterday, this morning, today and the days after, again and again a week later."""
    today = timezone.localdate(now)

    def at(days: int, hour: int, minute: int = 0) -> datetime:
        return timezone.make_aware(datetime.combine(today + timedelta(days=days), time(hour, minute)))

    for week in count():
        later = timedelta(weeks=week)
        yield at(-1, 16) + later
        yield now - timedelta(minutes=50) + later
        yield now + timedelta(minutes=40) + later
        yield now + timedelta(hours=2, minutes=30) + later
        yield at(1, 9) + later
        yield at(1, 14, 30) + later
        yield at(3, 10) + later
        yield at(6, 11) + later


def _open(plan: Plan, owner: User, kind: TaskKind, title: str, due_at: datetime, now: datetime) -> Task:
    due_at = max(due_at, _since(plan) + timedelta(minutes=15)).replace(second=0, microsecond=0)
    asked = plan.with_livia and kind == TaskKind.CALL
    if asked:
        kind, title = _LIVIAS
    rule = PROPOSAL if kind == TaskKind.PROPOSAL else ""
    made_by = ActorKind.LIVIA if asked else ActorKind.SYSTEM if rule else ActorKind.PERSON
    return Task(
        lead=plan.lead, owner=owner, kind=kind, title=title, due_at=due_at, rule=rule, made_by=made_by,
        creator=owner if made_by == ActorKind.PERSON else None, created_at=_since(plan),
        told_due_at=due_at if due_at <= now else None,
    )  # fmt: skip


def _done(plan: Plan, owner: User, at: datetime) -> Task:
    return Task(
        lead=plan.lead, owner=owner, kind=TaskKind.CALL, title=f"Ligar para {plan.lead.display_name}",
        due_at=at - timedelta(minutes=5), state=TaskState.DONE, closed_at=at, closed_by=owner, rule=FIRST_CONTACT,
        made_by=ActorKind.SYSTEM, created_at=_since(plan),
    )  # fmt: skip


def _since(plan: Plan) -> datetime:
    """When somebody first had reason to plan something."""
    return max(plan.changed, plan.handed_over() or plan.started) + timedelta(minutes=3)


def _show_next_steps(plans: list[Plan]) -> None:
    """As the services would have noted it on the lead."""
    for plan in plans:
        for task in plan.tasks:
            if task.state == TaskState.OPEN:
                plan.lead.next_task_at, plan.lead.next_task_title = task.due_at, task.title
    Lead.objects.bulk_update((plan.lead for plan in plans if plan.tasks), ["next_task_at", "next_task_title"])


def tasks_told(plan: Plan) -> Iterator[Interaction]:
    """What the lead's history says of its tasks."""
    for task in plan.tasks:
        data = {"task": task.pk, "title": task.title, "task_kind": task.kind, "due": task.due_at.isoformat()}
        yield Interaction(
            lead=plan.lead, kind=InteractionKind.TASK_ADDED, actor_kind=task.made_by, actor=task.creator, data=data,
            created_at=task.created_at,
        )  # fmt: skip
        if task.closed_at:
            yield Interaction(
                lead=plan.lead, kind=InteractionKind.TASK_DONE, actor_kind=ActorKind.PERSON, actor=task.closed_by,
                data=data, created_at=task.closed_at,
            )  # fmt: skip
