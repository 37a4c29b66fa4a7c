"""From the spool to the database: what cannot be stored now waits, what never can is set aside."""

import threading

import pytest
from django.db import OperationalError, connection, transaction
from psycopg.errors import AdminShutdown, DiskFull

from conversations.inbound import InboundMessage
from conversations.models import Message
from crm.core.clock import now
from whatsapp import drainer as drainer_module
from whatsapp import setaside
from whatsapp.drainer import Drainer
from whatsapp.gateways.base import MessageArrived, to_bytes
from whatsapp.spool import Spool
from whatsapp.tests.conftest import MARIA

pytestmark = pytest.mark.django_db(transaction=True)


def record(text: str, *, chat: str = "", provider_id: str = "") -> bytes:
    chat = chat or f"{MARIA[0]}@s.whatsapp.net"
    return to_bytes(
        MessageArrived(provider_id=provider_id or text, chat=chat, phone=MARIA[0], text=text, sent_at=now())
    )


@pytest.fixture
def spool(tmp_path):
    with Spool(tmp_path / "spool") as spool:
        yield spool


@pytest.fixture
def drainer(spool, inbox, tmp_path):
    return Drainer(spool=spool, inbox_id=inbox.pk, quarantine=tmp_path / "quarantine")


def test_records_are_stored_in_order_and_once(drainer, spool):
    for text in ("um", "dois", "um", "três"):
        spool.append(record(text))
    assert drainer.drain()
    assert spool.pending == 0
    assert list(Message.objects.values_list("text", flat=True)) == ["um", "dois", "três"]


def test_with_the_database_away_the_record_waits(drainer, spool, monkeypatch):
    def away(*_args):
        raise OperationalError("the database system is shutting down")

    spool.append(record("um"))
    monkeypatch.setattr(drainer_module, "event_store", away)
    assert not drainer.drain()
    assert spool.pending
    monkeypatch.undo()
    assert drainer.drain()
    assert Message.objects.count() == 1


def test_a_record_the_database_never_takes_is_set_aside_and_can_be_brought_back(drainer, spool, tmp_path, settings):
    settings.WHATSAPP_STORE_TRIES = 2
    unknown_inbox = Drainer(spool=spool, inbox_id=0, quarantine=tmp_path / "quarantine")
    spool.append(record("um"))
    assert unknown_inbox.drain()
    assert (spool.pending, unknown_inbox.quarantined) == (0, 1)
    (line,) = (tmp_path / "quarantine").read_text().split()
    spool.append(bytes.fromhex(line))
    drainer.drain()
    assert Message.objects.get().text == "um"


