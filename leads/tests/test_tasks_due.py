"""Being told that a task is due: once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from crm.core.clock import now
from crm.realtime.models import Notification
from leads.actors import LIVIA, person
from leads.agenda import task_cancel, task_create, task_snooze
from leads.models import Task
from leads.reminders import task_tell_due, tasks_due
from leads.tasks import tell_due

HOUR = timedelta(hours=1)


@pytest.fixture
def due(ana, new_lead) -> Task:
    lead = new_lead(owner=ana)
    Notification.objects.all().delete()
    return task_create(lead_id=lead.pk, title="Ligar", due_at=now() - HOUR, actor=LIVIA)


def told() -> list[tuple[int, str]]:
    return [(row.user_id, row.data["title"]) for row in Notification.objects.filter(kind="task_due").order_by("pk")]


def test_the_owner_is_told_once_however_often_it_runs(due, ana):
    for _ in range(3):
        tell_due()
    assert told() == [(ana.pk, "Ligar")]
    row = Notification.objects.get(kind="task_due")
    assert (row.body, row.url) == ("Maria Souza", f"/leads/{due.lead_id}/")


def test_nothing_is_told_before_its_time_nor_of_what_is_closed(due, ana):
    task_cancel(task_id=due.pk, actor=person(ana))
    task_create(lead_id=due.lead_id, title="Amanhã", due_at=now() + HOUR, actor=person(ana))
    tell_due()
    assert told() == []


def test_put_off_it_is_told_again_at_its_new_time(due, ana, monkeypatch):
    tell_due()
    task_snooze(task_id=due.pk, until=now() + HOUR, actor=person(ana))
    tell_due()
    assert len(told()) == 1
    later = now() + 2 * HOUR
    monkeypatch.setattr("crm.core.clock.timezone.now", lambda: later)
    tell_due()
    assert len(told()) == 2


def test_a_clock_that_jumps_back_and_forth_tells_nothing_twice(due, monkeypatch):
    tell_due()
    real = now()
    for shift in (-HOUR * 3, HOUR, -HOUR * 2, HOUR * 5):
        monkeypatch.setattr("crm.core.clock.timezone.now", lambda shift=shift: real + shift)
        tell_due()
    assert len(told()) == 1


def test_a_task_of_nobody_is_told_to_nobody_and_not_looked_at_again(due, ana):
    type(due.lead).objects.filter(pk=due.lead_id).update(consultant=None)
    Task.objects.filter(pk=due.pk).update(owner=None)
    tell_due()
    assert (told(), tasks_due()) == ([], [])


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_it_once(due):
    def tell(_: int) -> bool:
        try:
            return task_tell_due(task_id=due.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(tell, range(16))) == 1
    assert len(told()) == 1
