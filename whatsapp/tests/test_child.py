"""A session's real child process, from the phone to the database and back."""

import os
import signal

import pytest
from django.core.management import call_command

from conversations.models import Author, Conversation, Message
from conversations.outbox import message_queue
from whatsapp.models import Session, SetAside
from whatsapp.services import session_ask_code, session_connect, session_disconnect, session_logout
from whatsapp.spool import Spool
from whatsapp.states import State
from whatsapp.tests.conftest import MARIA, eventually, pair, state_of

pytestmark = pytest.mark.django_db(transaction=True)


def child_pid(session: Session) -> int | None:
    return Session.objects.values_list("child_pid", flat=True).get(pk=session.pk)


def texts() -> list[str]:
    return list(Message.objects.filter(author=Author.CLIENT).order_by("pk").values_list("text", flat=True))


def test_what_a_phone_says_is_stored_once(session, network, online):
    provider_id = network.say(*MARIA, "Quero um empréstimo")
    message = eventually(lambda: Message.objects.filter(provider_id=provider_id).first())
    assert (message.text, message.author, message.conversation.contact.push_name) == (
        *("Quero um empréstimo", Author.CLIENT, MARIA[1]),
    )
    network.say(*MARIA, "Quero um empréstimo", provider_id=provider_id)
    network.say(*MARIA, "Oi?")
    eventually(lambda: "Oi?" in texts())
    assert texts() == ["Quero um empréstimo", "Oi?"]


def test_what_we_write_shows_on_the_phone_with_typing_and_ticks(session, network, online):
    network.say(*MARIA, "Oi")
    conversation = eventually(lambda: Conversation.objects.first())
    message = message_queue(conversation_id=conversation.pk, text="Olá, Maria!", author=Author.LIVIA, typing_ms=700)
    eventually(lambda: network.is_typing(MARIA[0]))
    eventually(lambda: [line.text for line in network.transcript(MARIA[0])] == ["Oi", "Olá, Maria!"])
    eventually(lambda: Message.objects.get(pk=message.pk).state == "read")
    assert Message.objects.get(pk=message.pk).provider_id == network.transcript(MARIA[0])[1].id


def test_messages_of_one_chat_leave_in_order(session, network, online):
    network.say(*MARIA, "Oi")
    conversation = eventually(lambda: Conversation.objects.first())
    for number in range(10):
        message_queue(conversation_id=conversation.pk, text=str(number), author=Author.LIVIA)
    eventually(lambda: len(network.transcript(MARIA[0])) == 11)
    assert [line.text for line in network.transcript(MARIA[0])[1:]] == [str(number) for number in range(10)]


def test_a_message_from_our_own_phone_is_the_consultants(session, network, online):
    network.say(*MARIA, "Oi")
    network.say_own_phone(MARIA[0], "Aqui é a Ana")
    message = eventually(lambda: Message.objects.filter(text="Aqui é a Ana").first())
    assert (message.author, message.conversation.attended_by) == (Author.PHONE, "person")


def test_a_kill_in_a_burst_loses_nothing_and_doubles_nothing(session, network, online):
    said = []
    for number in range(200):
        said.append(network.say(f"55119981{number % 20:05d}", f"Cliente {number % 20}", f"mensagem {number}"))
        if number in (60, 140):
            pid = eventually(lambda: child_pid(session))
            os.kill(pid, signal.SIGKILL)
            eventually(lambda pid=pid: child_pid(session) not in (pid, None))
    eventually(lambda: Message.objects.filter(author=Author.CLIENT).count() >= 200, seconds=30)
    assert sorted(Message.objects.values_list("provider_id", flat=True)) == sorted(said)
    session.refresh_from_db()
    assert session.attempts_total == 3


def test_two_runners_start_one_child(session, network, online, run):
    second = run(session.pk)
    second.thread.join(5)
    assert not second.thread.is_alive()
    session.refresh_from_db()
    assert session.attempts_total == 1


