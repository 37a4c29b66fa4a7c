"""A turn that cannot be written down: by rules instead, and in the end by people, never again and again."""

import pytest
from django.db import DataError, OperationalError

import agent.settle
from agent.models import Turn
from agent.tasks import answer
from agent.tests.conftest import reply, says_json
from agent.turns import turn_run
from conversations.models import Conversation, Message, MessageKind
from conversations.services import conversation_hand_back
from crm.core.redis import client, key
from leads.models import Attendance

KIND = "Que ótimo falar com você! Qual é o seu nome, por favor?"
GREETING = "Olá! Eu sou a Lívia"


@pytest.fixture(autouse=True)
def fresh_count():
    for name in client().scan_iter(key("turn_failed", "*")):
        client().delete(name)


@pytest.mark.parametrize(
    "said",
    [
        reply(KIND + "\x00"),
        reply("\ud83d" + KIND),
        reply(KIND, slots={"name": "Ana\x00"}),
        reply(KIND, slots={"a\x00b": 1, "\ud83d": "\ud83d"}),
        reply(KIND, handoff_reason="\x00"),
        says_json('{"reply": "a\\ud83d", "x"'),
        says_json('{"reply": "a\ud83d\x00", "x"'),
    ],
)
def test_whatever_the_model_smuggles_in_the_client_is_answered(says, groq, said):
    groq(said)
    turn = turn_run(conversation_id=says("oi").conversation_id).turn
    assert turn is not None and turn.replies
    turn.refresh_from_db()
    assert turn.model_error == "" and "\x00" not in turn.raw_output


def broken_for(monkeypatch, is_broken, error: type[Exception] = DataError) -> None:
    record = agent.settle.turn_record

    def breaking(conversation, thought, *rest):
        if is_broken(thought):
            raise error("not in this column")
        return record(conversation, thought, *rest)

    monkeypatch.setattr(agent.settle, "turn_record", breaking)


def test_a_turn_that_cannot_be_stored_with_the_model_is_settled_by_rules(says, groq, monkeypatch):
    endpoint = groq(reply(KIND))
    broken_for(monkeypatch, lambda thought: thought.consultation.parsed.value)
    turn = turn_run(conversation_id=says("oi").conversation_id).turn
    assert (turn.model_error, turn.raw_output, turn.context) == ("unstorable", "", {})
    assert "model" not in turn.path and turn.replies[0].startswith(GREETING)
    assert len(endpoint.calls) == Turn.objects.count() == 1


def fails(conversation: Conversation, error: type[Exception]) -> None:
    with pytest.raises(error):
        answer(conversation.pk)


def test_what_cannot_be_stored_at_all_is_left_to_people_who_are_told(says, bruno, monkeypatch):
    conversation = says("oi").conversation
    broken_for(monkeypatch, lambda _thought: True)
    for _ in range(4):
        fails(conversation, DataError)
    assert not bruno.notifications.exists()
    answer(conversation.pk)
    conversation.refresh_from_db()
    assert (conversation.attended_by, conversation.awaiting_since) == (Attendance.NONE, None)
    assert "could not answer" in Message.objects.get(kind=MessageKind.EVENT).text
    assert bruno.notifications.get(kind="stuck").url == f"/conversations/{conversation.pk}/"
    answer(conversation.pk)
    assert bruno.notifications.count() == 1


def test_handed_back_it_is_tried_again(says, bruno, monkeypatch):
    conversation = says("oi").conversation
    with monkeypatch.context() as patch:
        broken_for(patch, lambda _thought: True)
        for _ in range(4):
            fails(conversation, DataError)
        answer(conversation.pk)
    conversation_hand_back(conversation_id=conversation.pk, user=bruno)
    answer(conversation.pk)
    assert Turn.objects.get().replies[0].startswith(GREETING)


def test_a_database_that_is_away_is_no_fault_of_the_thread(says, bruno, monkeypatch):
    conversation = says("oi").conversation
    broken_for(monkeypatch, lambda _thought: True, OperationalError)
    for _ in range(7):
        fails(conversation, OperationalError)
    assert not bruno.notifications.exists()
