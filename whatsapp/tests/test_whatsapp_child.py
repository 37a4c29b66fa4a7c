"""A session on the real library, in its real process, against a WhatsApp of our own."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from conversations.models import Author, Conversation, Direction, Inbox, Message, MessageState
from conversations.outbox import message_queue
from crm.core.clock import now
from tests.waloop.binary_xml import JID
from tests.waloop.messages import STATUS
from tests.waloop.people import Phone
from tests.waloop.server import Loopback
from whatsapp.gateways.base import MessageArrived
from whatsapp.models import Session
from whatsapp.pairing import code_get, qr_get
from whatsapp.selectors import sessions_to_run
from whatsapp.services import session_ask_code, session_connect, session_disconnect, session_logout
from whatsapp.setaside import event_store
from whatsapp.tests.conftest import eventually, state_of

pytestmark = pytest.mark.django_db(transaction=True)


def messages(**wanted: object) -> list[Message]:
    return list(Message.objects.filter(**wanted).order_by("pk"))


def test_a_phone_pairs_by_the_qr_code_and_the_number_is_known(number, online_number):
    number.refresh_from_db()
    assert (number.phone, number.jid, number.qr_total) == ("5511940028922", "5511940028922@s.whatsapp.net", 1)
    assert (number.folder / "store.db").exists()
    assert number.folder.stat().st_mode & 0o777 == 0o700


def test_a_phone_pairs_by_the_code_typed_on_it(number, phone, loopback, run):
    session_connect(session_id=number.pk)
    run(number.pk)
    eventually(lambda: state_of(number) == "awaiting_qr")
    session_ask_code(session_id=number.pk, phone="+55 11 94002-8922")
    code = eventually(lambda: code_get(number.pk))
    eventually(lambda: state_of(number) == "awaiting_code")
    loopback.enter_code(phone, code)
    eventually(lambda: state_of(number) == "online")


def test_a_message_comes_in_and_the_answer_goes_out_with_its_ticks(number, online_number, loopback, phone, maria):
    provider_id = loopback.text(phone, maria, "Quero um empréstimo 🏠")
    (inbound,) = eventually(lambda: messages(provider_id=provider_id))
    assert (inbound.text, inbound.conversation.contact.push_name) == ("Quero um empréstimo 🏠", maria.name)
    assert inbound.conversation.contact.phone == f"+{maria.number}"
    message_queue(conversation_id=inbound.conversation_id, text="Olá, Maria!", author=Author.LIVIA)
    eventually(lambda: messages(direction=Direction.OUT, state=MessageState.READ))
    assert [(line.mine, line.text, line.times) for line in loopback.transcript(maria)] == [
        (True, "Quero um empréstimo 🏠", 1),
        (False, "Olá, Maria!", 1),
    ]
    eventually(lambda: any(receipt.type == "read" for receipt in loopback.client_receipts))
    assert not loopback.errors


def test_a_restart_needs_no_pairing(number, online_number, loopback, phone, maria, run):
    online_number.stop()
    assert state_of(number) == "stopped"
    provider_id = loopback.text(phone, maria, "Vocês estão aí?")
    run(number.pk)
    eventually(lambda: messages(provider_id=provider_id))
    assert Session.objects.get(pk=number.pk).qr_total == 1


def test_what_is_no_conversation_with_a_client_is_counted_and_dropped(
    number, online_number, loopback, phone, maria, settings
):
    for group in (JID("120363000000000000", "g.us"), STATUS, JID("1700000000", "broadcast")):
        loopback.text(phone, maria, "oferta!", group=group)
    provider_id = loopback.text(phone, maria, "oi")
    eventually(lambda: messages(provider_id=provider_id))
    eventually(lambda: Session.objects.get(pk=number.pk).ignored_total == 3)
    assert Message.objects.count() == 1


def removed(loopback: Loopback, phone: Phone) -> None:
    loopback.remove_device(phone)


def signing_in_fails(reason: int, **more: int) -> Callable[[Loopback, Phone], None]:
    def act(loopback: Loopback, phone: Phone) -> None:
        loopback.fail_login(reason, **more)
        loopback.drop(phone)

    return act


RARE = pytest.mark.thorough  # another word for an ending that is tested too
ENDINGS = [
    # what happens, the state, its reason, whether a process is started again by itself
    pytest.param(removed, "logged_out", "device removed", False, id="device removed"),
    pytest.param(signing_in_fails(401), "logged_out", "device removed", False, id="401", marks=RARE),
    pytest.param(signing_in_fails(403), "logged_out", "account locked", False, id="403", marks=RARE),
    pytest.param(signing_in_fails(406), "logged_out", "account banned", False, id="406", marks=RARE),
    pytest.param(
        signing_in_fails(402, code=101, expire=3600), "temp_banned", "temporary ban", False, id="402", marks=RARE
    ),
    pytest.param(
        signing_in_fails(402, code=199, expire=3600), "temp_banned", "temporary ban", False, id="402 new", marks=RARE
    ),
    pytest.param(signing_in_fails(405), "outdated", "client outdated", False, id="405"),
    pytest.param(signing_in_fails(400), "failed", "connect failure (generic)", True, id="400", marks=RARE),
    pytest.param(signing_in_fails(409), "failed", "connect failure (bad_user_agent)", True, id="409", marks=RARE),
    pytest.param(signing_in_fails(411), "failed", "connect failure", True, id="a code nobody knows", marks=RARE),
    pytest.param(signing_in_fails(500), "reconnecting", "line dropped", True, id="500", marks=RARE),
    pytest.param(signing_in_fails(503), "reconnecting", "line dropped", True, id="503", marks=RARE),
    pytest.param(
        lambda loopback, phone: loopback.replace(phone), "conflict", "stream replaced", False, id="stream replaced"
    ),
]


@pytest.mark.parametrize(("act", "state", "reason", "again"), ENDINGS)
def test_every_ending_has_its_state_and_its_restart_policy(
    number,
    online_number,
    loopback,
    phone,
    act,
    state,
    reason,
    again,
):
    act(loopback, phone)
    eventually(lambda: state_of(number) == state)
    number.refresh_from_db()
    assert number.state_reason == reason
    if state == "temp_banned":
        assert now() + timedelta(minutes=50) < number.state_until < now() + timedelta(minutes=70)
    if not again:
        online_number.thread.join(20)
        assert not online_number.thread.is_alive()
        loopback.welcome()
        assert number.pk not in sessions_to_run()


def test_a_ban_over_is_tried_again_by_itself(number, online_number, loopback, phone, run):
    loopback.fail_login(402, times=1, code=101, expire=1)
    loopback.drop(phone)
    eventually(lambda: state_of(number) == "temp_banned")
    online_number.thread.join(20)
    eventually(lambda: number.pk in sessions_to_run())
    run(number.pk)
    eventually(lambda: state_of(number) == "online")


def test_logging_out_unlinks_the_device_and_the_phone_pairs_again(number, online_number, loopback, phone, run):
    session_logout(session_id=number.pk)
    eventually(lambda: state_of(number) == "logged_out")
    assert not phone.companions
    online_number.thread.join(20)
    Session.objects.filter(pk=number.pk).update(last_attempt_at=None)
    session_connect(session_id=number.pk)
    run(number.pk)
    loopback.scan(eventually(lambda: qr_get(number.pk)), phone)
    eventually(lambda: state_of(number) == "online")


def test_disconnecting_keeps_the_pairing(number, online_number, loopback, phone):
    session_disconnect(session_id=number.pk)
    eventually(lambda: state_of(number) == "stopped")
    assert phone.companions


@pytest.mark.thorough
def test_a_corrupt_store_is_set_aside_and_the_phone_pairs_again(
    number,
    online_number,
    loopback,
    phone,
    run,
):
    online_number.stop()
    credentials: Path = number.folder / "store.db"
    credentials.write_bytes(b"not a database" * 1000)
    for beside in number.folder.glob("store.db-*"):
        beside.unlink()
    running = run(number.pk)
    eventually(lambda: state_of(number) == "logged_out")
    running.thread.join(20)
    assert Session.objects.get(pk=number.pk).state_reason == "store corrupt"
    assert not credentials.exists()
    Session.objects.filter(pk=number.pk).update(last_attempt_at=None)
    session_connect(session_id=number.pk)
    run(number.pk)
    loopback.scan(eventually(lambda: qr_get(number.pk)), phone)
    eventually(lambda: state_of(number) == "online")


@pytest.mark.thorough
def test_a_refused_first_dial_is_tried_again_and_heals(number, online_number, loopback, phone, run):
    online_number.stop()
    loopback.refuse_upgrade(503)
    run(number.pk)
    eventually(lambda: Session.objects.get(pk=number.pk).failures >= 2)
    loopback.welcome()
    eventually(lambda: state_of(number) == "online")
    assert Session.objects.get(pk=number.pk).failures == 0


def test_the_same_id_on_two_numbers_is_two_messages(number, online_number, loopback, phone, maria):
    other = Inbox.objects.create(name="Consultores", role="consultants")
    provider_id = loopback.text(phone, maria, "oi")
    (message,) = eventually(lambda: messages(provider_id=provider_id))
    event_store(other.pk, MessageArrived(provider_id, f"{maria.lid}@lid", now(), maria.number, maria.lid, text="oi"))
    assert len(messages(provider_id=provider_id)) == 2
    assert Conversation.objects.count() == 2


def test_a_message_that_is_just_leaving_at_the_stop_is_not_made_unknown(
    number, online_number, loopback, phone, maria, monkeypatch
):
    provider_id = loopback.text(phone, maria, "oi")
    (inbound,) = eventually(lambda: messages(provider_id=provider_id))
    answer, asked, stopping = loopback.acks, threading.Event(), online_number.stopping

    def late(received):
        """WhatsApp answers only when the process has long been asked to stop."""
        asked.set()
        stopping.wait(20)
        time.sleep(1.5)
        return answer(received)

    loopback.acks = late
    message = message_queue(conversation_id=inbound.conversation_id, text="Olá, Maria!", author=Author.LIVIA)
    assert asked.wait(20)
    online_number.stop()
    message.refresh_from_db()
    assert message.state in (MessageState.SENT, MessageState.DELIVERED, MessageState.READ)
    assert [line.times for line in loopback.transcript(maria) if not line.mine] == [1]
