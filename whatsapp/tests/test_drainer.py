"""From the spool to the database: what cannot be stored now waits, what never can is set aside."""

import threading

import pytest
from django.db import OperationalError

from conversations.models import Message
from crm.core.clock import now
from whatsapp import drainer as drainer_module
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
    monkeypatch.setattr(drainer_module, "store", away)
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
