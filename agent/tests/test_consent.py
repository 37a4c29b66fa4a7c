"""Leaving and returning, whoever attends and whatever Lívia is doing."""

import pytest

import agent.thinking
from agent.models import Turn
from agent.turns import turn_run
from conversations.consent import contact_opt_out
from conversations.models import Author, Contact, Conversation, Inbox, InboxRole, Message
from conversations.services import conversation_hand_back, conversation_take
from leads.models import Attendance

LEAVE = "parar, não quero mais receber mensagens"


@pytest.fixture
def anas_thread(says, ana) -> Conversation:
    thread = says("oi").conversation
    return conversation_take(conversation_id=thread.pk, user=ana)


def has_left() -> bool:
    return Contact.objects.get().opted_out_at is not None


def look(thread: Conversation) -> Turn | None:
    return turn_run(conversation_id=thread.pk).turn


def test_a_client_leaves_also_with_a_polite_word_after_it(says, anas_thread):
    says(LEAVE)
    says("obrigada")
    look(anas_thread)
    look(anas_thread)
    assert has_left()
    assert Message.objects.filter(author=Author.LIVIA).count() == 1


def test_of_leaving_and_returning_the_last_word_counts(says, anas_thread):
    says(LEAVE)
    says("voltar")
    look(anas_thread)
    look(anas_thread)
    assert not has_left()
    says(LEAVE)
    look(anas_thread)
    assert has_left()
    says("voltar")
    says("obrigada")
    look(anas_thread)
    assert not has_left()


def test_what_was_taken_back_counts_as_not_said(says, anas_thread):
    says(LEAVE, provider_id="A")
    says("", kind="revoke", target_provider_id="A")
    look(anas_thread)
    assert not has_left()


def test_what_livia_has_read_herself_is_not_read_again_for_a_person(says, ana):
    thread = says(LEAVE).conversation
    look(thread)
    says("voltar")
    look(thread)
    conversation_take(conversation_id=thread.pk, user=ana)
    says("obrigada")
    look(thread)
    assert not has_left()


def test_a_client_leaves_also_where_livia_is_switched_off(says, livia_inbox):
    thread = says("oi").conversation
    livia_inbox.livia_enabled = False
    livia_inbox.save()
    says(LEAVE)
    look(thread)
    assert has_left()


def test_an_opt_out_elsewhere_while_livia_thinks_holds(says, monkeypatch):
    elsewhere = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    thread = says("oi").conversation
    think = agent.thinking.decide

    def slow(*args, **options):
        monkeypatch.setattr(agent.thinking, "decide", think)
        other = says(LEAVE, inbox=elsewhere).conversation
        contact_opt_out(conversation_id=other.pk, confirmation="Tudo bem.")
        return think(*args, **options)

    monkeypatch.setattr(agent.thinking, "decide", slow)
    assert turn_run(conversation_id=thread.pk).discarded
    assert has_left() and not thread.messages.filter(author=Author.LIVIA).exists()
    assert look(thread).outcome == "silent"
    assert has_left()


def test_whoever_returned_while_a_person_attended_is_answered_by_livia_again(says, ana):
    thread = says(LEAVE).conversation
    look(thread)
    conversation_take(conversation_id=thread.pk, user=ana)
    says("voltar")
    look(thread)
    conversation_hand_back(conversation_id=thread.pk, user=ana)
    says("quero um imóvel de 300 mil")
    assert look(thread).outcome != "silent"


@pytest.mark.parametrize(("text", "reason"), [("apaguem meus dados", "data_request"), ("quero me matar", "distress")])
def test_who_left_is_answered_about_their_data_or_in_distress_and_stays_left(says, text, reason):
    thread = says("sair").conversation
    look(thread)
    says("oi, tudo bem?")
    assert look(thread).outcome == "silent"
    says(text)
    turn = look(thread)
    thread.refresh_from_db()
    assert (turn.outcome, turn.reason) == ("handoff", reason)
    assert has_left()
    assert thread.attended_by == Attendance.PERSON
    assert Message.objects.filter(author=Author.LIVIA).count() == 2


def test_a_wish_for_silence_and_about_ones_data_gets_both(says):
    thread = says("apaguem meus dados e parem de me mandar mensagem").conversation
    assert look(thread).reason == "data_request"
    thread.refresh_from_db()
    assert has_left()
    assert thread.attended_by == Attendance.PERSON


def test_a_wish_about_ones_data_alone_is_left_to_the_person_who_attends(says, anas_thread):
    says("quero que apaguem meus dados")
    look(anas_thread)
    assert not has_left()
