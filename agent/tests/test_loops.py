"""A machine answers Lívia: she falls silent there, people are told, and nothing is lost."""

from datetime import timedelta

import pytest

from agent.models import FollowUp, Turn
from agent.turns import turn_run
from conversations.models import Author, Conversation, Message, MessageKind
from conversations.services import conversation_hand_back
from crm.core.clock import now
from leads.models import Attendance, Lead
from leads.services import lead_assign

AUTO = ("Olá! Obrigado pelo contato, em breve retornaremos.", "Agradecemos sua mensagem! Responderemos em breve.")


@pytest.fixture
def talk(says):
    def go_on(*texts: str) -> list[Turn | None]:
        return [turn_run(conversation_id=says(text).conversation_id).turn for text in texts]

    return go_on


def thread() -> Conversation:
    return Conversation.objects.get()


def replies() -> int:
    return Message.objects.filter(author=Author.LIVIA).exclude(state="cancelled").count()


def events() -> list[str]:
    return list(Message.objects.filter(kind=MessageKind.EVENT).values_list("text", flat=True))


def test_automatic_replies_end_the_conversation_of_machines(talk, bruno):
    turns = talk("oi", *AUTO)
    assert turns[1] is not None and turns[2] is None
    assert (thread().attended_by, thread().awaiting_since) == (Attendance.NONE, None)
    assert events() == ["Lívia stopped answering: a machine seems to write here"]
    assert thread().unread_count > 0 and Message.objects.filter(text=AUTO[1]).exists()
    note = bruno.notifications.get(kind="loop")
    assert "Lívia stopped answering" in note.title_id and str(thread().pk) in note.url


def test_what_she_had_not_yet_said_stays_unsaid_and_nobody_is_reminded(talk, bruno):
    talk("oi", *AUTO)
    assert replies() == 0 and not FollowUp.objects.filter(state="waiting").exists()


def test_the_consultant_of_the_client_is_told_instead_of_the_managers(talk, ana, bruno):
    talk("oi", AUTO[0])
    lead_assign(lead_id=Lead.objects.get().pk, consultant_id=ana.pk)
    talk(AUTO[1])
    assert ana.notifications.filter(kind="loop").count() == 1
    assert not bruno.notifications.filter(kind="loop").exists()


def test_she_stays_silent_and_is_told_once(talk, bruno):
    talk("oi", *AUTO, *AUTO, "oi, agora sou eu mesma")
    assert bruno.notifications.filter(kind="loop").count() == 1 and len(events()) == 1
    assert thread().unread_count == 6


def test_handed_back_she_answers_again(talk, bruno):
    talk("oi", *AUTO)
    conversation_hand_back(conversation_id=thread().pk, user=bruno)
    (turn,) = talk("oi, sou eu mesma, quero um consórcio")
    assert turn is not None and thread().attended_by == Attendance.LIVIA
    assert talk(AUTO[0])[0] is not None


def test_the_same_message_again_and_again_is_a_machine(talk):
    turns = talk(*["Confira as ofertas da semana na nossa loja!"] * 5)
    assert [turn is not None for turn in turns] == [True, True, True, False, False]


GREETINGS = ("oi", "olá", "bom dia", "boa tarde", "e aí", "opa", "boa noite", "oi oi", "olá de novo", "bom dia!!")


def test_two_machines_being_polite_do_not_go_on_for_ever(talk, settings):
    settings.LOOP_TURNS, settings.LOOP_SECONDS = 6, 120
    turns = talk(*GREETINGS)
    assert turns[5] is not None and turns[-1] is None
    assert thread().attended_by == Attendance.NONE


def test_slowly_they_may(talk, settings):
    settings.LOOP_TURNS, settings.LOOP_SECONDS = 6, 120
    for text in GREETINGS:
        talk(text)
        assert thread().attended_by != Attendance.NONE  # a person, once she gives up asking, but no silence
        Turn.objects.update(created_at=now() - timedelta(minutes=3))
        Message.objects.update(created_at=now() - timedelta(minutes=3))


def test_a_client_who_answers_quickly_is_no_machine(talk, settings):
    settings.LOOP_TURNS = 2
    talk("oi", "Helena", "quero um empréstimo pessoal", "20 mil", "ganho 8 mil", "24 meses", "Sorocaba SP", "clt")
    assert thread().attended_by == Attendance.LIVIA


def test_a_machine_that_says_how_to_leave_does_not_opt_out(talk):
    talk("oi", AUTO[0], "Mensagem automática: responda SAIR para não receber nossas ofertas.")
    assert thread().attended_by == Attendance.NONE
    assert thread().contact.opted_out_at is None


def test_abuse_is_answered_calmly_once_then_by_a_person(talk, ana):
    calm, person = talk("vocês são uns ladrões", "bando de golpistas safados")
    assert (calm.outcome, calm.intent) == ("continue", "abuse") and "respeito" in calm.replies[0]
    assert (person.outcome, person.reason) == ("handoff", "abuse")
    assert thread().attended_by == Attendance.PERSON
    assert ana.notifications.filter(kind="lead_handed_over").count() == 1
    assert not FollowUp.objects.filter(state="waiting").exists()
