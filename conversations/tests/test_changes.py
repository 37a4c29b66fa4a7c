"""Reactions, edits, messages taken back, and content that comes late."""

from datetime import timedelta

import pytest

from conversations.models import Author, Conversation, Message, MessageKind, MessageState
from conversations.outbox import message_queue, outbox_sent
from conversations.selectors import messages_page
from conversations.services import conversation_take
from crm.core.clock import now
from crm.realtime.models import Event
from leads.models import Attendance, Lead


@pytest.fixture
def reacts(says):
    def react(emoji: str, target: str, **changes):
        return says(emoji, kind="reaction", target_provider_id=target, **changes)

    return react


@pytest.fixture
def edits(says):
    def edit(text: str, target: str, **changes):
        return says(text, kind="edit", target_provider_id=target, **changes)

    return edit


@pytest.fixture
def takes_back(says):
    def revoke(target: str, **changes):
        return says("", kind="revoke", target_provider_id=target, **changes)

    return revoke


def thread() -> Conversation:
    return Conversation.objects.get()


def shown() -> list[Message]:
    return messages_page(thread())[0]


def pushed(message: Message) -> str:
    """What the open thread was last told of a message."""
    return Event.objects.filter(object_id=f"msg-{message.pk}").latest("pk").html["en"]


# ---- reactions
def test_a_reaction_is_a_chip_on_its_target_and_no_line(says, reacts):
    message = says("oi", provider_id="A")
    reacts("❤️", "A")
    assert [line.pk for line in shown()] == [message.pk]
    assert shown()[0].reactions == ["❤️"]
    assert "❤️" in pushed(message)
    assert thread().last_message_text == "❤️"


def test_of_each_side_the_latest_reaction_stays(says, reacts):
    says("oi", provider_id="A")
    reacts("❤️", "A")
    reacts("👍", "A")
    reacts("🙏", "A", from_me=True)
    assert sorted(shown()[0].reactions) == sorted(["👍", "🙏"])


def test_a_reaction_taken_back_is_gone_and_the_row_tells_the_last_line_again(says, reacts):
    message = says("oi", provider_id="A")
    reacts("❤️", "A")
    reacts("", "A")
    assert shown()[0].reactions == []
    assert "❤️" not in pushed(message)
    assert (thread().last_message_text, thread().last_message_author) == ("oi", "client")
    assert Lead.objects.get().last_message_text == "oi"


def test_our_own_reaction_on_the_phone_does_not_pause_livia(says, reacts):
    says("oi", provider_id="A")
    reacts("👍", "A", from_me=True)
    assert thread().attended_by == Attendance.LIVIA


def test_a_reaction_before_its_target_shows_once_that_comes(says, reacts):
    reacts("👍", "LATER")
    message = says("oi", provider_id="LATER")
    assert [line.reactions for line in shown()] == [["👍"]]
    assert "👍" in pushed(message)


def test_the_same_reaction_again_is_harmless(says, reacts):
    says("oi", provider_id="A")
    reacts("👍", "A", provider_id="R")
    assert reacts("👍", "A", provider_id="R") is None
    assert shown()[0].reactions == ["👍"]


def test_a_reaction_to_our_message_leaves_its_ticks_in_the_row_right(says, reacts, maria_thread):
    message = message_queue(conversation_id=maria_thread.pk, text="olá", author=Author.LIVIA)
    Message.objects.filter(pk=message.pk).update(state=MessageState.SENDING)
    reacts("👍", "OUT1")
    reacts("", "OUT1")
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert (thread().last_message_text, thread().last_message_state) == ("olá", MessageState.SENT)


# ---- edits
def test_an_edit_changes_the_message_in_place_and_keeps_what_it_was(says, edits):
    message = says("quero 30 mil", provider_id="A")
    edits("quero 300 mil", "A")
    message.refresh_from_db()
    assert (message.text, message.original_text) == ("quero 300 mil", "quero 30 mil")
    assert message.edited_at and Message.objects.count() == 1
    assert "quero 30 mil" in pushed(message) and "edited" in pushed(message)
    assert thread().last_message_text == Lead.objects.get().last_message_text == "quero 300 mil"


def test_the_first_text_stays_the_original(says, edits):
    message = says("um", provider_id="A")
    edits("dois", "A")
    edits("três", "A")
    message.refresh_from_db()
    assert (message.text, message.original_text) == ("três", "um")


def test_an_older_edit_that_comes_late_is_ignored(says, edits):
    message = says("um", provider_id="A")
    edits("três", "A", sent_at=now())
    assert edits("dois", "A", sent_at=now() - timedelta(minutes=1)) is None
    message.refresh_from_db()
    assert message.text == "três"


def test_the_same_edit_again_is_harmless(says, edits):
    message = says("um", provider_id="A")
    at = now()
    edits("dois", "A", provider_id="E", sent_at=at)
    message.refresh_from_db()
    assert edits("dois", "A", provider_id="E", sent_at=at) is None
    revision = message.revision
    message.refresh_from_db()
    assert message.revision == revision


def test_an_edit_of_an_earlier_line_leaves_the_preview(says, edits):
    says("um", provider_id="A")
    says("dois")
    edits("1", "A")
    assert thread().last_message_text == "dois"


