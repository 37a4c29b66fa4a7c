"""The outbox: a row first, first in first out within a chat, never twice, never silently lost."""

import uuid

import pytest

from conversations.claims import outbox_claim, outbox_still_wanted
from conversations.models import Author, Conversation, Message, MessageState, OrphanReceipt
from conversations.outbox import (
    message_confirm,
    message_queue,
    message_resend,
    message_send,
    outbox_failed,
    outbox_recover,
    outbox_sent,
    receipt_apply,
)
from conversations.services import conversation_take
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from leads.models import Attendance


@pytest.fixture
def queue(maria_thread):
    def put(text="olá", **options):
        return message_queue(conversation_id=maria_thread.pk, text=text, author=Author.LIVIA, **options)

    return put


def claim(conversation):
    return outbox_claim(inbox_id=conversation.inbox_id)


def state(message) -> str:
    message.refresh_from_db()
    return message.state


def receipt(conversation, provider_id, kind):
    return receipt_apply(
        inbox_id=conversation.inbox_id, chat=conversation.chat, provider_ids=[provider_id], state=kind, at=now()
    )


def test_a_message_goes_from_queued_to_read(maria_thread, queue):
    message = queue("olá")
    assert state(message) == MessageState.QUEUED
    claimed = claim(maria_thread)
    assert (claimed.message_id, claimed.chat, claimed.text) == (message.pk, maria_thread.chat, "olá")
    assert state(message) == MessageState.SENDING
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert state(message) == MessageState.SENT
    for kind in ("delivered", "read"):
        assert receipt(maria_thread, "OUT1", kind) == 1
        assert state(message) == kind


def test_within_a_chat_the_next_waits_for_the_one_before(maria_thread, queue):
    first, second = queue("um"), queue("dois")
    assert claim(maria_thread).message_id == first.pk
    assert claim(maria_thread) is None
    outbox_sent(message_id=first.pk, provider_id="OUT1", sent_at=now())
    assert claim(maria_thread).message_id == second.pk


def test_one_chat_does_not_hold_up_another(maria_thread, queue, says):
    queue("um")
    other = says("oi", phone="5521987654321").conversation
    message_queue(conversation_id=other.pk, text="dois", author=Author.LIVIA)
    assert claim(maria_thread).conversation_id == maria_thread.pk
    assert claim(maria_thread).conversation_id == other.pk


def test_a_receipt_before_our_own_commit_is_kept_and_matched(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    assert receipt(maria_thread, "OUT1", "delivered") == 0
    assert OrphanReceipt.objects.count() == 1
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert state(message) == MessageState.DELIVERED
    assert not OrphanReceipt.objects.exists()


def test_receipts_never_go_backwards(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    receipt(maria_thread, "OUT1", "read")
    receipt(maria_thread, "OUT1", "delivered")
    assert state(message) == MessageState.READ


def test_a_crash_between_send_and_record_shows_as_unconfirmed(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    assert outbox_recover(inbox_id=maria_thread.inbox_id) == 1
    assert state(message) == MessageState.UNKNOWN
    assert claim(maria_thread) is None


def test_a_later_receipt_settles_an_unconfirmed_message(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    outbox_recover(inbox_id=maria_thread.inbox_id)
    assert receipt(maria_thread, "UNSEEN", "delivered") == 1
    assert state(message) == MessageState.DELIVERED


def test_a_person_decides_on_an_unconfirmed_message(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    outbox_recover(inbox_id=maria_thread.inbox_id)
    message_resend(message_id=message.pk)
    assert state(message) == MessageState.QUEUED
    claim(maria_thread)
    outbox_recover(inbox_id=maria_thread.inbox_id)
    message_confirm(message_id=message.pk)
    assert state(message) == MessageState.SENT
    with pytest.raises(Conflict):
        message_resend(message_id=message.pk)
    with pytest.raises(Conflict):
        message_confirm(message_id=message.pk)


def test_what_surely_did_not_leave_is_tried_five_times_with_pauses(maria_thread, queue):
    message = queue()
    for _attempt in range(4):
        assert claim(maria_thread).message_id == message.pk
        outbox_failed(message_id=message.pk, code="offline", retry=True)
        assert state(message) == MessageState.QUEUED
        assert claim(maria_thread) is None
        Message.objects.update(not_before=None)
    claim(maria_thread)
    outbox_failed(message_id=message.pk, code="offline", retry=True)
    assert state(message) == MessageState.FAILED
    assert message.error_code == "offline"


def test_a_takeover_cancels_what_livia_has_not_sent(maria_thread, queue, ana):
    claimed, waiting = queue("um"), queue("dois")
    claim(maria_thread)
    conversation_take(conversation_id=maria_thread.pk, user=ana)
    assert state(claimed) == state(waiting) == MessageState.CANCELLED
    assert not outbox_still_wanted(message_id=claimed.pk)


def test_what_left_in_the_moment_it_was_cancelled_is_shown_as_sent(maria_thread, queue, ana):
    message = queue()
    claim(maria_thread)
    conversation_take(conversation_id=maria_thread.pk, user=ana)
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert state(message) == MessageState.SENT


def test_a_consultants_answer_takes_the_conversation(maria_thread, ana):
    message = message_send(conversation_id=maria_thread.pk, text="Oi, aqui é a Ana", user=ana)
    thread = Conversation.objects.get(pk=maria_thread.pk)
    assert (thread.attended_by, thread.taken_by, thread.unread_count) == (Attendance.PERSON, ana, 0)
    assert not thread.awaits_livia
    assert (message.author, message.sender) == (Author.CONSULTANT, ana)


def test_a_double_click_sends_once(maria_thread, ana):
    token = uuid.uuid4()
    one, two = (
        message_send(conversation_id=maria_thread.pk, text="oi", user=ana, client_token=token) for _ in range(2)
    )
    assert one.pk == two.pk


@pytest.mark.parametrize("text", ["", "   ", "\x00", "x" * 4097])
def test_empty_and_endless_messages_are_refused(maria_thread, ana, text):
    with pytest.raises(Invalid):
        message_send(conversation_id=maria_thread.pk, text=text, user=ana)


def test_typing_counts_from_when_the_message_was_written(maria_thread, queue):
    queue(typing_ms=60_000)
    assert 0 < claim(maria_thread).typing_ms <= 60_000
