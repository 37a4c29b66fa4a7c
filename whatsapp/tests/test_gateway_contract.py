"""What every gateway must do. Runs on the simulator; another gateway joins by one more `Line`."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from whatsapp.gateways import base
from whatsapp.gateways.base import Left, Media, SendFailed
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.simulator.network import Network
from whatsapp.tests.conftest import MARIA, eventually


class Line:
    """A gateway with the far end of its line in the test's hand."""

    def __init__(self, session_id: int, folder: Path) -> None:
        self.session_id, self.folder = session_id, folder
        self.network = Network(session_id)
        self.events: list[base.Event] = []
        self.broken = False

    def open(self) -> "Line":
        self.events.clear()
        self.gateway = SimulatorGateway(self.session_id, self.folder, self._hear)
        self.ended = threading.Event()
        threading.Thread(target=self._connect, daemon=True).start()
        return self

    def _connect(self) -> None:
        try:
            self.gateway.connect()
        except Exception as error:
            self.events.append(error)
        finally:
            self.ended.set()

    def _hear(self, event: base.Event) -> None:
        if self.broken and isinstance(event, base.MessageArrived):
            raise OSError("the spool is gone")
        self.events.append(event)

    def heard(self, kind: type) -> list:
        return [event for event in self.events if isinstance(event, kind)]

    def wait(self, kind: type, number: int = 1) -> list:
        return eventually(lambda: len(self.heard(kind)) >= number and self.heard(kind), seconds=5, every=0.01)

    def pair(self) -> "Line":
        self.wait(base.QrShown)
        self.network.scan()
        self.wait(base.Connected)
        return self


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    line = Line(990_001, tmp_path)
    line.network.forget()
    yield line.open()
    line.gateway.stop()
    assert line.ended.wait(5)
    line.network.forget()


def test_pairing_by_qr_reports_pairing_then_connection(line):
    line.pair()
    assert [type(event) for event in line.events] == [base.QrShown, base.Paired, base.Connected]
    assert line.events[0].content not in repr(line.events)


def test_pairing_by_phone_code(line):
    line.wait(base.QrShown)
    line.network.enter_code(line.gateway.pair_code(MARIA[0]))
    line.wait(base.Connected)


def test_credentials_outlive_the_process(line):
    line.pair().gateway.stop()
    assert line.ended.wait(5)
    line.open().wait(base.Connected)
    assert not line.heard(base.QrShown)


def test_a_message_arrives_whole(line):
    line.pair()
    provider_id = line.network.say(*MARIA, "Quero um empréstimo", lid="77001122")
    (message,) = line.wait(base.MessageArrived)
    assert (message.provider_id, message.chat, message.phone, message.lid, message.push_name, message.text) == (
        *(provider_id, "77001122@lid", MARIA[0], "77001122", MARIA[1], "Quero um empréstimo"),
    )
    assert message.sent_at.tzinfo
    assert not message.from_me


def test_a_message_from_our_own_phone_is_marked(line):
    line.pair().network.say_own_phone(MARIA[0], "Oi, aqui é a Ana")
    assert line.wait(base.MessageArrived)[0].from_me


def test_a_message_whose_callback_failed_comes_again(line):
    line.pair()
    line.broken = True
    provider_id = line.network.say(*MARIA, "Oi")
    assert line.ended.wait(5)
    line.broken = False
    assert line.open().wait(base.MessageArrived)[0].provider_id == provider_id


def test_messages_keep_their_order_and_wait_while_the_line_is_cut(line):
    line.pair().network.drop()
    line.wait(base.Disconnected)
    ids = [line.network.say(*MARIA, str(number)) for number in range(50)]
    assert not line.heard(base.MessageArrived)
    line.network.restore()
    assert [message.provider_id for message in line.wait(base.MessageArrived, 50)] == ids


def test_a_first_dial_without_a_line_fails_at_once(line):
    line.gateway.stop()
    assert line.ended.wait(5)
    line.network.drop()
    line.open()
    line.wait(base.DialFailed)


