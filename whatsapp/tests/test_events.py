"""Events as they lie in the spool."""

from datetime import UTC, datetime

import pytest

from whatsapp.gateways.base import MessageArrived, ReceiptArrived, from_bytes, to_bytes

AT = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "event",
    [
        MessageArrived(
            provider_id="3EB0", chat="1@lid", sent_at=AT, lid="1", text="Olá \ud83d 😀 \x00", media={"ref": "x"}
        ),
        ReceiptArrived(chat="5511@s.whatsapp.net", provider_ids=("A", "B"), state="read", at=AT),
    ],
)
def test_an_event_comes_back_as_it_was(event):
    assert from_bytes(to_bytes(event)) == event


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"null", b'{"event":"message"}', b'{"event":"x"}', b"\xff\x00"])
def test_anything_else_is_a_value_error(raw):
    with pytest.raises(ValueError, match="not an event"):
        from_bytes(raw)
