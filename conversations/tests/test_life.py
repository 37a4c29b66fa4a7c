"""Threads grow idle, are put away, and come back."""

from datetime import timedelta

import pytest

from conversations.life import conversation_archive, conversation_mark_unread, conversation_restore, threads_age
from conversations.models import Author, Conversation, ConversationStatus, Message, MessageKind, ScheduledMessage
from conversations.outbox import message_queue
from conversations.selectors import first_unread
from conversations.services import conversation_read, conversation_take
from conversations.snooze import conversation_snooze
from crm.core.clock import now
from crm.core.errors import Conflict


def age(thread: Conversation, **ago: int) -> None:
    """As if everything in the thread had been said so long ago."""
    back = timedelta(**ago)
    for message in thread.messages.all():
        Message.objects.filter(pk=message.pk).update(created_at=message.created_at - back)
    thread.refresh_from_db()
    Conversation.objects.filter(pk=thread.pk).update(last_message_at=thread.last_message_at - back)


def status_of(thread: Conversation) -> str:
    thread.refresh_from_db()
    return thread.status


@pytest.fixture
def read_thread(maria_thread, ana):
    """Nobody waits for anything in it."""
    conversation_take(conversation_id=maria_thread.pk, user=ana, note=False)
    conversation_read(conversation_id=maria_thread.pk)
    return maria_thread


def test_a_thread_is_idle_after_half_an_hour_and_put_away_after_a_week(read_thread):
    age(read_thread, minutes=29)
    assert threads_age() == (0, 0) and status_of(read_thread) == ConversationStatus.ACTIVE
    age(read_thread, minutes=2)
    threads_age()
    assert status_of(read_thread) == ConversationStatus.IDLE
    age(read_thread, days=6)
    assert threads_age() == (0, 0)
    age(read_thread, days=1)
    assert threads_age() == (0, 1) and status_of(read_thread) == ConversationStatus.ARCHIVED


def test_a_young_thread_goes_on_and_an_old_one_begins_anew(says, read_thread):
    conversation_archive(conversation_id=read_thread.pk)
    says("voltei")
    assert status_of(read_thread) == ConversationStatus.ACTIVE
    assert not read_thread.messages.filter(kind=MessageKind.EVENT).exists()
    conversation_read(conversation_id=read_thread.pk)
    age(read_thread, days=12)
    threads_age()
    threads_age()
    assert status_of(read_thread) == ConversationStatus.ARCHIVED
    says("oi, lembra de mim?")
    assert status_of(read_thread) == ConversationStatus.ACTIVE
    line, message = read_thread.messages.order_by("pk")[2:]
    assert (line.kind, line.media, message.text) == ("event", {"days": "12"}, "oi, lembra de mim?")


def unread(thread, ana):
    conversation_mark_unread(conversation_id=thread.pk)


def leaving(thread, ana):
    message = message_queue(conversation_id=thread.pk, text="já vai", author=Author.CONSULTANT, user=ana)
    Message.objects.filter(pk=message.pk).update(created_at=now() - timedelta(days=9))


def planned(thread, ana):
    ScheduledMessage.objects.create(conversation=thread, author=ana, text="oi", send_at=now() + timedelta(days=1))


def snoozed(thread, ana):
    conversation_snooze(conversation_id=thread.pk, until=now() + timedelta(days=1), user=ana)


def waiting(thread, ana):
    Conversation.objects.filter(pk=thread.pk).update(awaiting_since=now())


def a_note(thread, ana):
    thread.messages.create(
        kind="note", direction="out", author="consultant", sender=ana, state="received", sent_at=now()
    )


@pytest.mark.parametrize("what", [unread, leaving, planned, snoozed, waiting, a_note])
def test_where_somebody_waits_for_something_nothing_is_put_away(read_thread, ana, what):
    age(read_thread, days=9)
    what(read_thread, ana)
    old = {"last_message_at": now() - timedelta(days=9), "status": ConversationStatus.IDLE}
    Conversation.objects.filter(pk=read_thread.pk).update(**old)
    assert threads_age() == (0, 0)
    assert status_of(read_thread) == ConversationStatus.IDLE


def test_what_a_person_brought_back_is_not_put_away_again_at_once(read_thread, ana):
    age(read_thread, days=9)
    conversation_archive(conversation_id=read_thread.pk)
    conversation_restore(conversation_id=read_thread.pk, user=ana)
    assert status_of(read_thread) == ConversationStatus.ACTIVE
    assert threads_age() == (0, 0)


def test_unread_messages_are_not_archived_by_hand(maria_thread):
    with pytest.raises(Conflict):
        conversation_archive(conversation_id=maria_thread.pk)


def test_marked_unread_reading_goes_on_at_the_last_message(says, read_thread):
    last = says("e aí?")
    conversation_read(conversation_id=read_thread.pk)
    conversation_mark_unread(conversation_id=read_thread.pk)
    read_thread.refresh_from_db()
    assert (read_thread.unread_count, first_unread(read_thread)) == (1, last.pk)
    conversation_mark_unread(conversation_id=read_thread.pk)
    read_thread.refresh_from_db()
    assert read_thread.unread_count == 1


def test_what_came_after_the_look_stays_unread(says, maria_thread):
    seen = maria_thread.messages.get()
    says("mais uma")
    conversation_read(conversation_id=maria_thread.pk, upto_id=seen.pk)
    maria_thread.refresh_from_db()
    assert maria_thread.unread_count == 2
