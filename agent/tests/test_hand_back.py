"""A thread comes back to Lívia: who waits is answered, who was answered is not, and nothing told is asked again."""

from datetime import timedelta

import pytest

from agent.models import Dialogue, Turn
from agent.turns import turn_run
from conversations.models import Author, Conversation, Message, MessageState
from conversations.outbox import message_send
from conversations.services import conversation_hand_back, conversation_take
from crm.core.clock import now


def replies() -> list[str]:
    rows = Message.objects.filter(author=Author.LIVIA).exclude(state=MessageState.CANCELLED)
    return list(rows.order_by("pk").values_list("text", flat=True))


def look(conversation: Conversation) -> Turn | None:
    return turn_run(conversation_id=conversation.pk).turn


@pytest.fixture
def taken(says, ana):
    """Maria's thread, which Ana has taken before Lívia had answered a word."""
    conversation = says("oi, quero um empréstimo pessoal").conversation
    conversation_take(conversation_id=conversation.pk, user=ana)
    return conversation


def back(conversation: Conversation, user) -> None:
    conversation_hand_back(conversation_id=conversation.pk, user=user)


def test_who_waited_all_the_while_is_answered_at_once_and_once(taken, says, ana):
    says("alguém aí?")
    assert look(taken) is None
    back(taken, ana)
    turn = look(taken)
    assert len(turn.message_ids) == 2 and turn.slots_after["product"] == "personal_loan"
    assert len(replies()) == 1 and "Lívia" in replies()[0]
    assert look(taken) is None


def test_who_was_answered_by_the_person_is_not_answered_again(taken, says, ana):
    message_send(conversation_id=taken.pk, text="Oi, já te atendo.", user=ana)
    back(taken, ana)
    assert look(taken) is None and replies() == []
    says("quero 20 mil")
    assert look(taken).slots_after["credit_amount"] == 2_000_000


def test_only_what_came_after_the_persons_last_word_is_answered(taken, says, ana):
    message_send(conversation_id=taken.pk, text="Oi! Qual é o seu nome?", user=ana)
    last = says("meu nome é Helena, sou de Sorocaba SP")
    back(taken, ana)
    turn = look(taken)
    assert turn.message_ids == [last.pk]
    assert turn.slots_after["name"] == "Helena" and turn.slots_after["product"] == "personal_loan"


def test_a_greeting_the_takeover_cancelled_is_said_after_it(says, ana):
    conversation = says("oi").conversation
    look(conversation)
    conversation_take(conversation_id=conversation.pk, user=ana)
    assert replies() == []
    back(conversation, ana)
    assert look(conversation) is not None
    assert len(replies()) == 1 and "Eu sou a Lívia" in replies()[0]


def test_what_the_client_told_the_person_is_known_but_no_figure_is_guessed(taken, says, ana):
    says("sou de Sorocaba SP, meu nome é Helena")
    message_send(conversation_id=taken.pk, text="Quanto vale o seu carro?", user=ana)
    says("60 mil")
    message_send(conversation_id=taken.pk, text="Certo!", user=ana)
    back(taken, ana)
    dialogue = Dialogue.objects.get()
    assert dialogue.slots == {"product": "personal_loan", "name": "Helena", "city": "Sorocaba", "uf": "SP"}
    assert Message.objects.get(pk=dialogue.sources["name"]).text.startswith("sou de Sorocaba")
    says("e agora?")
    assert look(taken).slots_after["name"] == "Helena"


def test_what_livia_knew_stays_as_the_client_told_her(says, ana):
    conversation = says("oi, meu nome é Helena").conversation
    look(conversation)
    Message.objects.filter(author=Author.LIVIA).update(state=MessageState.SENT)
    message_send(conversation_id=conversation.pk, text="Oi!", user=ana)
    says("meu nome é Joana, sou de Natal RN")
    message_send(conversation_id=conversation.pk, text="Anotado.", user=ana)
    back(conversation, ana)
    slots = Dialogue.objects.get().slots
    assert (slots["name"], slots["city"]) == ("Helena", "Natal")
    assert Dialogue.objects.get().stage == "QUALIFICATION"


def test_a_thread_from_last_week_is_left_in_peace(taken, says, ana):
    Message.objects.update(created_at=now() - timedelta(days=7))
    back(taken, ana)
    assert look(taken) is None and replies() == []
