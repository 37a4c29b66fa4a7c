"""Two threads become one: what waits to leave, what could not be read, and whose the client is now."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from conversations.consent import contact_opt_out
from conversations.models import Author, Contact, Conversation, MediaState, Message, MessageKind, MessageState
from conversations.outbox import message_queue
from conversations.services import conversation_take
from conversations.tests.maria import LID, PHONE, attempt
from leads.actors import SYSTEM
from leads.models import Attendance, Lead
from leads.services import lead_assign, lead_update


def livia_writes(conversation: Conversation, text: str = "Oi, sou a Lívia") -> Message:
    return message_queue(conversation_id=conversation.pk, text=text, author=Author.LIVIA)


def said_in(thread: Conversation) -> list[Message]:
    """Without the line that says that two threads were joined."""
    return list(thread.messages.exclude(kind=MessageKind.EVENT).order_by("pk"))


def state_of(message: Message) -> str:
    message.refresh_from_db()
    return message.state


# ---- what both threads have
@pytest.mark.parametrize("readable_first", [True, False])
def test_of_two_copies_the_readable_one_stays(says, by_lid, by_both, readable_first):
    unreadable, readable = {"text": "", "kind": "pending"}, {"text": "quero 300 mil"}
    first, second = (readable, unreadable) if readable_first else (unreadable, readable)
    says(**first, provider_id="SAME")
    by_lid(**second, provider_id="SAME")
    thread = by_both("oi").conversation
    assert [message.text for message in said_in(thread)] == ["quero 300 mil", "oi"]
    assert thread.awaits_livia


@pytest.mark.parametrize("stored_first", [True, False])
def test_of_two_copies_the_one_with_its_file_stays(says, by_lid, by_both, stored_first):
    photo = {"text": "", "kind": "image", "provider_id": "SAME", "media": {"mime": "image/jpeg", "ref": "r", "size": 1}}
    copies = [says(**photo), by_lid(**photo)]
    stored = copies[0 if stored_first else 1]
    Message.objects.filter(pk=stored.pk).update(media_state=MediaState.STORED)
    thread = by_both("oi").conversation
    assert thread.messages.get(provider_id="SAME").media_state == MediaState.STORED


def test_of_two_copies_one_taken_back_is_taken_back(says, by_lid, by_both):
    says("", kind="revoke", target_provider_id="SAME")
    by_lid("engano", provider_id="SAME")
    thread = by_both("oi").conversation
    message = thread.messages.get(provider_id="SAME")
    assert message.text == "engano" and message.revoked_at


# ---- what waits to leave
def test_what_livia_has_not_sent_stays_unsent_once_the_thread_is_a_persons(says, by_lid, by_both, ana):
    conversation_take(conversation_id=says("1").conversation.pk, user=ana)
    reply = livia_writes(by_lid("2").conversation)
    thread = by_both("3").conversation
    assert thread.attended_by == Attendance.PERSON
    assert state_of(reply) == MessageState.CANCELLED


def test_what_livia_has_not_sent_leaves_where_she_still_attends(says, by_lid, by_both):
    says("1")
    reply = livia_writes(by_lid("2").conversation)
    by_both("3")
    assert state_of(reply) == MessageState.QUEUED


def test_the_confirmation_of_an_opt_out_leaves_all_the_same(says, by_lid, by_both, ana):
    conversation_take(conversation_id=says("1").conversation.pk, user=ana)
    contact_opt_out(conversation_id=by_lid("sair").conversation.pk, confirmation="Tudo bem.")
    by_both("3")
    assert Message.objects.get(text="Tudo bem.").state == MessageState.QUEUED


# ---- whose the client is
def test_livia_steps_back_once_the_stranger_is_anas_client(by_lid, by_both, ana, new_lead):
    new_lead(owner=ana, phone=f"+{PHONE}")
    stranger = by_lid("oi").conversation
    reply = livia_writes(stranger)
    thread = by_both("sou eu").conversation
    assert thread.pk == stranger.pk
    assert (thread.attended_by, thread.awaits_livia, thread.awaiting_since) == (Attendance.NONE, False, None)
    assert state_of(reply) == MessageState.CANCELLED
    thread.lead.refresh_from_db()
    assert (thread.lead.consultant_id, thread.lead.attended_by) == (ana.pk, Attendance.NONE)


def test_livia_goes_on_where_ana_had_let_her(by_lid, by_both, ana):
    thread = by_lid("oi").conversation
    lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)  # which leaves the thread with Lívia
    assert by_both("sou eu").conversation.attended_by == Attendance.LIVIA


def test_another_phone_with_a_known_lid_is_another_person(by_both, says):
    maria = by_both("1").conversation
    other = says("2", phone="5521987654321", lid=LID).conversation
    assert maria != other and maria.lead != other.lead
    assert sorted(Contact.objects.values_list("phone", "lid")) == [(f"+{PHONE}", LID), ("+5521987654321", None)]
    assert by_both("3").conversation == maria


@pytest.mark.django_db(transaction=True)
def test_a_lead_that_others_write_to_is_taken_in_without_a_deadlock(says):
    """Somebody else's thread hangs on the lead that goes; it is written to in the very moment."""

    def together(number: int) -> list[Exception]:
        phone, lid, friend = f"55119{number:08d}", f"77{number:06d}", f"55219{number:08d}"
        says("1", phone=None, lid=lid)
        theirs = says("2", phone=friend).conversation
        lead_update(lead_id=theirs.lead_id, values={"phone": f"+{phone}"}, actor=SYSTEM)
        jobs = [lambda: says("3", phone=phone, lid=lid), *[lambda: says("4", phone=friend)] * 3]
        return [error for error in pool.map(attempt, jobs) if error]

    with ThreadPoolExecutor(4) as pool:
        assert [error for number in range(30) for error in together(number)] == []
    assert Lead.objects.filter(merged_into=None).count() == 30
