# ruff: noqa: F811  (fixtures of another app's tests)
"""Simulated clients, and whether the account of what became of their messages can be trusted."""

import threading
from collections import deque
from collections.abc import Iterator
from random import Random

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from agent.models import Turn
from agent.turns import turn_run
from conversations.inbound import InboundMessage
from conversations.models import Conversation, Message
from conversations.services import message_receive
from crm.core.clock import now
from crm.rehearsal.clients import Client, Crowd
from crm.rehearsal.counting import Verdict, count
from crm.rehearsal.load import Load
from crm.rehearsal.management.commands.simulate import Command
from crm.rehearsal.script import Persona
from crm.rehearsal.summary import waits_to_answer, waits_to_store
from crm.rehearsal.watching import Said
from whatsapp.gateways.base import from_bytes
from whatsapp.models import Session
from whatsapp.simulator.line import SessionLine
from whatsapp.simulator.network import Network
from whatsapp.tests.conftest import (  # noqa: F401  (fixtures)
    Running,
    bytecode,
    child_database,
    eventually,
    inbox,
    network,
    online,
    run,
    session,
    session_dir,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def livia(transactional_db: None, settings) -> Iterator[None]:
    """She answers in a thread, as a worker would have her."""
    settings.TYPING_BASE_MS = settings.TYPING_PER_CHAR_MS = settings.TYPING_MAX_MS = 0
    over = threading.Event()

    def answer() -> None:
        while not over.wait(0.1):
            for pk in Conversation.objects.exclude(awaiting_since=None).values_list("pk", flat=True):
                turn_run(conversation_id=pk)
        connection.close()

    thread = threading.Thread(target=answer)
    thread.start()
    yield
    over.set()
    thread.join()


def test_forty_clients_talk_and_every_message_is_accounted_for(session: Session, online: Running, livia: None) -> None:
    load = Load(session.pk, chats=40, rate=60, think=(0.1, 0.3), fresh=0.5)
    load.start()
    eventually(lambda: load.progress().sent >= 80 and len(load.crowd.met) >= 40)
    load.stop()
    assert load.settle(30)
    verdict, said = load.verdict(), load.progress()
    assert verdict.sent == verdict.stored == said.stored == len({one.provider_id for one in load.said})
    assert (verdict.lost, verdict.doubled, verdict.unknown, verdict.pending) == (0, 0, 0, 0), verdict.findings
    assert verdict.answered == verdict.sent and waits_to_store(load.said).n == verdict.sent
    assert 40 <= waits_to_answer(load.said).n <= verdict.sent
    assert any(one.answered for one in load.said)


@pytest.mark.thorough
def test_what_the_network_forgot_is_said_again_in_order(session: Session, network: Network) -> None:
    load = Load(session.pk, chats=10, rate=50, think=(0, 0))
    load.start()
    eventually(lambda: load.progress().sent >= 6)
    network.forget()
    load._shaken = True  # as after any error of Redis
    eventually(lambda: load.resent >= 6)
    load.stop()
    eventually(lambda: load.progress().untaken == 0)
    assert not load.settle(0)
    events = [from_bytes(fields[b"event"]) for _entry, fields in network.redis.xrange(network.key("up"))]
    numbers = [int(event.provider_id.removeprefix(f"{load.mark}-")) for event in events]
    assert set(numbers) == set(range(1, load.progress().sent + 1)) and numbers[0] <= 2
    assert load.verdict().lost == load.progress().sent


class Chat:
    """One client's talk, as it was said to an inbox."""

    def __init__(self, session: Session, network: Network) -> None:
        self.session, self.network = session, network
        self.client = Client("5523900000001", Persona.drawn(Random(1)), deque())
        self.said: list[Said] = []

    def say(self) -> Said:
        number = len(self.said) + 1
        one = Said(number, f"T-{number}", self.client, f"oi {number}", now().timestamp())
        self.network.say(self.client.phone, "Maria", one.text, provider_id=one.provider_id)
        self.said.append(one)
        return one

    def store(self, one: Said) -> Message:
        return message_receive(
            inbox_id=self.session.inbox_id,
            inbound=InboundMessage(
                provider_id=one.provider_id, chat=f"{self.client.phone}@s.whatsapp.net", phone=self.client.phone,
                lid=None, push_name="Maria", from_me=False, kind="text", text=one.text, sent_at=now(),
            ),
        )  # fmt: skip

    def verdict(self) -> Verdict:
        return count(self.network, self.said, [self.client])


@pytest.fixture
def chat(session: Session, network: Network) -> Chat:
    return Chat(session, network)


def test_a_message_that_was_not_stored_is_lost(chat: Chat) -> None:
    chat.store(chat.say())
    chat.say()
    assert (verdict := chat.verdict()).lost == 1 and verdict.doubled == 0
    assert verdict.findings == ["lost: T-2 is not stored"]


def test_a_message_answered_by_two_turns_is_doubled(chat: Chat) -> None:
    message = chat.store(chat.say())
    turn = turn_run(conversation_id=message.conversation_id).turn
    assert turn is not None and chat.verdict().doubled == 0
    Turn.objects.create(
        conversation=message.conversation, message_ids=turn.message_ids, outcome="continue", stage_before="INTRO",
        stage_after="INTRO",
    )  # fmt: skip
    assert chat.verdict().findings == ["doubled: T-1 was answered by 2 turns"]


def test_an_answer_is_on_the_phone_once_as_it_was_sent(chat: Chat) -> None:
    message = chat.store(chat.say())
    turn = turn_run(conversation_id=message.conversation_id).turn
    assert turn is not None and chat.verdict().pending == len(turn.reply_ids)
    line, address = SessionLine(chat.session.pk), f"{chat.client.phone}@s.whatsapp.net"
    sent = [line.deliver(address, "Olá!").provider_id for _reply in turn.reply_ids]
    for reply, provider_id in zip(turn.reply_ids, sent, strict=True):
        Message.objects.filter(pk=reply).update(state="sent", provider_id=provider_id)
    assert (verdict := chat.verdict()).clean and (verdict.answered, verdict.pending) == (1, 0)
    line.deliver(address, "Olá!")
    assert chat.verdict().doubled == 1
    Message.objects.filter(pk=turn.reply_ids[0]).update(provider_id="never-there")
    assert chat.verdict().lost == 1


def test_an_unconfirmed_answer_may_be_on_the_phone_or_not(chat: Chat) -> None:
    message = chat.store(chat.say())
    turn_run(conversation_id=message.conversation_id)
    message.conversation.messages.filter(direction="out").update(state="unknown")
    assert chat.verdict().clean
    SessionLine(chat.session.pk).deliver(f"{chat.client.phone}@s.whatsapp.net", "Olá!")
    assert (verdict := chat.verdict()).clean and verdict.unknown >= 1


def test_a_client_thinks_before_writing_again_and_makes_room_when_the_talk_is_over() -> None:
    crowd = Crowd(1, (5, 5), Random(1), "T", script=((("oi",), ("tchau",)),))
    client, text = crowd.next(100) or (None, "")
    assert client is not None and text == "oi" and crowd.next(101) is None
    crowd.heard(client, 102)
    assert crowd.next(106) is None and crowd.next(107) == (client, "tchau")
    crowd.heard(client, 108)
    newcomer, text = crowd.next(109) or (None, "")
    assert newcomer is not None and newcomer is not client and newcomer.phone != client.phone and text == "oi"


def test_simulated_clients_are_for_development_only(settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="development"):
        call_command(Command(), chats=1)
