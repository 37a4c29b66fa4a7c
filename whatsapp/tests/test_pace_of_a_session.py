"""The pace of a real child process, seen from the network: a thousand queued messages never burst."""

import os
import signal

import pytest

from conversations.inbound import InboundMessage
from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState
from conversations.outbox import message_queue
from conversations.services import message_receive
from crm.core.clock import now
from whatsapp.services import session_connect
from whatsapp.tests.conftest import eventually, pair
from whatsapp.tests.test_child import child_pid

pytestmark = pytest.mark.django_db(transaction=True)

PER_SECOND, BURST = 10, 4
CHATS = 20


def phone(number: int) -> str:
    return f"55119977700{number:02d}"


def thread(inbox, number: int) -> Conversation:
    message = message_receive(
        inbox_id=inbox.pk,
        inbound=InboundMessage(
            provider_id=f"IN{number}", chat=f"{phone(number)}@s.whatsapp.net", phone=phone(number), lid=None,
            push_name="", from_me=False, kind="text", text="Oi", sent_at=now(),
        ),
    )  # fmt: skip
    return message.conversation


@pytest.fixture
def slow(monkeypatch):
    monkeypatch.setenv("WHATSAPP_SEND_PER_MINUTE", str(PER_SECOND * 60))
    monkeypatch.setenv("WHATSAPP_SEND_BURST", str(BURST))


def sent_at(network) -> list[float]:
    """When what we sent reached the network, oldest first."""
    return sorted(
        line.at.timestamp() for number in range(CHATS) for line in network.transcript(phone(number)) if not line.mine
    )


@pytest.mark.thorough
def test_a_thousand_queued_messages_never_burst_and_a_typed_one_overtakes_them(slow, inbox, session, network, run):
    threads = [thread(inbox, number) for number in range(CHATS)]
    Message.objects.bulk_create(
        Message(
            conversation=threads[number % CHATS], direction=Direction.OUT, author=Author.LIVIA, kind=MessageKind.TEXT,
            text=f"mensagem {number}", state=MessageState.QUEUED, sent_at=now(),
        )
        for number in range(1000)
    )  # fmt: skip
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)
    eventually(lambda: len(sent_at(network)) >= 10)
    person = thread(inbox, CHATS)
    message_queue(conversation_id=person.pk, text="Aqui é a Ana", author=Author.CONSULTANT)
    eventually(lambda: any(not line.mine for line in network.transcript(phone(CHATS))), seconds=5)
    os.kill(child_pid(session), signal.SIGKILL)
    before = len(sent_at(network))
    eventually(lambda: len(sent_at(network)) >= before + 10)
    moments = sent_at(network)
    for first, began in enumerate(moments):
        for last in range(first, len(moments)):
            # One more: a message may have been taken just before the stretch began.
            assert last - first + 1 <= BURST + 1 + (moments[last] - began) * PER_SECOND


def test_whatsapp_refusing_a_first_message_fails_it_and_holds_the_next(inbox, session, network, online, monkeypatch):
    client, stranger, other = thread(inbox, 0), thread(inbox, 1), thread(inbox, 2)
    Message.objects.filter(conversation__in=[stranger, other]).delete()
    Conversation.objects.filter(pk__in=[stranger.pk, other.pk]).update(last_inbound_id=0)
    for conversation in (stranger, other):
        conversation.contact.whatsapp_jid, conversation.contact.whatsapp_checked_at = conversation.chat, now()
        conversation.contact.save()
    network.refuse_sends("463")
    first = message_queue(conversation_id=stranger.pk, text="Olá", author=Author.LIVIA)
    eventually(lambda: Message.objects.filter(pk=first.pk, state="failed", error_code="463").exists())
    network.restore()
    held = message_queue(conversation_id=other.pk, text="Olá", author=Author.LIVIA)
    answer = message_queue(conversation_id=client.pk, text="Olá", author=Author.LIVIA)
    eventually(lambda: Message.objects.filter(pk=answer.pk, state="read").exists())
    assert Message.objects.filter(pk=held.pk, state="queued", error_code="cold_blocked").exists()
    session.refresh_from_db()
    assert session.cold_blocked_until > now()
