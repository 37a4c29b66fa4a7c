"""What could not be stored waits where a manager sees it, and can be tried again or given up."""

import pytest

from conversations.models import Message
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from whatsapp import setaside
from whatsapp.drainer import Drainer
from whatsapp.gateways.base import MessageArrived, to_bytes
from whatsapp.models import SetAside
from whatsapp.setaside import record_drop, record_retry, records_waiting
from whatsapp.spool import Spool

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = "5511998123340"


@pytest.fixture
def refused(session, tmp_path, settings, monkeypatch) -> SetAside:
    """Maria's message, which the code of that day could not store."""
    settings.WHATSAPP_STORE_TRIES = 1
    said = MessageArrived("M1", f"{PHONE}@s.whatsapp.net", sent_at=now(), phone=PHONE, push_name="Maria", text="oi")
    with Spool(tmp_path / "spool") as spool, monkeypatch.context() as patch:

        def broken(**_all):
            raise ValueError("a bug")

        patch.setattr(setaside, "message_receive", broken)
        spool.append(to_bytes(said))
        assert Drainer(spool=spool, inbox_id=session.inbox_id, quarantine=tmp_path / "quarantine").drain()
    assert not (tmp_path / "quarantine").exists()
    return SetAside.objects.get()


def test_it_shows_who_wrote_and_why_it_was_refused(refused):
    (waiting,) = records_waiting()
    assert (waiting.who, waiting.said, waiting.kind, waiting.record.error) == ("Maria", "oi", "text", "ValueError")


def test_tried_again_it_is_stored_once(refused):
    record_retry(record_id=refused.pk)
    assert [message.text for message in Message.objects.all()] == ["oi"]
    assert not SetAside.objects.exists()
    with pytest.raises(NotFound):
        record_retry(record_id=refused.pk)


def test_refused_again_it_stays_and_says_so(refused, monkeypatch):
    def broken(**_all):
        raise TypeError("another bug")

    monkeypatch.setattr(setaside, "message_receive", broken)
    with pytest.raises(Conflict):
        record_retry(record_id=refused.pk)
    refused.refresh_from_db()
    assert (refused.attempts, refused.error, refused.tried_at is not None) == (1, "TypeError", True)


def test_what_is_no_event_can_be_seen_and_dropped(session, bruno):
    SetAside.objects.create(session=session, raw=b"\xff\x00 not an event", error="ValueError")
    (waiting,) = records_waiting()
    assert waiting.kind == "unreadable"
    with pytest.raises(Conflict):
        record_retry(record_id=waiting.record.pk)
    record_drop(record_id=waiting.record.pk, user_id=bruno.pk)
    assert not SetAside.objects.exists()
