"""Lívia and messages that change after they came: corrected, taken back, readable only later."""

import pytest

import agent.thinking
from agent.models import Turn
from agent.turns import turn_run
from conversations.models import Author, Conversation, Message
from leads.models import Lead


@pytest.fixture
def edits(says):
    def edit(text: str, target: str) -> Message | None:
        return says(text, kind="edit", target_provider_id=target)

    return edit


@pytest.fixture
def takes_back(says):
    def revoke(target: str) -> Message | None:
        return says("", kind="revoke", target_provider_id=target)

    return revoke


@pytest.fixture
def while_livia_thinks(monkeypatch):
    """Something happens between her reading and her writing."""
    think = agent.thinking.decide

    def when(happens) -> None:
        def slow(*args, **options):
            monkeypatch.setattr(agent.thinking, "decide", think)
            happens()
            return think(*args, **options)

        monkeypatch.setattr(agent.thinking, "decide", slow)

    return when


def thread() -> Conversation:
    return Conversation.objects.get()


def replies() -> int:
    return Message.objects.filter(author=Author.LIVIA).count()


def answered() -> Turn | None:
    return turn_run(conversation_id=thread().pk).turn


def test_a_reaction_wakes_nobody_and_counts_as_no_message(says):
    says("oi", provider_id="A")
    assert answered()
    before = thread()
    says("👍", kind="reaction", target_provider_id="A")
    assert (thread().unread_count, thread().last_inbound_id) == (before.unread_count, before.last_inbound_id)
    assert not thread().awaits_livia and answered() is None


def test_livia_answers_an_edit_of_what_she_has_answered(says, edits):
    says("oi", provider_id="A")
    assert answered() and answered() is None
    edits("oi, meu nome é Helena", "A")
    turn = answered()
    assert len(turn.message_ids) == 1 and replies() == 2
    assert Lead.objects.get().name == "Helena"


def test_an_edit_while_livia_thinks_discards_the_turn(says, edits, while_livia_thinks):
    says("meu nome é Jonas", provider_id="A")
    while_livia_thinks(lambda: edits("meu nome é Helena", "A"))
    assert turn_run(conversation_id=thread().pk).discarded
    assert replies() == 0
    answered()
    assert Lead.objects.get().name == "Helena"


def test_a_message_taken_back_is_not_answered(says, takes_back):
    says("oi", provider_id="A")
    takes_back("A")
    assert not thread().awaits_livia and thread().awaiting_since is None
    assert answered() is None and replies() == 0


def test_what_was_not_taken_back_is_answered_alone(says, takes_back):
    kept = says("meu nome é Helena")
    says("e sou de Marte", provider_id="B")
    takes_back("B")
    assert answered().message_ids == [kept.pk]
    assert not thread().awaits_livia


def test_a_message_taken_back_while_livia_thinks_discards_the_turn(says, takes_back, while_livia_thinks):
    says("oi", provider_id="A")
    while_livia_thinks(lambda: takes_back("A"))
    assert turn_run(conversation_id=thread().pk).discarded
    assert replies() == 0


def test_what_becomes_readable_is_answered_once(says):
    message = says("", kind="pending", provider_id="P")
    assert answered() is None
    says("oi", provider_id="P")
    assert answered().message_ids == [message.pk]
    assert says("oi", provider_id="P") is None and answered() is None


def test_content_that_comes_after_later_messages_were_answered_is_answered_too(says):
    late = says("", kind="pending", provider_id="P")
    later = says("oi")
    assert answered().message_ids == [later.pk]
    says("meu nome é Helena", provider_id="P")
    assert late.pk in answered().message_ids
    assert not thread().awaits_livia


def test_what_was_answered_is_not_read_again_for_the_edit_of_something_older(says, edits):
    corrected = says("oi", provider_id="A")
    answered()
    for text in ("meu nome é Helena", "quero um imóvel de 300 mil"):
        says(text)
        answered()
    edits("oii", "A")
    assert answered().message_ids == [corrected.pk]
    assert answered() is None and not thread().awaits_livia


def test_an_edited_message_is_read_once_more_for_each_edit(says, edits):
    message = says("meu nome é Jonas", provider_id="A")
    answered()
    for name in ("Helena", "Heloísa"):
        edits(f"meu nome é {name}", "A")
        assert answered().message_ids == [message.pk]
    later = says("sou de Natal")
    assert answered().message_ids == [later.pk]


def test_late_content_does_not_have_later_messages_read_again(says):
    late = says("", kind="pending", provider_id="P")
    says("quero um imóvel de 300 mil")
    answered()
    says("meu nome é Helena", provider_id="P")
    assert answered().message_ids == [late.pk]
    assert answered() is None


def test_nobody_waits_where_all_that_is_left_was_answered(says, edits, takes_back):
    says("oi", provider_id="A")
    says("meu nome é Helena")
    answered()
    edits("oii", "A")
    takes_back("A")
    assert answered() is None
    assert not thread().awaits_livia and thread().awaiting_since is None
