"""Lívia is switched off on a number: what she attended there is nobody's, and nobody is kept waiting for her."""

import pytest

from conversations.consent import contact_opt_out
from conversations.models import Author, Conversation, Inbox, MessageState
from conversations.outbox import message_queue
from conversations.services import conversation_take
from conversations.tasks import quiet
from leads.models import Attendance
from leads.services import lead_assign


@pytest.fixture
def switched_off(livia_inbox):
    def switch() -> None:
        Inbox.objects.filter(pk=livia_inbox.pk).update(livia_enabled=False)
        quiet()

    return switch


def test_she_leaves_whom_she_attended_and_says_no_more(maria_thread, switched_off):
    waiting = message_queue(conversation_id=maria_thread.pk, text="Como posso te chamar?", author=Author.LIVIA)
    switched_off()
    maria_thread.refresh_from_db()
    waiting.refresh_from_db()
    assert (maria_thread.attended_by, maria_thread.awaiting_since) == (Attendance.NONE, None)
    assert waiting.state == MessageState.CANCELLED


def test_whoever_serves_the_client_hears_of_what_is_unread_and_of_what_comes(maria_thread, ana, says, switched_off):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    switched_off()
    assert ana.notifications.filter(kind="message").count() == 1
    Conversation.objects.update(unread_count=0)
    says("alguém?")
    assert ana.notifications.filter(kind="message").count() == 2


def test_a_person_and_a_number_where_she_stays_are_left_alone(maria_thread, ana, says, switched_off):
    elsewhere = says("oi", inbox=Inbox.objects.create(name="Outra", role="livia")).conversation
    conversation_take(conversation_id=maria_thread.pk, user=ana)
    switched_off()
    kept = dict(Conversation.objects.values_list("pk", "attended_by"))
    assert kept == {maria_thread.pk: Attendance.PERSON, elsewhere.pk: Attendance.LIVIA}


def test_the_confirmation_of_an_opt_out_still_leaves(maria_thread, switched_off):
    contact_opt_out(conversation_id=maria_thread.pk, confirmation="Tudo bem.")
    switched_off()
    assert maria_thread.messages.get(author=Author.LIVIA).state == MessageState.QUEUED
