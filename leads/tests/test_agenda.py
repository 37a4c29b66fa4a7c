"""Tasks: planned, changed, put off, done, and in step with the lead they are for."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound
from crm.realtime.models import Event
from leads.actors import LIVIA, person
from leads.agenda import (
    task_cancel,
    task_create,
    task_done,
    task_reopen,
    task_snooze,
    task_update,
)
from leads.agenda_selectors import tasks_due
from leads.merge import lead_absorb
from leads.models import Interaction, InteractionKind, Lead, Task, TaskKind, TaskState
from leads.moves import lead_move
from leads.services import lead_assign

HOUR = timedelta(hours=1)


@pytest.fixture
def lead(ana, new_lead) -> Lead:
    return new_lead(owner=ana)


@pytest.fixture
def plan(lead, ana):
    def make(title: str = "Ligar para Maria", *, hours: float = 1, **values: object) -> Task:
        wanted = {"lead_id": lead.pk, "actor": person(ana), "title": title, "due_at": now() + hours * HOUR}
        return task_create(**{**wanted, **values})

    return make


def kinds(lead: Lead) -> list[str]:
    return list(lead.interactions.filter(kind__startswith="task").order_by("pk").values_list("kind", flat=True))


def step(lead: Lead) -> str:
    lead.refresh_from_db()
    assert (lead.next_task_at is None) == (lead.next_task_title == "")
    return lead.next_task_title


def test_a_task_belongs_to_the_leads_consultant_and_is_the_leads_next_step(plan, lead, ana):
    task = plan(kind=TaskKind.CALL)
    assert (task.owner_id, task.made_by, task.creator) == (ana.pk, "person", ana)
    assert step(lead) == "Ligar para Maria"
    assert kinds(lead) == ["task_added"]
    plan("Mais cedo", hours=0.5)
    assert step(lead) == "Mais cedo"


def test_done_cancelled_and_put_off_tasks_give_way_to_the_next_one(plan, lead, ana):
    first, second, third = plan("a"), plan("b", hours=2), plan("c", hours=3)
    task_done(task_id=first.pk, actor=person(ana))
    assert step(lead) == "b"
    assert task_snooze(task_id=second.pk, until=now() + 9 * HOUR, actor=person(ana)).snoozed_count == 1
    assert step(lead) == "c"
    task_cancel(task_id=third.pk, actor=person(ana))
    assert step(lead) == "b"
    assert kinds(lead)[3:] == ["task_done", "task_changed", "task_cancelled"]


def test_a_double_click_is_one_click_and_undo_takes_it_back(plan, lead, ana):
    task = plan()
    for _ in range(2):
        task_done(task_id=task.pk, actor=person(ana))
    assert kinds(lead) == ["task_added", "task_done"]
    assert step(lead) == ""
    for _ in range(2):
        task_reopen(task_id=task.pk, actor=person(ana))
    task.refresh_from_db()
    assert (task.state, task.closed_at, step(lead)) == (TaskState.OPEN, None, task.title)


def test_what_is_closed_is_not_changed(plan, ana):
    task = plan()
    task_cancel(task_id=task.pk, actor=person(ana))
    for act in (
        lambda: task_done(task_id=task.pk, actor=person(ana)),
        lambda: task_snooze(task_id=task.pk, until=now() + HOUR, actor=person(ana)),
        lambda: task_update(task_id=task.pk, values={"title": "x"}, actor=person(ana)),
    ):
        with pytest.raises(Conflict):
            act()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"title": " \x00 "}, "task_title"),
        ({"title": "x" * 121}, "task_title"),
        ({"kind": "party"}, "task_kind"),
        ({"due_at": now() - HOUR}, "task_due"),
        ({"due_at": now() + timedelta(days=9999)}, "task_due"),
        ({"owner_id": 10**9}, "task_owner"),
    ],
)
def test_bad_values_are_refused_with_a_sentence(plan, values, code):
    with pytest.raises(Invalid) as refused:
        plan(**values)
    assert refused.value.code == code
    assert refused.value.fields


def test_a_machine_may_say_that_something_was_due(plan):
    assert plan(actor=LIVIA, due_at=now() - HOUR, title="x" * 300).title == "x" * 120


def test_a_task_is_only_given_to_who_sees_the_lead(plan, caio, bruno, settings):
    with pytest.raises(Invalid):
        plan(owner_id=caio.pk)
    assert plan(owner_id=bruno.pk).owner_id == bruno.pk
    settings.BOARD_SHARED = True
    assert plan(owner_id=caio.pk).owner_id == caio.pk


def test_open_tasks_follow_the_lead_to_its_new_consultant(plan, lead, ana, bruno, caio):
    mine, managers, done = plan("a"), plan("b", owner_id=bruno.pk), plan("c")
    task_done(task_id=done.pk, actor=person(ana))
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk, actor=person(bruno))
    owners = dict(Task.objects.values_list("pk", "owner_id"))
    assert owners == {mine.pk: caio.pk, managers.pk: bruno.pk, done.pk: ana.pk}
    assert (tasks_due([ana.pk]).count(), tasks_due([caio.pk]).count()) == (0, Task.objects.filter(owner=caio).count())


def test_a_closed_lead_needs_nothing_more(plan, lead, ana):
    plan("a"), plan("b", hours=2)
    lead_move(lead_id=lead.pk, to="LOST", version=lead.version, lost_reason="rate", actor=person(ana))
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.CANCELLED}
    assert step(lead) == ""
    said = Interaction.objects.filter(kind=InteractionKind.TASK_CANCELLED)
    assert [row.data["why"] for row in said] == ["closed", "closed"]


def test_two_leads_that_become_one_keep_all_tasks_but_a_rule_has_one(plan, lead, ana, new_lead):
    gone = new_lead(owner=ana)
    plan("a", hours=5, rule="first_contact")
    plan("b", hours=2, lead_id=gone.pk)
    plan("c", hours=1, lead_id=gone.pk, rule="first_contact")
    lead_absorb(keep_id=lead.pk, gone_id=gone.pk)
    assert sorted(lead.tasks.filter(state=TaskState.OPEN).values_list("title", flat=True)) == ["a", "b"]
    assert step(lead) == "b"


def test_a_task_of_a_lead_that_went_away_is_not_found(plan):
    with pytest.raises(NotFound):
        task_done(task_id=plan().pk + 99, actor=LIVIA)


def test_everybody_concerned_is_told(plan, lead, ana, bruno):
    task = plan()
    Event.objects.all().delete()
    task_update(task_id=task.pk, values={"owner_id": bruno.pk, "note": "CPF em mãos"}, actor=person(ana))
    rooms = set(Event.objects.filter(kind="stale", object_id="agenda").values_list("room", flat=True))
    assert rooms == {"agenda", f"agenda.{ana.pk}", f"agenda.{bruno.pk}"}
    badges = Event.objects.filter(kind="tasks").values_list("room", flat=True)
    assert set(badges) == {f"user.{ana.pk}", f"user.{bruno.pk}"}
    assert Event.objects.filter(room=f"lead.{lead.pk}", kind="stale").exists()
    assert Event.objects.filter(room=f"board.{ana.pk}", kind="card").exists()


def test_the_number_in_the_rail_counts_what_is_overdue_or_due_today(plan, ana, monkeypatch):
    from django.utils import timezone

    noon = timezone.localtime(now()).replace(hour=12, minute=0, second=0, microsecond=0)
    monkeypatch.setattr("crm.core.clock.timezone.now", lambda: noon)
    plan("overdue", actor=LIVIA, due_at=noon - 30 * HOUR)
    plan("today", due_at=noon + 11 * HOUR)
    plan("tomorrow", due_at=noon + 13 * HOUR)
    assert tasks_due([ana.pk]).count() == 2