def test_finishing_stores_what_is_left(drainer, spool):
    drainer.start()
    threads = [threading.Thread(target=lambda n=n: spool.append(record(f"m{n}"))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert drainer.finish(10)
    assert Message.objects.count() == 20


def test_one_bad_record_of_a_person_is_set_aside_and_the_others_are_stored(drainer, spool, settings, tmp_path):
    settings.WHATSAPP_STORE_TRIES = 1
    spool.append(record("um"))
    spool.append(
        to_bytes(MessageArrived(provider_id="bad", chat=f"{MARIA[0]}@s.whatsapp.net", sent_at=now(), text="?"))
    )
    spool.append(record("dois"))
    assert drainer.drain()
    assert list(Message.objects.values_list("text", flat=True)) == ["um", "dois"]
    assert (spool.pending, drainer.quarantined) == (0, 1)


def test_what_waits_behind_an_outage_is_read_again_and_stored_once(drainer, spool, monkeypatch):
    """The offset stops before the first record that was not stored, whatever was stored after it."""
    ana, maria = "5511977776666", MARIA[0]
    for number, phone in enumerate([ana, maria, ana, maria]):
        event = MessageArrived(
            provider_id=str(number), chat=f"{phone}@s.whatsapp.net", phone=phone, text=str(number), sent_at=now()
        )
        spool.append(to_bytes(event))
    real = drainer_module.run_store

    def away_for_maria(inbox_id, run):
        if run[0].event.phone == maria:
            raise OperationalError("the database system is shutting down") from AdminShutdown()
        real(inbox_id, run)

    monkeypatch.setattr(drainer_module, "run_store", away_for_maria)
    assert not drainer.drain()
    assert len(spool.read(10)) == 3
    monkeypatch.undo()
    assert drainer.drain()
    assert sorted(Message.objects.values_list("text", flat=True)) == ["0", "1", "2", "3"]


def test_a_person_known_only_by_a_lid_gets_the_phone_the_gateway_knows(spool, inbox, tmp_path):
    drainer = Drainer(spool=spool, inbox_id=inbox.pk, quarantine=tmp_path / "quarantine", resolve={"777": MARIA[0]}.get)
    for lid in ("777", "888"):
        spool.append(to_bytes(MessageArrived(provider_id=lid, chat=f"{lid}@lid", lid=lid, text=lid, sent_at=now())))
    assert drainer.drain()
    phones = {message.text: message.conversation.contact.phone for message in Message.objects.all()}
    assert phones == {"777": f"+{MARIA[0]}", "888": ""}


def test_with_the_disk_full_nothing_is_set_aside_and_nothing_lost(drainer, spool, tmp_path):
    drainer.quarantine = tmp_path / "no such folder" / "quarantine"
    spool.append(b"not an event")
    spool.append(record("um"))
    drainer.start()
    spool.append(record("dois"))
    assert not drainer.finish(1)
    drainer.quarantine = tmp_path / "quarantine"
    assert drainer.finish(10)
    assert list(Message.objects.values_list("text", flat=True)) == ["um", "dois"]


def from_person(phone: str, *texts: str) -> list[bytes]:
    return [
        to_bytes(MessageArrived(text, f"{phone}@s.whatsapp.net", sent_at=now(), phone=phone, text=text))
        for text in texts
    ]


@pytest.fixture
def poisoned(monkeypatch):
    """The database answers, but fails for any message that says "poison"."""
    real = setaside.message_receive

    def receive(*, inbox_id, inbound):
        if inbound.text == "poison":
            raise OperationalError("index row size exceeds btree version 4 maximum")
        return real(inbox_id=inbox_id, inbound=inbound)

    monkeypatch.setattr(setaside, "message_receive", receive)
    monkeypatch.setattr(drainer_module, "messages_receive", lambda **_all: receive(inbox_id=0, inbound=POISON))


POISON = InboundMessage(**vars(MessageArrived("P", "x@lid", sent_at=now(), text="poison")))


def test_a_record_the_database_fails_on_holds_up_its_person_only_and_is_set_aside_in_the_end(
    drainer, spool, settings, poisoned
):
    settings.WHATSAPP_STORE_TRIES = 3
    for raw in (*from_person("5511911111111", "poison", "depois"), *from_person("5511922222222", "oi")):
        spool.append(raw)
    assert not drainer.drain()
    since = drainer.waiting_since
    assert list(Message.objects.values_list("text", flat=True)) == ["oi"]
    assert not drainer.drain()
    assert (drainer.waiting_since, drainer.quarantined) == (since, 0)
    assert drainer.drain()
    assert list(Message.objects.values_list("text", flat=True)) == ["oi", "depois"]
    assert (spool.pending, drainer.quarantined, drainer.waiting_since, drainer.tries) == (0, 1, None, {})


def test_a_full_database_sets_nothing_aside_however_long_it_lasts(drainer, spool, settings, monkeypatch):
    settings.WHATSAPP_STORE_TRIES = 2

    def full(*_args):
        raise OperationalError("could not extend file") from DiskFull()

    monkeypatch.setattr(drainer_module, "event_store", full)
    spool.append(record("um"))
    for _round in range(5):
        assert not drainer.drain()
    monkeypatch.undo()
    assert drainer.drain()
    assert (Message.objects.count(), drainer.quarantined) == (1, 0)


def test_what_the_database_says_of_a_record_is_not_logged(drainer, spool, settings, monkeypatch, caplog):
    settings.WHATSAPP_STORE_TRIES = 1

    def doubled(**_all):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE one (phone text UNIQUE) ON COMMIT DROP")
            cursor.execute("INSERT INTO one VALUES (%s), (%s)", [MARIA[0], MARIA[0]])

    monkeypatch.setattr(setaside, "message_receive", doubled)
    spool.append(record("segredo"))
    drainer.drain()
    assert all(word in caplog.text for word in ("IntegrityError", "23505", "test_drainer.py:"))
    assert MARIA[0] not in caplog.text and "segredo" not in caplog.text
