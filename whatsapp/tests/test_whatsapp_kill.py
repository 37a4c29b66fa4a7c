"""kill -9 of a session's process at any moment: nothing a client wrote is lost or doubled, nothing we wrote is sent
twice, and what nobody can tell is shown as unconfirmed. `KILL_ROUNDS` and `KILL_MESSAGES` make it a long rehearsal."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest

from conversations.models import Author, Conversation, Direction, Message, MessageState
from conversations.outbox import message_queue
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback
from whatsapp.models import Session
from whatsapp.tests.conftest import Running, eventually, state_of

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = int(os.environ.get("KILL_ROUNDS", "3"))
MESSAGES = int(os.environ.get("KILL_MESSAGES", "200"))
CHATS = 50


@pytest.fixture(autouse=True)
def patient(settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Restarts without end, and sends without pacing: these are other tests' subjects."""
    settings.WHATSAPP_RESTART_DELAYS = [0.1] * 1000
    for name, value in {"WHATSAPP_SEND_PER_MINUTE": "100000", "WHATSAPP_SEND_BURST": "1000"}.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def clients(loopback: Loopback) -> list[Contact]:
    people = [Contact(f"55119810{number:05d}", f"Cliente {number}") for number in range(CHATS)]
    loopback.meet(*people)
    return people


def killing(session: Session, work: Callable[[], object]) -> int:
    """Do `work`, and meanwhile kill the process at random moments; how often."""
    worker = threading.Thread(target=work)
    worker.start()
    killed = 0
    while worker.is_alive():
        time.sleep(random.uniform(0.3, 1.5))
        killed += kill(session)
    worker.join()
    return killed


def kill(session: Session) -> int:
    pid = Session.objects.values_list("child_pid", flat=True).get(pk=session.pk)
    try:
        os.kill(pid, signal.SIGKILL)
    except (TypeError, ProcessLookupError):
        return 0
    return 1


def test_inbound_none_lost_none_doubled(
    number: Session,
    online_number: Running,
    loopback: Loopback,
    phone: Phone,
    clients: list[Contact],
) -> None:
    killed, wanted = 0, Counter()
    for turn in range(ROUNDS):
        said = [(clients[place % CHATS], f"R{turn}M{place}") for place in range(MESSAGES)]
        wanted.update(word for _, word in said)

        def write(said: list[tuple[Contact, str]] = said) -> None:
            for client, word in said:
                loopback.text(phone, client, word, id=word)
                time.sleep(0.005)

        killed += killing(number, write)
        arrived = Message.objects.filter(direction=Direction.IN)
        eventually(lambda arrived=arrived: arrived.exclude(kind="pending").count() >= wanted.total(), seconds=120)
    assert killed >= ROUNDS
    assert Counter(Message.objects.filter(direction=Direction.IN).values_list("text", flat=True)) == wanted
    for conversation in Conversation.objects.all():  # and each chat in its order
        words = conversation.messages.filter(direction=Direction.IN).order_by("pk").values_list("text", flat=True)
        assert sorted(words, key=placed) == list(words)


def placed(word: str) -> tuple[int, int]:
    turn, _, place = word[1:].partition("M")
    return int(turn), int(place)


@pytest.mark.thorough
def test_outbound_none_doubled_and_the_uncertain_are_shown(
    number: Session,
    online_number: Running,
    loopback: Loopback,
    phone: Phone,
    clients: list[Contact],
) -> None:
    loopback.auto_receipts = ()  # a receipt would settle what is uncertain
    for client in clients:
        loopback.text(phone, client, "oi")
    eventually(lambda: Conversation.objects.count() == CHATS)
    threads = list(Conversation.objects.values_list("pk", flat=True))
    killed = 0
    for turn in range(ROUNDS):

        def answer(turn: int = turn) -> None:
            for place in range(MESSAGES):
                text = f"R{turn}A{place}"
                message_queue(conversation_id=threads[place % CHATS], text=text, author=Author.LIVIA)
                time.sleep(0.005)

        killed += killing(number, answer)
        waiting = Message.objects.filter(state__in=[MessageState.QUEUED, MessageState.SENDING])
        eventually(lambda waiting=waiting: not waiting.exists(), seconds=180)
    assert killed >= ROUNDS
    eventually(lambda: state_of(number) == "online")
    shown = Counter(line.text for client in clients for line in loopback.transcript(client) if not line.mine)
    assert not [text for text, times in shown.items() if times > 1]
    assert not [line for client in clients for line in loopback.transcript(client) if line.times > 1 and not line.mine]
    states = dict(Message.objects.filter(author=Author.LIVIA).values_list("text", "state"))
    assert set(states.values()) <= {MessageState.SENT, MessageState.UNKNOWN}
    for text, state in states.items():
        assert state == MessageState.UNKNOWN or shown[text] == 1
