"""What is planned without anybody asking."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from crm.core.clock import now
from leads import rules
from leads.actors import LIVIA, person
from leads.agenda import task_done
from leads.models import Lead, Source, Task, TaskKind, TaskState
from leads.moves import lead_move
from leads.services import lead_assign, lead_create, lead_summarise


@pytest.fixture(autouse=True)
def always_open(monkeypatch) -> None:
    monkeypatch.setattr(rules.business_moment, "_answer", lambda moment: moment)


@pytest.fixture
def by_form(ana) -> Lead:
    lead, _ = lead_create(values={"name": "Maria Souza", "phone": "+5511998123340"}, source=Source.FORM)
    return lead


def planned(lead: Lead) -> list[tuple[str, str, int | None]]:
    rows = lead.tasks.filter(state=TaskState.OPEN).order_by("due_at")
    return [(task.rule, task.kind, task.owner_id) for task in rows]


def move(lead: Lead, to: str, actor) -> None:
    lead.refresh_from_db()
    lead_move(lead_id=lead.pk, to=to, version=lead.version, actor=actor)


def test_a_lead_that_asked_for_us_is_called_within_minutes(by_form, ana):
    task = by_form.tasks.get()
    assert (task.kind, task.rule, task.made_by) == (TaskKind.CALL, "first_contact", "system")
    assert "Maria Souza" in task.title
    assert timedelta(minutes=14) < task.due_at - now() <= timedelta(minutes=15)
    by_form.refresh_from_db()
    assert (by_form.next_task_title, by_form.consultant_id) == (task.title, ana.pk)


def test_who_types_a_lead_in_or_imports_it_knows_what_comes_next(ana, new_lead):
    new_lead(owner=ana)
    lead_create(values={"name": "Rosa", "phone": "+5511998123399"}, source=Source.IMPORT)
    assert not Task.objects.exists()


def test_a_lead_handed_over_is_answered_by_whoever_gets_it(ana):
    lead, _ = lead_create(values={"name": "Maria"}, source=Source.WHATSAPP, assign=False)
    assert planned(lead) == []
    lead_summarise(lead_id=lead.pk, summary="Quer 50 mil", reason="asked", actor=LIVIA)
    assert planned(lead) == [("first_contact", "message", None)]
    lead_assign(lead_id=lead.pk, consultant_id=ana.pk, actor=LIVIA)
    assert planned(lead) == [("first_contact", "message", ana.pk)]


def test_a_rule_has_one_open_task_a_lead(by_form, ana, caio):
    lead_summarise(lead_id=by_form.pk, summary="", reason="asked", actor=LIVIA)
    lead_assign(lead_id=by_form.pk, consultant_id=caio.pk)
    assert len(planned(by_form)) == 1
    task_done(task_id=by_form.tasks.get().pk, actor=person(caio))
    lead_summarise(lead_id=by_form.pk, summary="", reason="asked", actor=LIVIA)
    assert len(planned(by_form)) == 1
    assert by_form.tasks.count() == 2


def test_a_proposal_is_followed_up_two_days_later_at_ten(by_form, ana):
    move(by_form, "PROPOSAL", person(ana))
    due = timezone.localtime(by_form.tasks.get(rule="proposal").due_at)
    assert (due.date(), due.hour) == (timezone.localdate(now()) + timedelta(days=2), 10)
    move(by_form, "QUALIFIED", person(ana))
    move(by_form, "PROPOSAL", person(ana))
    assert by_form.tasks.filter(rule="proposal").count() == 1


def test_first_contact_is_done_once_somebody_speaks_with_the_client(by_form, ana):
    rules.contact_made(lead_id=by_form.pk, actor=person(ana))
    assert by_form.tasks.get().state == TaskState.DONE


def test_a_task_made_while_the_business_is_closed_waits_for_it_to_open(ana, settings, monkeypatch):
    monday = timezone.make_aware(datetime(2030, 1, 7, 9))
    monkeypatch.setattr(rules.business_moment, "_answer", lambda moment: max(moment, monday))
    lead, _ = lead_create(values={"name": "Maria"}, source=Source.API)
    assert lead.tasks.get().due_at == monday + timedelta(minutes=15)


def test_rules_can_be_switched_off(ana, settings):
    settings.TASK_RULES = False
    lead, _ = lead_create(values={"name": "Maria"}, source=Source.API)
    move(lead, "PROPOSAL", person(ana))
    assert not Task.objects.exists()
