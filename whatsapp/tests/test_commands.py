"""`manage.py whatsapp …`: what the page can do, with sentences and exit codes."""

import io
import re
import threading

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.states import State
from whatsapp.tests.conftest import MARIA, eventually, state_of


def run_command(*words: object) -> str:
    out = io.StringIO()
    call_command("whatsapp", *map(str, words), stdout=out)
    return out.getvalue()


def refused(*words: object) -> CommandError:
    with pytest.raises(CommandError) as error:
        run_command(*words)
    return error.value


def test_status_is_a_line_a_session(db, session):
    assert f"{session.pk} Lívia | simulator | stopped | no phone | not wanted" in run_command("status")
    error = refused("status", session.pk)
    assert error.returncode == 1
    assert "This number is disconnected." in str(error)
    Session.objects.filter(pk=session.pk).update(state=State.ONLINE)
    assert "online" in run_command("status", session.pk)


@pytest.mark.parametrize("action", ["status", "connect", "disconnect", "logout", "pair", "requeue"])
def test_a_session_that_is_not_there_is_a_sentence(db, action):
    assert str(refused(action, 987_654)) == "There is no session 987654."


def test_connect_asks_and_a_second_time_is_too_soon(db, session):
    assert "Connecting to WhatsApp" in run_command("connect", session.pk)
    session.refresh_from_db()
    assert session.wanted
    error = refused("connect", session.pk)
    assert (error.returncode, str(error)) == (1, "It was tried a moment ago. Wait a few seconds.")


def test_a_wait_that_was_in_vain_has_an_exit_code_of_its_own(db, session):
    assert refused("connect", session.pk, "--wait", "0.2").returncode == 3


def test_disconnect_and_what_is_so_already(db, session):
    session_connect(session_id=session.pk)
    assert "disconnected" in run_command("disconnect", session.pk, "--wait")
    assert "disconnected" in run_command("disconnect", session.pk)


def test_only_a_connected_number_can_be_logged_out(db, session):
    assert "Connect it first" in str(refused("logout", session.pk))


def test_requeued_messages_are_no_longer_counted_as_set_aside(db, session):
    session.folder.mkdir(parents=True)
    (session.folder / "quarantine").write_text(f"{b'one'.hex()}\n{b'two'.hex()}\n")
    Session.objects.filter(pk=session.pk).update(quarantined_total=2)
    assert run_command("requeue", session.pk).startswith("2 messages")
    session.refresh_from_db()
    assert session.quarantined_total == 0
    assert "Nothing" in run_command("requeue", session.pk)


def test_damaged_bytes_cannot_be_tried_again_and_are_named(db, session):
    session.folder.mkdir(parents=True)
    (session.folder / "spool.quarantine.120").write_bytes(b"?")
    Session.objects.filter(pk=session.pk).update(quarantined_total=1)
    assert "spool.quarantine.120" in run_command("requeue", session.pk)
    session.refresh_from_db()
    assert session.quarantined_total == 0


class Pairing(threading.Thread):
    """The command at work while the test holds the phone."""

    def __init__(self, *words: object) -> None:
        super().__init__(daemon=True)
        self.words, self.out, self.error = words, io.StringIO(), ""
        self.start()

    def run(self) -> None:
        try:
            call_command("whatsapp", "pair", *map(str, self.words), stdout=self.out)
        except CommandError as error:
            self.error = str(error)
        finally:
            connection.close()

    def shows(self, pattern: str) -> re.Match[str]:
        return eventually(lambda: re.search(pattern, self.out.getvalue()))

    def done(self) -> str:
        self.join(20)
        assert not self.is_alive()
        return self.out.getvalue()


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_pairing_at_a_terminal_by_qr_code(session, network, run):
    session_connect(session_id=session.pk)
    run(session.pk)
    pairing = Pairing(session.pk)
    pairing.shows("█")
    network.scan()
    assert "Connected: messages arrive and leave." in pairing.done()
    assert pairing.error == ""
    assert "paired already" in str(refused("pair", session.pk))
    assert run_command("connect", session.pk, "--wait").startswith("Lívia: Connected")
    run_command("logout", session.pk, "--wait")
    assert state_of(session) == State.LOGGED_OUT


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_pairing_at_a_terminal_by_phone_code(session, network, run):
    session_connect(session_id=session.pk)
    run(session.pk)
    pairing = Pairing(session.pk, "--phone", f"+{MARIA[0]}")
    network.enter_code(pairing.shows(r"Type on the phone: (\S+)")[1])
    assert "Connected" in pairing.done()


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_pairing_that_nobody_finishes_ends_with_a_sentence(session, run, monkeypatch):
    monkeypatch.setenv("WHATSAPP_PAIRING_SECONDS", "2")
    session_connect(session_id=session.pk)
    run(session.pk)
    pairing = Pairing(session.pk)
    pairing.done()
    assert pairing.error.startswith("Lívia: Nobody paired the phone in time.")
