"""Who may be written to, and when: those who wrote to us at the pace of the number, strangers seldom."""

import threading
from datetime import timedelta

import pytest
from django.utils.translation import override

from conversations.claims import outbox_claim
from conversations.inbound import InboundMessage
from conversations.models import Author, Contact, Conversation, Direction, Message, MessageKind, MessageState
from conversations.outbox import message_queue, outbox_sent
from conversations.reasons import delivery_note
from conversations.services import message_receive
from crm.core.clock import now
from crm.realtime.models import Notification
from leads.models import Source
from leads.services import lead_create
from whatsapp.admission import Admission
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.incidents import cold_refused
from whatsapp.numbers import Numbers
from whatsapp.tests.conftest import MARIA

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick_checks(settings):
    settings.WHATSAPP_CHECKS_PER_MINUTE = 1e9


@pytest.fixture
def numbers(session, tmp_path):
    gateway = SimulatorGateway(session.pk, tmp_path, lambda event: None)
    return Numbers(gateway=gateway, stop=threading.Event())


@pytest.fixture
def admission(inbox, numbers):
    admission = Admission(inbox_id=inbox.pk, numbers=numbers)
    admission.recall()
    return admission


@pytest.fixture
def stranger(inbox):
    """A lead's thread in which the client has written nothing: `stranger("5511…")`."""

    def make(phone: str = "5511988887777", *, checked: bool = True) -> Conversation:
        lead, _new = lead_create(values={"phone": f"+{phone}", "name": "João"}, source=Source.MANUAL, assign=False)
        contact = Contact.objects.create(phone=f"+{phone}", phone_key=lead.phone_key)
        if checked:
            contact.whatsapp_jid, contact.whatsapp_checked_at = f"{phone}@s.whatsapp.net", now()
            contact.save()
        return Conversation.objects.create(inbox=inbox, contact=contact, lead=lead, chat=f"{phone}@s.whatsapp.net")

    return make


@pytest.fixture
def client(inbox):
    """Maria's thread: she has written."""
    message = message_receive(
        inbox_id=inbox.pk,
        inbound=InboundMessage(
            provider_id="IN1", chat=f"{MARIA[0]}@s.whatsapp.net", phone=MARIA[0], lid=None, push_name=MARIA[1],
            from_me=False, kind="text", text="Oi", sent_at=now(),
        ),
    )  # fmt: skip
    return message.conversation


def write(conversation: Conversation, text: str = "Olá", author: Author = Author.LIVIA) -> Message:
    return message_queue(conversation_id=conversation.pk, text=text, author=author)


def admit(admission, conversation):
    claimed = outbox_claim(inbox_id=conversation.inbox_id)
    return admission.admit(claimed) if claimed else None


def settled(message: Message) -> Message:
    message.refresh_from_db()
    return message


def note(message: Message) -> str:
    with override("en"):
        return delivery_note(settled(message))


def test_a_person_who_wrote_is_answered(admission, client):
    message = write(client)
    claimed = admit(admission, client)
    assert (claimed.message_id, claimed.cold, claimed.author) == (message.pk, False, Author.LIVIA)


def test_a_persons_message_does_not_wait_behind_livias(admission, client, stranger):
    others = [stranger(f"55119777700{number:02d}") for number in range(5)]
    for other in others:
        write(other)
    typed = write(client, author=Author.CONSULTANT)
    assert admit(admission, client).message_id == typed.pk


def test_first_messages_of_a_day_are_few_and_the_rest_is_told_when_it_leaves(admission, stranger, settings):
    settings.WHATSAPP_COLD_PER_DAY = 2
    admission.recall()
    messages = [write(stranger(f"55119777700{number:02d}")) for number in range(4)]
    assert [bool(admit(admission, messages[0].conversation)) for _ in range(4)] == [True, True, False, False]
    held = settled(messages[2])
    assert (held.state, held.error_code, held.attempts) == (MessageState.QUEUED, "paced", 0)
    assert timedelta(hours=23) < held.not_before - now() <= timedelta(hours=24)
    assert note(messages[2]).startswith("Leaves later: limit of first messages a day. (")
    assert note(messages[0]) == ""


def test_held_messages_hold_up_nobody_else(admission, client, stranger, settings):
    settings.WHATSAPP_COLD_PER_DAY = 0
    admission.recall()
    cold = write(stranger())
    warm = write(client)
    assert admit(admission, client) is None
    assert settled(cold).error_code == "paced"
    assert admit(admission, client).message_id == warm.pk


