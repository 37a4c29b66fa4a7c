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
from crm.core.clock import now
from leads.models import Attendance

KIND = "Que ótimo falar com você! Qual é o seu nome, por favor?"
GREETING = "Olá! Eu sou a Lívia"


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


def fails(conversation: Conversation) -> float:
    """A try as soon as it is due; the seconds until the next one."""
    Conversation.objects.filter(pk=conversation.pk).update(turn_not_before=None)
    answer(conversation.pk)
    conversation.refresh_from_db()
    return (conversation.turn_not_before - now()).total_seconds()


def test_what_cannot_be_stored_at_all_is_left_to_people_who_are_told(says, bruno, monkeypatch):
    conversation = says("oi").conversation
    broken_for(monkeypatch, lambda _thought: True)
    assert [round(fails(conversation)) for _ in range(4)] == [5, 20, 60, 300]
    answer(conversation.pk)  # not due yet
    conversation.refresh_from_db()
    assert (conversation.turn_failures, bruno.notifications.exists()) == (4, False)
    with pytest.raises(TypeError):  # there is no next try
        fails(conversation)
    conversation.refresh_from_db()
    assert (conversation.turn_error, conversation.turn_failed_at is not None) == ("DataError", True)
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
            fails(conversation)
        Conversation.objects.filter(pk=conversation.pk).update(turn_not_before=None)
        answer(conversation.pk)
    conversation_hand_back(conversation_id=conversation.pk, user=bruno)
    answer(conversation.pk)
    assert Turn.objects.get().replies[0].startswith(GREETING)
    conversation.refresh_from_db()
    assert (conversation.turn_failures, conversation.turn_failed_at) == (0, None)


def test_a_try_that_succeeds_forgets_those_that_failed(says, monkeypatch):
    conversation = says("oi").conversation
    with monkeypatch.context() as patch:
        broken_for(patch, lambda _thought: True)
        fails(conversation)
    Conversation.objects.filter(pk=conversation.pk).update(turn_not_before=None)
    answer(conversation.pk)
    conversation.refresh_from_db()
    assert (conversation.turn_failures, conversation.turn_error, Turn.objects.count()) == (0, "", 1)


def test_a_database_that_is_away_is_no_fault_of_the_thread(says, bruno, monkeypatch):
    conversation = says("oi").conversation
    broken_for(monkeypatch, lambda _thought: True, OperationalError)
    for _ in range(7):
        with pytest.raises(OperationalError):
            answer(conversation.pk)
    conversation.refresh_from_db()
    assert conversation.turn_failures == 0
    assert not bruno.notifications.exists()