def test_a_child_whose_lease_was_taken_leaves(session, network, online):
    Session.objects.filter(pk=session.pk).update(lease_token="another")
    online.thread.join(15)
    assert not online.thread.is_alive()
    session.refresh_from_db()
    assert session.lease_token == "another"


def test_disconnecting_keeps_the_pairing(session, network, online, run):
    session_disconnect(session_id=session.pk)
    eventually(lambda: state_of(session) == State.STOPPED)
    online.thread.join(10)
    Session.objects.filter(pk=session.pk).update(last_attempt_at=None)
    session_connect(session_id=session.pk)
    run(session.pk)
    eventually(lambda: state_of(session) == State.ONLINE)
    assert "awaiting_qr" not in session.history.values_list("to_state", flat=True)[:3]


def test_a_stopping_worker_ends_the_child_and_the_supervisor_may_start_it_again(session, network, online):
    pid = child_pid(session)
    online.stop()
    session.refresh_from_db()
    assert (session.state, session.wanted, session.lease_token) == (State.STOPPED, True, "")
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_cut_line_is_reconnected(session, network, online):
    network.drop()
    eventually(lambda: state_of(session) == State.RECONNECTING)
    network.say(*MARIA, "você está aí?")
    network.restore()
    eventually(lambda: state_of(session) == State.ONLINE)
    eventually(lambda: texts() == ["você está aí?"])


@pytest.mark.thorough
def test_a_line_that_stays_away_for_too_long_gets_a_new_process(session, network, online, settings):
    pid = child_pid(session)
    network.drop()
    eventually(lambda: state_of(session) == State.RECONNECTING)
    assert child_pid(session) == pid
    settings.WHATSAPP_RECONNECT_LIMIT_SECONDS = 6
    eventually(lambda: Session.objects.get(pk=session.pk).attempts_total == 2)
    network.restore()
    eventually(lambda: state_of(session) == State.ONLINE)  # the new one has its own time
    session.refresh_from_db()
    assert (session.attempts_total, session.failures_total, session.failures) == (2, 1, 0)


def test_logging_out_ends_the_session_until_it_is_paired_again(session, network, online, run):
    session_logout(session_id=session.pk)
    eventually(lambda: state_of(session) == State.LOGGED_OUT)
    online.thread.join(10)
    Session.objects.filter(pk=session.pk).update(last_attempt_at=None)
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)


def test_a_ban_is_kept_with_its_end(session, network, online):
    network.ban(3600)
    eventually(lambda: state_of(session) == State.TEMP_BANNED)
    online.thread.join(10)
    session.refresh_from_db()
    assert session.state_until is not None
    assert not online.thread.is_alive()


def test_a_phone_code_pairs_too(session, network, run):
    session_connect(session_id=session.pk)
    run(session.pk)
    eventually(lambda: state_of(session) == State.AWAITING_QR)
    session_ask_code(session_id=session.pk, phone="+55 11 99812-3340")
    eventually(lambda: state_of(session) == State.AWAITING_CODE)
    network.enter_code(network.redis.get(network.key("code")).decode())
    eventually(lambda: state_of(session) == State.ONLINE)


def test_pairing_nobody_does_is_given_up(session, network, run, monkeypatch):
    monkeypatch.setenv("WHATSAPP_PAIRING_SECONDS", "1")
    session_connect(session_id=session.pk)
    running = run(session.pk)
    running.thread.join(20)
    session.refresh_from_db()
    assert (session.state, session.wanted, session.state_reason) == (State.STOPPED, False, "pairing timed out")


def test_a_record_that_is_no_event_is_set_aside_and_the_rest_goes_on(session, network, run, capsys):
    session.folder.mkdir(parents=True)
    with Spool(session.folder / "spool") as spool:
        spool.append(b"not an event")
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)
    network.say(*MARIA, "Oi")
    eventually(lambda: texts() == ["Oi"])
    assert bytes(SetAside.objects.get().raw) == b"not an event"
    call_command("whatsapp", "status")
    assert f"{session.pk} Lívia | simulator | online" in capsys.readouterr().out