def test_first_messages_are_counted_from_the_database(inbox, numbers, stranger, client, settings):
    settings.WHATSAPP_COLD_PER_DAY = 1
    for conversation in (stranger(), client):
        message = write(conversation)
        outbox_claim(inbox_id=inbox.pk)
        outbox_sent(message_id=message.pk, provider_id=f"OUT{message.pk}", sent_at=now())
    admission = Admission(inbox_id=inbox.pk, numbers=numbers)
    admission.recall()
    assert len(admission.cold.used) == 1
    again = write(stranger("5511966665555"))
    assert admit(admission, client) is None
    assert settled(again).error_code == "paced"


def test_what_left_before_a_start_counts_for_the_pace(inbox, numbers, client, settings):
    settings.WHATSAPP_SEND_PER_MINUTE, settings.WHATSAPP_SEND_BURST = 20, 3
    for number in range(3):
        Message.objects.create(
            conversation=client, direction=Direction.OUT, author=Author.LIVIA, kind=MessageKind.TEXT, text="a",
            state=MessageState.READ, provider_id=f"OUT{number}", sent_at=now(),
        )  # fmt: skip
    admission = Admission(inbox_id=inbox.pk, numbers=numbers)
    admission.recall()
    assert 0 < admission.wait() <= 3


def test_whatsapp_refusing_first_messages_stops_them_for_days_and_is_told_once(
    admission, client, stranger, session, bruno, settings
):
    cold_refused(inbox_id=session.inbox_id)
    cold_refused(inbox_id=session.inbox_id)
    assert Notification.objects.filter(user=bruno).count() == 1
    session.refresh_from_db()
    assert timedelta(hours=71) < session.cold_blocked_until - now() <= timedelta(hours=72)
    held = write(stranger())
    assert admit(admission, client) is None
    assert settled(held).error_code == "cold_blocked"
    assert settled(held).not_before == session.cold_blocked_until
    answer = write(client)
    assert admit(admission, client).message_id == answer.pk


def test_a_number_is_asked_for_before_the_first_message_and_its_address_is_the_one_named(
    admission, numbers, network, stranger
):
    conversation = stranger("5511988887777", checked=False)
    network.redis.hset(network.key("book"), "5511988887777", "551188887777@s.whatsapp.net")
    message = write(conversation)
    assert admit(admission, conversation) is None
    assert note(message) == "Checking whether this number is on WhatsApp…"
    numbers.step()
    claimed = admit(admission, conversation)
    assert (claimed.message_id, claimed.chat) == (message.pk, "551188887777@s.whatsapp.net")
    conversation.refresh_from_db()
    assert conversation.chat == "551188887777@s.whatsapp.net"
    outbox_sent(message_id=message.pk, provider_id="OUT1", sent_at=now())
    assert (settled(message).error_code, message.not_before) == ("", None)


def test_a_number_that_is_not_on_whatsapp_fails_and_is_not_asked_again(admission, numbers, network, stranger):
    conversation = stranger(checked=False)
    network.set_absent(conversation.contact.phone)
    first, second = write(conversation), write(conversation)
    admit(admission, conversation)
    numbers.step()
    assert settled(first).state == MessageState.FAILED
    assert note(first) == "This phone number is not on WhatsApp."
    assert admit(admission, conversation) is None
    assert settled(second).state == MessageState.FAILED
    assert numbers.wait() is None


def test_number_checks_are_throttled_and_an_unanswered_one_is_asked_again(
    admission, network, stranger, session, tmp_path, settings
):
    settings.WHATSAPP_CHECKS_PER_MINUTE = 6
    slow = Numbers(gateway=SimulatorGateway(session.pk, tmp_path, lambda event: None), stop=threading.Event())
    slow.ask(stranger(checked=False).pk, "5511988887777")
    assert 9 < slow.wait() <= 10
    slow.step()
    assert list(slow.asked.values()) == ["5511988887777"]


def test_an_answer_is_believed_for_so_many_days(admission, numbers, stranger, settings):
    conversation = stranger()
    Contact.objects.update(whatsapp_checked_at=now() - timedelta(days=31))
    write(conversation)
    assert admit(admission, conversation) is None
    assert numbers.asked


def test_a_reply_carries_what_it_quotes(client):
    message = write(client)
    Message.objects.filter(pk=message.pk).update(quoted_provider_id="IN1")
    quoted = outbox_claim(inbox_id=client.inbox_id).quoted
    assert (quoted.provider_id, quoted.text, quoted.from_me) == ("IN1", "Oi", False)


def test_a_thread_that_was_joined_away_holds_up_no_other_number(admission, numbers, network, stranger):
    numbers.ask(999_999_999, "5511900000001")
    conversation = stranger(checked=False)
    message = write(conversation)
    admit(admission, conversation)
    numbers.step()
    numbers.step()
    assert numbers.wait() is None
    assert admit(admission, conversation).message_id == message.pk
