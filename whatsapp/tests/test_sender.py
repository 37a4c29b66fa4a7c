"""The sender between the outbox and the line, when the database's answer gets lost or the disk is full."""

import threading

import pytest
from django.db import OperationalError

from conversations.models import Author, Message, MessageState
from conversations.outbox import message_queue
from whatsapp import sender as sender_module
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.numbers import Numbers
from whatsapp.sender import Sender
from whatsapp.tests.conftest import MARIA, eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def start(session, maria_thread, network, tmp_path):
    """Senders on a line that is up, without a process around them: `start(held=…)`."""
    session.inbox = maria_thread.inbox
    session.save(update_fields=["inbox"])
    gateway = SimulatorGateway(session.pk, tmp_path, lambda event: None)
    gateway.up = True
    started: list[Sender] = []

    def start(**more) -> Sender:
        numbers = Numbers(gateway=gateway, stop=threading.Event())
        sender = Sender(
            gateway=gateway, inbox_id=session.inbox_id, leaving=tmp_path / "leaving", numbers=numbers, **more
        )
        sender.online.set()
        sender.start()
        started.append(sender)
        return sender

    yield start
    for sender in started:
        sender.finish(10)


def lose_answers(monkeypatch, number: int) -> list[int]:
    """The next claims are committed, and nobody hears of it. Returns the rows, as they come."""
    real, lost = sender_module.outbox_claim, []

    def claim(*, inbox_id):
        message = real(inbox_id=inbox_id)
        if message is not None and len(lost) < number:
            lost.append(message.message_id)
            raise OperationalError("server closed the connection unexpectedly")
        return message

    monkeypatch.setattr(sender_module, "outbox_claim", claim)
    return lost


def said(network) -> list[str]:
    return [line.text for line in network.transcript(MARIA[0]) if not line.mine]


def test_a_claim_whose_answer_got_lost_is_made_again_and_its_message_leaves_once(
    start, maria_thread, network, monkeypatch
):
    lost = lose_answers(monkeypatch, 1)
    messages = [message_queue(conversation_id=maria_thread.pk, text=text, author=Author.LIVIA) for text in ("1", "2")]
    start()
    eventually(lambda: said(network) == ["1", "2"])
    assert lost == [messages[0].pk]
    eventually(lambda: {row.state for row in Message.objects.filter(author=Author.LIVIA)} == {MessageState.SENT})


def test_a_claim_is_left_alone_once_another_process_may_have_made_it(start, maria_thread, network, monkeypatch):
    lost = lose_answers(monkeypatch, 1)
    asked = threading.Event()
    message = message_queue(conversation_id=maria_thread.pk, text="1", author=Author.LIVIA)
    start(ours=lambda: asked.set())
    assert asked.wait(20)
    eventually(lambda: lost)
    assert Message.objects.get(pk=message.pk).state == MessageState.SENDING
    assert said(network) == []


def test_nothing_leaves_while_the_disk_is_full(start, maria_thread, network):
    full = threading.Event()
    full.set()
    looked = threading.Semaphore(0)

    def held() -> bool:
        looked.release()
        return full.is_set()

    message = message_queue(conversation_id=maria_thread.pk, text="1", author=Author.LIVIA)
    start(held=held)
    for _look in range(3):
        assert looked.acquire(timeout=20)
    assert (Message.objects.get(pk=message.pk).state, said(network)) == (MessageState.QUEUED, [])
    full.clear()
    eventually(lambda: said(network) == ["1"])
