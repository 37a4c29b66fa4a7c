"""What every gateway must do, on the simulator and on the real library."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waloop.server import Loopback
from whatsapp.gateways import base
from whatsapp.gateways.base import DownloadFailed, Left, Media, Quoted, SendFailed
from whatsapp.tests.conftest import MARIA, eventually
from whatsapp.tests.lines import ABSENT, LID, Line, SimulatorLine, WhatsAppLine


@pytest.fixture(params=["simulator", "whatsapp"])
def line(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Line]:
    if request.param == "simulator":
        yield from _opened(SimulatorLine(tmp_path))
        return
    certificates = tmp_path / "certificates"
    certificates.mkdir()
    with Loopback(certificates) as loopback:
        yield from _opened(WhatsAppLine(tmp_path, loopback))


def _opened(line: Line) -> Iterator[Line]:
    yield line.open()
    line.close()
    line.forget()


def test_pairing_by_qr_reports_pairing_then_connection(line):
    line.pair()
    assert [type(event) for event in line.events] == [base.QrShown, base.Paired, base.Connected]
    assert line.events[0].content not in repr(line.events)


def test_pairing_by_phone_code(line):
    line.wait(base.QrShown)
    line.type_code(line.gateway.pair_code("5511940028922"))
    line.wait(base.Connected)


def test_credentials_outlive_the_process(line):
    line.pair().close()
    line.forget_process()
    line.open().wait(base.Connected)
    assert not line.heard(base.QrShown)


def test_a_message_arrives_whole(line):
    line.pair()
    provider_id = line.say("Quero um empréstimo")
    (message,) = line.wait(base.MessageArrived)
    assert (message.provider_id, message.chat, message.phone, message.lid, message.push_name, message.text) == (
        *(provider_id, f"{LID}@lid", MARIA[0], LID, MARIA[1], "Quero um empréstimo"),
    )
    assert message.sent_at.tzinfo
    assert not message.from_me


def test_a_message_from_our_own_phone_is_marked(line):
    line.pair().say_own("Oi, aqui é a Ana")
    (message,) = line.wait(base.MessageArrived)
    assert (message.from_me, message.text) == (True, "Oi, aqui é a Ana")
    assert MARIA[0] == message.phone


def test_messages_keep_their_order_and_wait_while_the_line_is_cut(line):
    line.pair().cut()
    line.wait(base.Disconnected)
    ids = [line.say(str(number)) for number in range(50)]
    assert not line.heard(base.MessageArrived)
    line.mend()
    assert [message.provider_id for message in line.wait(base.MessageArrived, 50)] == ids


def test_a_first_dial_without_a_line_fails_at_once(line):
    line.pair().close()
    line.forget_process()
    line.cut()
    line.open()
    assert line.ended.wait(15)
    assert line.dial_error.startswith("no network")


def test_what_we_send_shows_on_the_phone_and_ticks_come_back(line):
    line.pair()
    provider_id = line.say("Oi")
    line.wait(base.MessageArrived)
    line.gateway.typing(line.chat, True)
    eventually(line.typing_shown, seconds=5)
    sent = line.gateway.reply(line.chat, "Olá, Maria", Quoted(provider_id, "Oi"))
    receipts = line.wait(base.ReceiptArrived, 2)
    assert line.shown() == [(True, "text", "Oi"), (False, "text", "Olá, Maria")]
    assert [(receipt.provider_ids, receipt.state) for receipt in receipts] == [
        ((sent.provider_id,), "delivered"),
        ((sent.provider_id,), "read"),
    ]


def test_a_read_message_shows_blue_ticks_to_its_writer(line):
    line.pair()
    provider_id = line.say("Oi")
    line.wait(base.MessageArrived)
    line.gateway.mark_read(line.chat, [provider_id])
    eventually(lambda: line.blue(provider_id), seconds=5)


def test_media_goes_both_ways(line):
    line.pair().send_image(b"\xff\xd8" * 5000, "minha conta")
    (message,) = line.wait(base.MessageArrived)
    assert (message.kind, message.text, message.media["mime"]) == ("image", "minha conta", "image/jpeg")
    assert line.gateway.download(message.media) == b"\xff\xd8" * 5000
    line.gateway.send_media(line.chat, Media(b"%PDF-1.4", "document", "application/pdf", "proposta.pdf"), "Proposta")
    eventually(lambda: line.shown()[-1][:2] == (False, "document"), seconds=5)


def test_our_sign_shows_on_their_message_and_goes_again(line):
    line.pair()
    provider_id = line.say("Fechado!")
    line.wait(base.MessageArrived)
    sent = line.gateway.react(line.chat, "👍", Quoted(provider_id))
    assert sent.provider_id
    eventually(lambda: line.signs(provider_id) == ["👍"], seconds=5)
    line.gateway.react(line.chat, "❤️", Quoted(provider_id))
    eventually(lambda: line.signs(provider_id) == ["❤️"], seconds=5)
    line.gateway.react(line.chat, "", Quoted(provider_id))
    eventually(lambda: line.signs(provider_id) == [], seconds=5)


def test_a_file_may_answer_a_message(line):
    line.pair()
    provider_id = line.say("Manda a proposta?")
    line.wait(base.MessageArrived)
    paper = Media(b"%PDF-1.4", "document", "application/pdf", "proposta.pdf")
    line.gateway.send_media(line.chat, paper, "Aqui", Quoted(provider_id, "Manda a proposta?"))
    eventually(lambda: line.answered("Aqui") == provider_id, seconds=5)


def test_a_file_that_is_gone_is_said_to_be_gone(line):
    line.pair()
    with pytest.raises(DownloadFailed) as failure:
        line.gateway.download({"ref": "bm8gZmlsZQ=="})
    assert failure.value.gone


def test_a_send_without_a_line_surely_did_not_leave(line):
    line.pair().cut()
    line.wait(base.Disconnected)
    with pytest.raises(SendFailed) as failure:
        line.gateway.send_text(line.chat, "Olá")
    assert (failure.value.code, failure.value.left) == ("not_connected", Left.NO)


def test_a_refused_send_is_not_for_trying_again(line):
    line.pair()
    line.say("Oi")
    line.wait(base.MessageArrived)
    line.refuse_sends("463")
    with pytest.raises(SendFailed) as failure:
        line.gateway.send_text(line.chat, "Olá")
    assert (failure.value.code, failure.value.left) == ("463", Left.REFUSED)


def test_a_number_check_tells_who_is_on_whatsapp(line):
    line.pair().be_away(ABSENT)
    assert line.gateway.number_check(ABSENT) is None
    assert line.gateway.number_check(MARIA[0])


@pytest.mark.parametrize("ending", [base.LoggedOut, base.Banned, base.Outdated, base.Replaced])
def test_each_ending_is_reported_and_ends_the_connection(line, ending):
    line.endings[ending](line.pair())
    line.wait(ending)
    assert line.ended.wait(15)


def test_after_a_logout_the_phone_has_to_be_paired_again(line):
    line.pair().gateway.log_out()
    line.wait(base.LoggedOut)
    assert line.ended.wait(15)
    line.forget_process()
    line.open().pair()


def test_pausing_takes_nothing_more_in(line):
    line.pair().gateway.pause()
    line.say("tarde demais")
    line.close()
    line.forget_process()
    assert not line.heard(base.MessageArrived)
    line.open()
    assert line.wait(base.MessageArrived)[0].text == "tarde demais"
