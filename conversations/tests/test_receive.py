"""What arrives is stored once, in the right thread, and shown."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from conversations.models import Author, Contact, Conversation, Inbox, InboxRole, Message, MessageState
from conversations.outbox import message_queue
from conversations.services import conversation_take
from crm.core.clock import now
from crm.core.errors import Invalid, NotFound
from crm.realtime.models import Event
from leads.models import Attendance, Lead
from leads.pipeline import Status
from leads.services import lead_assign


def test_a_stranger_becomes_a_lead_with_livia(says, ana):
    message = says("oi", push_name="Maria 💚")
    lead = Lead.objects.get()
    assert (lead.name, lead.phone, lead.status, lead.source) == ("Maria 💚", "+5511998123340", Status.NEW, "whatsapp")
    assert lead.consultant is None and not lead.awaits_consultant
    assert lead.attended_by == Attendance.LIVIA
    assert (lead.last_message_text, lead.last_message_direction, lead.unread_count) == ("oi", "in", 1)
    assert message.conversation.awaits_livia


def test_the_same_provider_id_is_stored_once(says):
    assert says("oi", provider_id="A") is not None
    assert says("oi", provider_id="A") is None
    assert Message.objects.count() == 1


def test_the_same_provider_id_in_another_chat_is_another_message(says):
    says("oi", provider_id="A")
    says("oi", provider_id="A", phone="5521987654321")
    assert Message.objects.count() == 2


def test_a_person_is_one_contact_with_and_without_the_ninth_digit_and_by_lid(says):
    says("1", phone="551198123340")
    says("2", phone="5511998123340", lid="1234@lid")
    says("3", phone=None, lid="1234@lid", chat="1234@lid")
    assert Contact.objects.count() == Conversation.objects.count() == Lead.objects.count() == 1
    assert Message.objects.count() == 3


def test_somebody_known_only_by_lid_is_served_and_later_gets_a_phone(says):
    says("oi", phone=None, lid="99@lid", chat="99@lid")
    assert Contact.objects.get().phone == ""
    says("de novo", lid="99@lid")
    assert Contact.objects.get().phone == "+5511998123340"


def test_a_lead_that_came_by_form_keeps_its_owner_and_livia_stays_out(says, ana, new_lead):
    lead = new_lead(owner=ana, phone="+5511998123340")
    conversation = says("oi").conversation
    assert conversation.lead_id == lead.pk
    assert conversation.attended_by == Attendance.NONE
    assert not conversation.awaits_livia


def test_the_consultants_number_gives_strangers_to_the_rotation(says, ana):
    inbox = Inbox.objects.create(name="Consultores", role=InboxRole.CONSULTANTS)
    conversation = says("oi", inbox=inbox).conversation
    assert conversation.lead.consultant_id == ana.pk
    assert conversation.attended_by == Attendance.NONE


def test_a_consultants_own_number_gives_strangers_to_its_owner(says, ana, caio):
    inbox = Inbox.objects.create(name="Caio", role=InboxRole.CONSULTANTS, owner=caio)
    assert says("oi", inbox=inbox).conversation.lead.consultant_id == caio.pk


def test_what_is_typed_on_our_phone_is_stored_as_sent_and_pauses_livia(says):
    conversation = says("oi").conversation
    message = says("deixa comigo", from_me=True)
    conversation.refresh_from_db()
    assert (message.author, message.state) == (Author.PHONE, MessageState.SENT)
    assert conversation.attended_by == Attendance.PERSON
    assert not conversation.awaits_livia


def test_what_livia_has_not_sent_stays_unsent_when_somebody_types_on_our_phone(says):
    conversation = says("oi").conversation
    waiting = message_queue(conversation_id=conversation.pk, text="Como posso te chamar?", author=Author.LIVIA)
    says("deixa comigo", from_me=True)
    waiting.refresh_from_db()
    assert waiting.state == MessageState.CANCELLED


def test_history_older_than_the_session_is_stored_but_not_answered(says):
    conversation = says("oi", sent_at=now() - timedelta(days=3)).conversation
    assert not conversation.awaits_livia


def test_a_clock_ahead_does_not_put_messages_into_the_future(says):
    assert says("oi", sent_at=now() + timedelta(days=3)).sent_at <= now()


def test_an_archived_thread_wakes_up(says):
    conversation = says("oi").conversation
    Conversation.objects.update(status="archived")
    says("voltei")
    conversation.refresh_from_db()
    assert conversation.status == "active"


def test_an_unknown_inbox_is_refused(says):
    with pytest.raises(NotFound):
        says("oi", inbox=Inbox(pk=987))


def test_a_message_without_a_sender_is_refused_and_leaves_nothing(says):
    with pytest.raises(Invalid):
        says("oi", phone=None, lid=None)
    assert not Contact.objects.exists() and not Lead.objects.exists()


@pytest.mark.parametrize(
    "text", ["", "💸" * 3000, "x" * 1_000_000, "a\x00b\u202ec", "<script>alert(1)</script>", "\ud800"]
)
def test_any_text_is_taken(says, text):
    message = says(text)
    assert message.pk
    assert "\x00" not in message.text and "\u202e" not in message.text


def test_unknown_kinds_are_kept_as_such(says):
    assert says("", kind="poll_update_v9").kind == "unknown"


def test_a_hostile_push_name_is_cut_to_one_clean_line(says):
    contact = says("oi", push_name="\u202eMaria\n\n<b>" + "x" * 5000).conversation.contact
    assert len(contact.push_name) <= 200 and "\n" not in contact.push_name and "\u202e" not in contact.push_name


def test_an_open_thread_and_the_lists_are_told(says):
    conversation = says("oi").conversation
    rooms = set(Event.objects.values_list("room", "kind"))
    assert {(f"chat.{conversation.pk}", "message"), ("inbox", "row"), ("inbox.open", "row"), ("board", "card")} <= rooms


def test_the_first_unread_message_rings_the_owner_once(says, ana, bruno):
    conversation = says("oi").conversation
    lead_assign(lead_id=conversation.lead_id, consultant_id=ana.pk)
    conversation_take(conversation_id=conversation.pk, user=ana)
    Conversation.objects.update(unread_count=0)
    says("está aí?")
    says("alô")
    assert ana.notifications.filter(kind="message").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_message_from_two_processes_at_once_is_stored_once(says):
    def receive(_number: int):
        try:
            return says("oi", provider_id="SAME")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        stored = [message for message in pool.map(receive, range(16)) if message]
    assert len(stored) == Message.objects.count() == 1
    assert Lead.objects.count() == Conversation.objects.count() == 1
