"""What WhatsApp hands over gets its trace on the way to the disk."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversations.models import Message
from whatsapp.gateways.base import MessageArrived, from_bytes, to_bytes
from whatsapp.intake import Intake
from whatsapp.setaside import event_store
from whatsapp.spool import Spool

pytestmark = pytest.mark.django_db

SAID = MessageArrived("A1", "5511998123340@s.whatsapp.net", datetime(2026, 11, 20, tzinfo=UTC), "5511998123340")


def test_a_message_has_its_trace_before_it_is_on_disk(tmp_path):
    with Spool(tmp_path / "spool") as spool:
        Intake(spool=spool, arrived=threading.Event(), stopping=threading.Event()).take(SAID)
        [(_end, raw)] = spool.read(10)
    kept = from_bytes(raw)
    assert len(kept.trace_id) == 32 and replace(kept, trace_id="") == SAID


def test_a_record_of_an_earlier_version_gets_its_trace_when_it_is_stored(inbox):
    earlier = json.loads(to_bytes(SAID))
    del earlier["trace_id"]
    event_store(inbox.pk, from_bytes(json.dumps(earlier).encode()))
    assert len(Message.objects.get().trace_id) == 32
