"""Reactions of ours: signs on messages, which are no answers."""

import pytest

from conversations.claims import outbox_claim
from conversations.consent import contact_opt_out
from conversations.models import Conversation, Message, MessageKind, MessageState
from conversations.outbox import outbox_failed, outbox_sent
from conversations.reactions import reaction_send
from conversations.selectors import messages_page
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from crm.realtime.models import Event
from leads.models import Attendance


@pytest.fixture
def marias_message(maria_thread):
    return maria_thread.messages.get()


@pytest.fixture
def react(maria_thread, marias_message, ana):
    return lambda emoji: reaction_send(
        conversation_id=maria_thread.pk, message_id=marias_message.pk, emoji=emoji, user=ana
    )


def shown(thread: Conversation) -> list[str]:
    (message,), _more = messages_page(thread)
    return message.reactions


def test_a_reaction_goes_out_and_changes_neither_who_attends_nor_the_last_line(react, maria_thread, marias_message):
    before = Conversation.objects.get()
    react("👍")
    leaving = outbox_claim(inbox_id=maria_thread.inbox_id)
    assert (leaving.kind, leaving.text, leaving.quoted.provider_id, leaving.quoted.from_me) == (
        *("reaction", "👍", marias_message.provider_id, False),
    )
    outbox_sent(message_id=leaving.message_id, provider_id="3EB0R", sent_at=now())
    thread = Conversation.objects.get()
    assert shown(thread) == ["👍"]
    assert (thread.attended_by, thread.last_message_text, thread.last_message_author) == (
        *(Attendance.LIVIA, "oi", "client"),
    )
    assert (thread.unread_count, thread.answered_upto_id, thread.last_message_state) == (
        *(before.unread_count, before.answered_upto_id, before.last_message_state),
    )


def test_the_same_again_takes_it_back_and_another_takes_its_place(react, maria_thread):
    react("👍")
    react("❤️")
    assert shown(maria_thread) == ["❤️"]
    assert react("❤️").text == ""
    assert shown(maria_thread) == []


def test_each_step_shows_on_the_message_and_never_as_a_bubble_of_its_own(react, maria_thread, marias_message):
    row = react("👍")
    outbox_claim(inbox_id=maria_thread.inbox_id)
    outbox_sent(message_id=row.pk, provider_id="3EB0R", sent_at=now())
    told = Event.objects.filter(room=f"chat.{maria_thread.pk}", kind="message").values_list("object_id", flat=True)
    assert set(told) == {f"msg-{marias_message.pk}"}


def test_a_reaction_that_did_not_leave_is_not_shown(react, maria_thread):
    row = react("👍")
    outbox_claim(inbox_id=maria_thread.inbox_id)
    outbox_failed(message_id=row.pk, code="479")
    assert shown(maria_thread) == []
    assert react("👍").text == "👍"  # not a taking back


def test_after_an_opt_out_nothing_is_sent_not_even_a_sign(react, maria_thread):
    waiting = react("👍")
    contact_opt_out(conversation_id=maria_thread.pk, confirmation="Certo, não escrevo mais.")
    assert Message.objects.get(pk=waiting.pk).state == MessageState.CANCELLED
    with pytest.raises(Conflict):
        react("😂")


@pytest.mark.parametrize("emoji", ["", "ok", "👍 👍", "<b>", "1", "a👍", "👍" * 20])
def test_only_one_emoji_is_a_reaction(react, emoji):
    with pytest.raises(Invalid):
        react(emoji)


def test_only_what_whatsapp_knows_can_be_reacted_to(maria_thread, ana, says, browse):
    other = says("oi", phone="5511911112222")
    unsent = Message.objects.create(
        conversation=maria_thread, direction="out", author="consultant", state="queued", sent_at=now(), text="a"
    )
    for target in (other, unsent):
        with pytest.raises(Invalid):
            reaction_send(conversation_id=maria_thread.pk, message_id=target.pk, emoji="👍", user=ana)
    assert not Message.objects.filter(kind=MessageKind.REACTION).exists()
