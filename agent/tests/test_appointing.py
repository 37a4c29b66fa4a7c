"""What Lívia plans for the people she hands over to."""

from datetime import datetime

import pytest
from django.utils import timezone

from agent.appointing import appointment_plan
from agent.models import BusinessProfile
from agent.turns import turn_run
from conversations.outbox import message_send
from leads.models import ActorKind, Lead, Task, TaskKind, TaskState
from leads.rules import FIRST_CONTACT, business_moment
from leads.services import lead_assign


@pytest.fixture
def talk(says):
    """Say things one after the other, each answered."""

    def go_on(*texts: str) -> int:
        for text in texts:
            message = says(text)
            turn_run(conversation_id=message.conversation_id)
        return message.conversation_id

    return go_on


def asked() -> list[tuple[str, int | None]]:
    return list(Task.objects.filter(rule="asked", state=TaskState.OPEN).values_list("kind", "owner_id"))


def test_a_client_who_asks_for_a_call_gets_it_at_the_hour_they_said(talk, ana):
    talk("oi, quero falar com um atendente. me liga amanhã às 15h")
    task = Task.objects.get(rule="asked")
    local = timezone.localtime(task.due_at)
    assert ((local.date() - timezone.localdate()).days, local.hour) == (1, 15)
    assert (task.kind, task.owner_id, task.made_by) == (TaskKind.CALL, ana.pk, ActorKind.LIVIA)
    assert "me liga amanhã às 15h" in task.note
    assert Lead.objects.get().next_task_at is not None


def test_another_hour_moves_the_task_instead_of_adding_one(says, ana):
    for text in ("me liga amanhã às 10h", "ou melhor, me liga amanhã às 16h"):
        message = says(text)
        appointment_plan(conversation=message.conversation, messages=[message], handed_over=False)
    assert len(asked()) == 1
    assert timezone.localtime(Task.objects.get(rule="asked").due_at).hour == 16


def test_small_talk_plans_nothing(talk, ana):
    talk("oi, sou a Maria", "preciso de 50 mil", "amanhã eu mando os documentos")
    assert not Task.objects.exists()


def test_a_handover_plans_the_first_contact_and_an_answer_completes_it(talk, ana):
    thread = talk("oi", "quero falar com um atendente")
    task = Task.objects.get(rule=FIRST_CONTACT)
    assert (task.owner_id, task.state) == (ana.pk, TaskState.OPEN)
    message_send(conversation_id=thread, text="Oi, Maria! Ana aqui.", user=ana)
    task.refresh_from_db()
    assert (task.state, task.closed_by_id) == (TaskState.DONE, ana.pk)


def test_what_livia_planned_follows_the_lead(talk, ana, caio):
    talk("oi, quero falar com um atendente, pode me ligar amanhã às 9h")
    lead_assign(lead_id=Lead.objects.get().pk, consultant_id=caio.pk)
    assert asked() == [("call", caio.pk)]


def test_rules_keep_to_the_hours_of_the_business(db):
    profile = BusinessProfile.objects.first() or BusinessProfile()
    profile.week = {"0": [["09:00", "18:00"]]}
    profile.save()
    saturday = timezone.make_aware(datetime(2026, 11, 21, 10))
    assert business_moment(saturday) == timezone.make_aware(datetime(2026, 11, 23, 9))
