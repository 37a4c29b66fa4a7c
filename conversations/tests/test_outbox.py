"""The outbox: a row first, first in first out within a chat, never twice, never silently lost."""

import threading
import uuid
from datetime import timedelta

import pytest
from django.db import connection

from conversations.claims import DAY, outbox_claim, outbox_cold_since, outbox_still_wanted
from conversations.consent import contact_opt_out
from conversations.models import Author, Contact, Conversation, Inbox, InboxRole, Message, MessageState, OrphanReceipt
from conversations.outbox import (
    message_confirm,
    message_queue,
    message_resend,
    message_send,
    outbox_failed,
    outbox_recover,
    outbox_sent,
    outbox_unknown,
    receipt_apply,
    receipts_forget,
    replies_queue,
)
from conversations.services import conversation_take
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from crm.core.work import unit
from leads.models import Attendance
from tests.realtime.waiting import eventually


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


def test_what_is_said_in_one_breath_is_several_messages_and_one_change_of_the_thread(maria_thread):
    rows = replies_queue(conversation_id=maria_thread.pk, replies=[("Olá!", 900), ("Como posso te chamar?", 1500)])
    revision = maria_thread.revision
    maria_thread.refresh_from_db()
    assert [(row.text, row.typing_ms, row.state) for row in rows] == [
        ("Olá!", 900, MessageState.QUEUED), ("Como posso te chamar?", 1500, MessageState.QUEUED)
    ]  # fmt: skip
    assert (maria_thread.last_message_text, maria_thread.revision) == ("Como posso te chamar?", revision + 1)
    assert replies_queue(conversation_id=maria_thread.pk, replies=[]) == []


def test_a_receipt_before_our_own_commit_is_kept_and_matched(maria_thread, queue):
    message = queue()
    claim(maria_thread)
    assert receipt(maria_thread, "OUT1", "delivered") == 0
    assert OrphanReceipt.objects.count() == 1
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert state(message) == MessageState.DELIVERED
    assert not OrphanReceipt.objects.exists()


def test_receipts_of_messages_that_never_came_are_forgotten_after_a_week(maria_thread):
    receipt(maria_thread, "OLD", "delivered")
    OrphanReceipt.objects.update(created_at=now() - timedelta(days=8))
    receipt(maria_thread, "NEW", "delivered")
    assert receipts_forget() == 1
    assert OrphanReceipt.objects.get().provider_id == "NEW"


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


@pytest.fixture
def leaves(maria_thread):
    """Maria asks for no more messages."""
    return lambda: contact_opt_out(conversation_id=maria_thread.pk, confirmation="Tudo bem.")


def test_after_an_opt_out_nobody_sends_an_old_message_again(maria_thread, queue, leaves):
    message = queue()
    claim(maria_thread)
    outbox_unknown(message_id=message.pk, code="timeout")
    leaves()
    with pytest.raises(Conflict) as refused:
        message_resend(message_id=message.pk)
    assert refused.value.code == "opted_out"
    assert state(message) == MessageState.UNKNOWN


def test_consent_is_asked_for_once_more_before_a_message_leaves(maria_thread, queue, leaves):
    message = queue()
    claim(maria_thread)
    Contact.objects.update(opted_out_at=now())  # as if the cancellation had missed it
    assert not outbox_still_wanted(message_id=message.pk)
    Contact.objects.update(opted_out_at=None)
    assert outbox_still_wanted(message_id=message.pk)
    leaves()
    assert not outbox_still_wanted(message_id=message.pk)
    confirmation = claim(maria_thread)
    assert confirmation.text == "Tudo bem."
    assert outbox_still_wanted(message_id=confirmation.message_id)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_in_another_thread_is_waited_for(says, ana):
    elsewhere = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    here, there = says("1").conversation, says("2", inbox=elsewhere).conversation
    locked = threading.Event()

    def opt_out() -> None:
        try:
            with unit():
                contact_opt_out(conversation_id=here.pk, confirmation="Tudo bem.")
                locked.set()
                eventually(somebody_waits)
        finally:
            connection.close()

    leaving = threading.Thread(target=opt_out)
    leaving.start()
    assert locked.wait(10)
    with pytest.raises(Conflict):
        message_send(conversation_id=there.pk, text="Oferta!", user=ana)
    leaving.join()


@pytest.mark.parametrize(("kind", "cold"), [("text", False), ("image", False), ("reaction", True), ("pending", True)])
def test_words_make_a_client_known_and_signs_do_not(says, kind, cold):
    """For what leaves now and for what is remembered after a restart alike."""
    thread = says("👍", kind=kind).conversation
    message = message_queue(conversation_id=thread.pk, text="olá", author=Author.LIVIA)
    assert claim(thread).cold is cold
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert bool(outbox_cold_since(inbox_id=thread.inbox_id, since=now() - DAY)) is cold