def test_what_we_send_shows_on_the_phone_and_ticks_come_back(line):
    line.pair()
    line.network.say(*MARIA, "Oi")
    line.gateway.typing(MARIA[0], True)
    assert line.network.is_typing(MARIA[0])
    sent = line.gateway.reply(MARIA[0], "Olá, Maria", "3EB0")
    assert not line.network.is_typing(MARIA[0])
    assert [(row.mine, row.text) for row in line.network.transcript(MARIA[0])] == [(True, "Oi"), (False, "Olá, Maria")]
    receipts = line.wait(base.ReceiptArrived, 2)
    assert [(receipt.provider_ids, receipt.state) for receipt in receipts] == [
        ((sent.provider_id,), "delivered"),
        ((sent.provider_id,), "read"),
    ]


def test_ticks_can_be_left_to_the_person(line):
    line.pair().network.set_ticks("none")
    sent = line.gateway.send_text(MARIA[0], "Olá")
    line.network.read(MARIA[0])
    (receipt,) = line.wait(base.ReceiptArrived)
    assert (receipt.provider_ids, receipt.state) == ((sent.provider_id,), "read")


def test_a_read_message_shows_blue_ticks_to_its_writer(line):
    line.pair()
    provider_id = line.network.say(*MARIA, "Oi")
    line.gateway.mark_read(MARIA[0], [provider_id])
    assert line.network.transcript(MARIA[0])[0].tick == "read"


def test_media_goes_both_ways(line):
    line.pair()
    line.network.say(*MARIA, "minha conta", media=Media(b"\xff\xd8", "image", "image/jpeg", "conta.jpg"))
    (message,) = line.wait(base.MessageArrived)
    assert (message.kind, message.media["mime"]) == ("image", "image/jpeg")
    assert line.gateway.download(message.media) == b"\xff\xd8"
    line.gateway.send_media(MARIA[0], Media(b"%PDF", "document", "application/pdf", "proposta.pdf"), "Proposta")
    assert line.network.transcript(MARIA[0])[-1].kind == "document"


def test_a_send_without_a_line_surely_did_not_leave(line):
    line.pair().network.drop()
    with pytest.raises(SendFailed) as failure:
        line.gateway.send_text(MARIA[0], "Olá")
    assert (failure.value.code, failure.value.left) == ("not_connected", Left.NO)


def test_a_refused_send_is_not_for_trying_again(line):
    line.pair().network.refuse_sends("463")
    with pytest.raises(SendFailed) as failure:
        line.gateway.send_text(MARIA[0], "Olá")
    assert (failure.value.code, failure.value.left) == ("463", Left.REFUSED)


def test_a_number_check_tells_who_is_on_whatsapp(line):
    line.pair().network.set_absent("5511900000000")
    assert line.gateway.number_check("5511900000000") is None
    assert line.gateway.number_check(MARIA[0]) == f"{MARIA[0]}@s.whatsapp.net"


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (lambda network: network.logout(), base.LoggedOut),
        (lambda network: network.ban(60), base.Banned),
        (lambda network: network.outdate(), base.Outdated),
        (lambda network: network.conflict(), base.Replaced),
    ],
)
def test_each_ending_is_reported_and_ends_the_connection(line, act, kind):
    act(line.pair().network)
    line.wait(kind)
    assert line.ended.wait(5)


def test_after_a_logout_the_phone_has_to_be_paired_again(line):
    line.pair().gateway.log_out()
    line.wait(base.LoggedOut)
    assert line.ended.wait(5)
    line.open().pair()


def test_pausing_takes_nothing_more_in(line):
    line.pair().gateway.pause()
    line.network.say(*MARIA, "tarde demais")
    line.gateway.stop()
    assert line.ended.wait(5)
    assert not line.heard(base.MessageArrived)
    line.open()
    assert line.wait(base.MessageArrived)[0].text == "tarde demais"
