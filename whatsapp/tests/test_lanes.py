"""Which records of a batch belong together: one person's, however WhatsApp names them."""

from crm.core.clock import now
from whatsapp.gateways.base import MessageArrived, ReceiptArrived
from whatsapp.lanes import Record, lanes, runs

MARIA, LID, JOAO = "5511998123340@s.whatsapp.net", "777@lid", "5511988887777@s.whatsapp.net"


def records(*events):
    return [Record(end, b"", event) for end, event in enumerate(events, start=1)]


def message(chat: str, *, phone: str | None = None, lid: str | None = None) -> MessageArrived:
    return MessageArrived(provider_id="x", chat=chat, phone=phone, lid=lid, sent_at=now())


def receipt(chat: str) -> ReceiptArrived:
    return ReceiptArrived(chat=chat, provider_ids=("x",), state="read", at=now())


def ends(found) -> list[list[int]]:
    return [[record.end for record in lane] for lane in found]


def test_each_person_has_a_lane_in_order():
    rows = records(message(MARIA), message(JOAO), receipt(MARIA), message(JOAO), message(MARIA))
    assert ends(lanes(rows)) == [[1, 3, 5], [2, 4]]


def test_a_record_that_names_both_joins_the_lanes_in_order():
    rows = records(
        message(LID), message(JOAO), message(MARIA), message(LID, phone="5511998123340", lid="777"), receipt(LID)
    )
    assert ends(lanes(rows)) == [[1, 3, 4, 5], [2]]


def test_messages_in_a_row_are_stored_together_and_a_receipt_alone():
    rows = records(*[message(MARIA)] * 3, receipt(MARIA), receipt(MARIA), message(MARIA))
    assert ends(runs(rows, 2)) == [[1, 2], [3], [4], [5], [6]]
