"""The page of a person's day, and what is done from it."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.core.clock import now
from crm.realtime.rooms import may_join
from leads.actors import LIVIA, person
from leads.agenda import task_create
from leads.agenda_selectors import SHOWN, day_of
from leads.models import Lead, Task, TaskState

# A Wednesday, noon.
NOON = timezone.make_aware(datetime(2026, 11, 18, 12))


@pytest.fixture(autouse=True)
def at_noon(monkeypatch) -> None:
    monkeypatch.setattr("crm.core.clock.timezone.now", lambda: NOON)


@pytest.fixture
def lead(ana, new_lead) -> Lead:
    return new_lead(owner=ana)


def plan(lead: Lead, title: str, due_at: datetime) -> Task:
    return task_create(lead_id=lead.pk, title=title, due_at=due_at, actor=LIVIA)


def post(client, name: str, task: Task | None = None, **fields):
    return client.post(reverse(f"leads:{name}", args=[task.pk] if task else []), fields)


def test_tasks_are_grouped_by_when_they_are_due(lead, ana):
    hours = {"late": -2, "later today": 11.9, "tomorrow": 13, "sunday": 24 * 4, "monday": 24 * 5}
    for title, ahead in hours.items():
        plan(lead, title, NOON + timedelta(hours=ahead))
    groups = {group.code: [task.title for task in group.tasks] for group in day_of(ana, ana).groups}
    assert groups == {
        "overdue": ["late"], "today": ["later today"], "tomorrow": ["tomorrow"], "week": ["sunday"],
        "later": ["monday"],
    }  # fmt: skip


def test_open_leads_without_a_next_step_are_listed(lead, ana, new_lead):
    planned = new_lead(owner=ana)
    plan(planned, "a", NOON)
    assert [found.pk for found in day_of(ana, ana).stepless] == [lead.pk]


def test_nobody_looks_at_anothers_day_but_managers(lead, ana, caio, bruno, browse):
    plan(lead, "Ligar para Maria", NOON)
    url = reverse("leads:tasks")
    assert "Ligar para Maria" in browse(ana).get(url).content.decode()
    assert browse(caio).get(url, {"who": ana.pk}).status_code == 404
    assert browse(caio).get(url, {"who": "all"}).status_code == 404
    for who in (ana.pk, "all"):
        assert "Ligar para Maria" in browse(bruno).get(url, {"who": who}).content.decode()
    assert browse(bruno).get(url, {"who": "x"}).status_code == 404
    assert may_join(ana, f"agenda.{ana.pk}") and may_join(bruno, "agenda")
    assert not may_join(caio, f"agenda.{ana.pk}") and not may_join(caio, "agenda")


def test_the_page_asks_the_database_the_same_number_of_times_for_many_tasks(
    lead, ana, browse, django_assert_max_num_queries
):
    for number in range(40):
        plan(lead, f"t{number}", NOON + timedelta(hours=number))
    client = browse(ana)
    client.get(reverse("leads:tasks"))
    with django_assert_max_num_queries(14):
        client.get(reverse("leads:tasks"))


def test_a_long_group_is_cut_short_counted_and_shown_whole_on_demand(lead, ana, browse):
    for number in range(SHOWN + 3):
        plan(lead, f"t{number:02}", NOON + timedelta(hours=40, minutes=number))
    plan(lead, "late", NOON - timedelta(hours=1))
    late, week = day_of(ana, ana).groups
    assert (late.total, late.has_more, week.total, week.has_more) == (1, False, SHOWN + 3, True)
    assert [task.title for task in week.tasks] == [f"t{number:02}" for number in range(SHOWN)]
    url = reverse("leads:tasks")
    assert f"{url}?all=week#group-week" in browse(ana).get(url).content.decode()
    whole = browse(ana).get(url, {"all": "week"}).content.decode()
    assert f"t{SHOWN + 2}" in whole and "?all=week#group-week" not in whole


def test_a_task_is_planned_done_undone_and_put_off(lead, ana, browse):
    client = browse(ana)
    answer = post(client, "task_new", lead=lead.pk, title="Pedir holerite", kind="documents", when="tomorrow")
    assert answer.status_code == 200
    assert "toast" in answer["HX-Trigger"]
    task = Task.objects.get()
    assert timezone.localtime(task.due_at).isoformat() == "2026-11-19T09:00:00-03:00"
    undo = post(client, "task_finish", task).json()["undo"]
    assert Task.objects.get().state == TaskState.DONE
    client.post(undo)
    assert Task.objects.get().state == TaskState.OPEN
    assert post(client, "task_later", task, when="choose", at="2026-11-20T16:30").status_code == 200
    assert timezone.localtime(Task.objects.get().due_at).hour == 16


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"when": "choose", "at": "yesterday"},
        {"when": "choose", "at": "2026-11-17T10:00"},
        {"when": "choose", "at": "9999-12-31T23:59"},
        {"kind": "party"},
        {"lead": ""},
    ],
)
def test_a_bad_form_comes_back_with_what_is_wrong(lead, ana, browse, fields):
    wanted = {"lead": lead.pk, "title": "Ligar", "kind": "call", "when": "hour", **fields}
    answer = browse(ana).post(reverse("leads:task_new") + "?quick", wanted)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode() or "alert-line" in answer.content.decode()
    assert not Task.objects.exists()


def test_a_late_task_keeps_its_time_when_only_its_title_is_mended(lead, ana, browse):
    task = plan(lead, "Ligr", NOON - timedelta(hours=3, seconds=7))
    fields = {"title": "Ligar", "kind": "call", "when": "choose", "at": "2026-11-18T08:59"}
    assert post(browse(ana), "task_edit", task, **fields).status_code == 200
    assert (Task.objects.get().title, Task.objects.get().due_at) == ("Ligar", task.due_at)


def test_a_stranger_finds_neither_the_task_nor_the_lead(lead, ana, caio, browse):
    task = plan(lead, "Ligar", NOON)
    client = browse(caio)
    for name in ("task_finish", "task_drop", "task_undo", "task_later", "task_edit"):
        assert post(client, name, task, when="hour", title="x").status_code == 404
    assert post(client, "task_new", lead=lead.pk, title="x", when="hour").status_code == 404
    assert "Maria" not in client.get(reverse("leads:task_leads"), {"q": "maria"}).content.decode()


def test_leads_are_found_without_accents(ana, browse, new_lead):
    new_lead(owner=ana, name="José Conceição")
    found = browse(ana).get(reverse("leads:task_leads"), {"q": "conceicao jos"}).content.decode()
    assert "José Conceição" in found


def test_a_task_of_ones_own_is_done_by_a_person(lead, ana, browse):
    task = task_create(lead_id=lead.pk, title="Ligar", due_at=now() + timedelta(hours=1), actor=person(ana))
    post(browse(ana), "task_finish", task)
    assert Task.objects.get().closed_by == ana