def test_an_edit_of_what_never_came_is_stored_as_a_message(says, edits):
    says("oi")
    message = edits("quero 300 mil", "NEVER", provider_id="E")
    assert (message.kind, message.text) == (MessageKind.TEXT, "quero 300 mil")
    assert edits("quero 300 mil", "NEVER", provider_id="E") is None


def test_an_edit_reaches_only_its_writers_messages(says, edits):
    says("oi", provider_id="A")
    edits("olá", "A", from_me=True)
    assert sorted(Message.objects.values_list("direction", "text")) == [("in", "oi"), ("out", "olá")]


def test_an_edit_does_not_wake_livia_where_a_person_attends(says, edits, ana):
    says("oi", provider_id="A")
    conversation_take(conversation_id=thread().pk, user=ana)
    edits("olá", "A")
    assert not thread().awaits_livia


# ---- taken back
def test_a_message_taken_back_stays_dimmed_for_us_to_see(says, takes_back):
    message = says("oi", provider_id="A")
    takes_back("A")
    assert "Deleted by the client" in pushed(message) and "<s" in pushed(message)
    assert thread().last_message_text == "🚫"


def test_taking_back_twice_changes_nothing(says, takes_back):
    says("oi", provider_id="A")
    assert takes_back("A") is not None
    assert takes_back("A") is None
    assert Message.objects.count() == 1


def test_what_was_deleted_on_the_phone_says_so(says, takes_back):
    message = says("engano", from_me=True, provider_id="A")
    takes_back("A", from_me=True)
    assert "Deleted on the phone" in pushed(message)


def test_an_edit_after_it_was_taken_back_is_ignored(says, edits, takes_back):
    message = says("oi", provider_id="A")
    takes_back("A")
    assert edits("olá", "A") is None
    message.refresh_from_db()
    assert message.text == "oi"


# ---- content that comes late
def test_what_cannot_be_read_yet_waits_without_waking_livia(says):
    message = says("", kind="pending", provider_id="P")
    assert (message.kind, thread().unread_count, thread().awaits_livia) == ("pending", 1, False)
    assert "Waiting for this message" in pushed(message)
    assert thread().last_message_text == "⏳"
    assert says("", kind="pending", provider_id="P") is None


def test_its_content_takes_its_place(says):
    message = says("", kind="pending", provider_id="P")
    assert says("oi", provider_id="P").pk == message.pk
    message.refresh_from_db()
    assert (message.kind, message.text) == ("text", "oi")
    assert ">oi<" in pushed(message) and thread().last_message_text == "oi"
    assert thread().unread_count == 1 and thread().awaits_livia
    assert says("oi", provider_id="P") is None


def test_late_content_that_somebody_looked_for_is_unread_again(says, ana):
    says("", kind="pending", provider_id="P")
    Conversation.objects.update(unread_count=0)
    says("oi", provider_id="P")
    assert thread().unread_count == 1


def test_late_content_of_a_message_taken_back_wakes_nobody(says, takes_back):
    says("", kind="pending", provider_id="P")
    takes_back("P")
    says("oi", provider_id="P")
    assert not thread().awaits_livia


@pytest.mark.parametrize(("kind", "text"), [("reaction", "👍"), ("edit", "olá"), ("revoke", "")])
def test_what_turns_out_to_change_another_message_leaves_no_empty_place(says, kind, text):
    target = says("oi", provider_id="A")
    waiting = says("", kind="pending", provider_id="P")
    says(text, kind=kind, target_provider_id="A", provider_id="P")
    assert [message.pk for message in shown()] == [target.pk]
    assert "data-gone" in pushed(waiting) and thread().unread_count == 1
    assert thread().last_message_text == {"reaction": "👍", "edit": "olá", "revoke": "🚫"}[kind]


# ---- read here, shown as read
def test_who_answers_or_looks_has_read(says, ana, browse):
    message = says("oi")
    assert thread().read_upto_id == 0
    message_queue(conversation_id=thread().pk, text="olá", author=Author.LIVIA)
    assert thread().read_upto_id == message.pk
    second = says("tudo bem?")
    browse(ana).post(f"/conversations/{thread().pk}/read/")
    assert thread().read_upto_id == second.pk
    third = says("alô")
    says("deixa comigo", from_me=True)
    assert thread().read_upto_id == third.pk


# ---- dressing
def test_a_quoted_message_is_shown_in_the_answer(says, ana, browse):
    says("qual é o prazo?", provider_id="Q", push_name="Maria")
    answer = says("esse mesmo", quoted_provider_id="Q")
    assert shown()[-1].quoted.line == "qual é o prazo?"
    assert "qual é o prazo?" in pushed(answer)
    assert shown()[0].quoted is None


def test_a_page_asks_the_same_number_of_questions_however_much_it_shows(says, reacts, ana, browse):
    client = browse(ana)

    def visit() -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as asked:
            client.get(f"/conversations/{thread().pk}/")
        return len(asked)

    says("oi", provider_id="M0", quoted_provider_id="M0")
    visit()
    few = visit()
    for number in range(1, 20):
        says("oi", provider_id=f"M{number}", quoted_provider_id=f"M{number - 1}")
        reacts("👍", f"M{number}")
    visit()
    assert visit() == few
