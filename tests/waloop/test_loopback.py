"""The loopback WhatsApp against the real neonize, in a process of its own."""

import os
import random
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.waloop.binary_xml import JID
from tests.waloop.child import Client
from tests.waloop.fixtures import memory_folder
from tests.waloop.log import wait_for
from tests.waloop.messages import STATUS
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback

LIVIA, MARIA = "5511900000001", "5511998123340"
KILLS = 3
FILE = bytes(range(256)) * 400


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with Loopback(tmp_path_factory.mktemp("waloop")) as running:
        yield running
    assert list(running.errors) == []


@pytest.fixture(scope="module")
def livia() -> Phone:
    return Phone(LIVIA, "Lívia")


@pytest.fixture(scope="module")
def maria(world: Loopback) -> Contact:
    maria = Contact(MARIA, "Maria")
    world.meet(maria)
    return maria


@pytest.fixture(scope="module")
def client(world: Loopback, livia: Phone) -> Iterator[Client]:
    """Lívia's number, paired by QR code; shared by the tests of this file."""
    folder = memory_folder()
    client = Client(world, folder / "livia.sqlite").pair(livia)
    yield client
    client.kill()
    shutil.rmtree(folder)


def test_a_qr_code_pairs_and_the_phone_has_a_companion(client: Client, livia: Phone) -> None:
    assert list(livia.companions) == [1]
    assert client.events.wait(lambda one: one["event"] == "PairStatus")


def test_a_phone_code_pairs(loopback: Loopback, store_dir: Path) -> None:
    ana = Phone("5511900000002", "Ana")
    client = Client(loopback, store_dir / "ana.sqlite")
    client.wait("QR")
    code = client.do("code", number=ana.number)["code"]
    assert loopback.codes_asked(ana)
    loopback.enter_code(ana, code)
    client.wait("Connected")
    client.kill()
    assert list(ana.companions) == [1]


def test_a_text_arrives_and_its_answer_is_on_marias_phone(
    world: Loopback, client: Client, livia: Phone, maria: Contact
) -> None:
    message_id = world.text(livia, maria, "oi", name="Maria 🦊")
    event = client.wait("Message", id=message_id)
    assert (event["text"], event["name"], event["chat"]) == ("oi", "Maria 🦊", str(maria.lid_jid()))
    answer = client.do("reply", to=message_id, text="olá!")["id"]
    got = world.received.wait(lambda one: one.id == answer)
    assert (got.text, got.quoted_id, got.contact) == ("olá!", message_id, maria)
    assert [(line.mine, line.text, line.times) for line in world.transcript(maria)] == [
        (True, "oi", 1),
        (False, "olá!", 1),
    ]


@pytest.mark.parametrize("via", ["lid", "lid-only", "pn", "pn-only"])
def test_a_sender_is_named_in_four_ways(world: Loopback, client: Client, livia: Phone, via: str) -> None:
    caio = Contact(f"55119888877{['lid', 'lid-only', 'pn', 'pn-only'].index(via):02}", "Caio")
    event = client.wait("Message", id=world.text(livia, caio, "oi", via=via))
    sender = caio.lid_jid() if via.startswith("lid") else caio.pn()
    beside = {"lid": str(caio.pn()), "pn": str(caio.lid_jid())}.get(via, "")
    assert (event["sender"], event["alt"]) == (str(sender), beside)


def test_every_kind_of_message_arrives(world: Loopback, client: Client, livia: Phone, maria: Contact) -> None:
    said = world.text(livia, maria, "errado")
    sent = {
        world.image(livia, maria, FILE, "legenda"): "imageMessage",
        world.video(livia, maria, FILE): "videoMessage",
        world.document(livia, maria, FILE): "documentMessage",
        world.voice(livia, maria, FILE, seconds=7): "audioMessage",
        world.audio(livia, maria, FILE): "audioMessage",
        world.sticker(livia, maria, FILE): "stickerMessage",
        world.location(livia, maria, -23.55, -46.63, "Sé"): "locationMessage",
        world.contact_card(livia, maria, [("João", "5511977776666")]): "contactMessage",
        world.contact_card(livia, maria, [("João", "5511977776666"), ("Rui", "5511977776665")]): "contactsArrayMessage",
        world.reaction(livia, maria, said, "👍", to_own=True): "reactionMessage",
        world.text(livia, maria, "sim", quotes=said, quotes_own=True): "extendedTextMessage",
        world.edit(livia, maria, said, "certo"): "protocolMessage",
        world.revoke(livia, maria, said): "protocolMessage",
        world.image(livia, maria, FILE, view_once=True): "imageMessage",
        world.text(livia, maria, "some", ephemeral=True): "conversation",
        world.text(livia, maria, "no grupo", group=JID("1203630", "g.us")): "conversation",
        world.text(livia, maria, "status", group=STATUS): "conversation",
        world.from_phone(livia, maria, "digitado no telefone"): "conversation",
    }
    for message_id, field in sent.items():
        assert field in client.wait("Message", id=message_id)["fields"]
    assert client.wait("Message", id=world.unknown(livia, maria))["fields"] == []
    assert client.wait("Message", id=list(sent)[-1])["from_me"]


def test_hostile_names_and_skewed_clocks_arrive(world: Loopback, client: Client, livia: Phone, maria: Contact) -> None:
    for name in ("N" * 10_000, "a\0b", "<b>x</b>", "\u202eمرحبا"):
        assert client.wait("Message", id=world.text(livia, maria, "oi", name=name))["name"] == name
    assert client.wait("Message", id=world.text(livia, maria, "velho", at=1_000_000_000))["at"] == 10**12


def test_files_travel_both_ways(world: Loopback, client: Client, livia: Phone, maria: Contact, tmp_path: Path) -> None:
    message_id = world.image(livia, maria, FILE)
    client.wait("Message", id=message_id)
    client.do("download", id=message_id, to=str(tmp_path / "in"))
    assert (tmp_path / "in").read_bytes() == FILE
    (tmp_path / "out.pdf").write_bytes(FILE)
    sent = client.do("document", to=str(maria.lid_jid()), path=str(tmp_path / "out.pdf"), name="proposta.pdf")["id"]
    received = world.received.wait(lambda one: one.id == sent)
    assert (received.kind, world.media_of(received)) == ("document", FILE)


@pytest.mark.parametrize(
    ("fault", "says"), [("missing", "404"), ("truncated", "hash"), ("corrupt", "hash"), ("cut", "EOF")]
)
def test_a_file_that_is_gone_or_broken_fails(
    world: Loopback, client: Client, livia: Phone, maria: Contact, tmp_path: Path, fault: str, says: str
) -> None:
    message_id = world.image(livia, maria, FILE, fault=fault)
    client.wait("Message", id=message_id)
    with pytest.raises(AssertionError, match=says):
        client.do("download", id=message_id, to=str(tmp_path / "in"))


def test_receipts_reach_both_sides(world: Loopback, client: Client, livia: Phone, maria: Contact) -> None:
    asked = world.text(livia, maria, "oi")
    client.wait("Message", id=asked)
    assert world.client_receipts.wait(lambda one: one.ids == (asked,)).type == ""
    client.do("read", id=asked)
    assert world.client_receipts.wait(lambda one: one.ids == (asked,) and one.type == "read")
    sent = client.do("send", to=str(maria.lid_jid()), text="tudo bem?")["id"]
    client.wait("Receipt", ids=[sent], type=1)
    world.receipt(livia, maria, sent, "read")
    client.wait("Receipt", ids=[sent], type=4)
    wait_for(lambda: not world.unacknowledged(livia))


def test_typing_is_seen_and_numbers_are_checked(world: Loopback, client: Client, maria: Contact) -> None:
    client.do("typing", to=str(maria.lid_jid()))
    world.chatstates.wait(lambda one: one == (maria.lid_jid(), "composing"))
    found = client.do("check", numbers=[MARIA, "5511900009999"])["found"]
    assert found == [[MARIA, True, str(maria.lid_jid())], ["5511900009999", False, "5511900009999@s.whatsapp.net"]]


def test_a_refused_message_is_on_no_phone(world: Loopback, client: Client, maria: Contact) -> None:
    shown = len(world.transcript(maria))
    world.refuse_messages(463)
    with pytest.raises(AssertionError, match="463"):
        client.do("send", to=str(maria.lid_jid()), text="frio")
    world.acknowledge()
    assert world.received[-1].refused == "463"
    assert len(world.transcript(maria)) == shown


def test_an_unreadable_message_is_asked_for_and_written_again(
    world: Loopback, client: Client, livia: Phone, maria: Contact
) -> None:
    message_id = world.garbage(livia, maria, then="agora sim")
    assert client.wait("Message", id=message_id)["text"] == "agora sim"
    assert world.client_receipts.wait(lambda one: one.type == "retry" and message_id in one.ids)


def test_a_login_that_fails_says_why(loopback: Loopback, store_dir: Path) -> None:
    client = Client(loopback, store_dir / "store.sqlite").pair(Phone("5511900000003"))
    endings = {402: "TemporaryBan", 405: "ClientOutdated", 409: "ConnectFailure", 401: "LoggedOut"}
    for reason, event in endings.items():
        client.kill()
        loopback.fail_login(reason, times=1, code=101, expire=3600)
        client.start().wait(event)
    client.kill()


def test_connections_end_in_every_way(loopback: Loopback, store_dir: Path) -> None:
    phone = Phone("5511900000004")
    client = Client(loopback, store_dir / "store.sqlite").pair(phone)
    loopback.drop(phone)
    wait_for(lambda: loopback.logins == 2)
    wait_for(lambda: loopback.connection_of(phone))
    loopback.stream_error(phone, code=515)
    wait_for(lambda: loopback.logins == 3)
    loopback.replace(phone)
    client.wait("StreamReplaced")
    client.kill()
    client.start().wait("Connected")
    loopback.remove_device(phone)
    client.wait("LoggedOut")
    client.kill()
    loopback.refuse_upgrade(503)
    client.start().wait("Ended", kind="NeonizeError")


def test_a_mute_server_keeps_a_client_from_coming_online(loopback: Loopback, store_dir: Path) -> None:
    phone = Phone("5511900000008")
    client = Client(loopback, store_dir / "store.sqlite").pair(phone)
    for stage in ("proxy", "upgrade", "websocket", "login"):
        client.kill()
        dials = loopback.dials
        loopback.be_mute(stage)
        client.start()
        wait_for(lambda dials=dials: loopback.dials > dials)
    client.kill()
    assert loopback.logins == 1
    loopback.welcome()
    client.start().wait("Connected")
    client.kill()


def test_a_failed_upload_is_an_error(world: Loopback, client: Client, maria: Contact, tmp_path: Path) -> None:
    (tmp_path / "out.pdf").write_bytes(FILE)
    world.media.upload_status = 500
    with pytest.raises(AssertionError, match="500"):
        client.do("document", to=str(maria.lid_jid()), path=str(tmp_path / "out.pdf"), name="proposta.pdf")
    world.media.upload_status = 200


def test_messages_wait_for_a_client_that_is_off(loopback: Loopback, store_dir: Path) -> None:
    phone, maria = Phone("5511900000005"), Contact(MARIA)
    client = Client(loopback, store_dir / "store.sqlite").pair(phone)
    client.kill()
    waiting = [loopback.text(phone, maria, f"{number}") for number in range(20)]
    client.start().wait("OfflineSyncCompleted")
    wait_for(lambda: not loopback.unacknowledged(phone))
    client.kill()
    assert client.arrived() == waiting


def test_kill_9_in_a_burst_leaves_sessions_that_still_decrypt(loopback: Loopback, store_dir: Path) -> None:
    """Whatever was not acknowledged comes again and what comes later decrypts.

    The few that neonize had decrypted but not yet handed over when it died are lost: it acknowledged them, or drops the
    second copy, saying `received message with old counter` (README).
    """
    phone, people = Phone("5511900000006"), [Contact(f"55119777{number:05}") for number in range(20)]
    client = Client(loopback, store_dir / "store.sqlite").pair(phone)
    sent: list[str] = []
    for round_number in range(KILLS):
        client.wait("Connected")
        before = len(client.arrived())
        burst = threading.Thread(
            target=lambda: sent.extend(loopback.text(phone, random.choice(people), "oi") for _ in range(200))
        )
        burst.start()
        wait_for(lambda before=before: len(client.arrived()) > before + 20)
        client.kill()
        burst.join()
        assert len(loopback.unacknowledged(phone)) > 0, f"round {round_number} was over before the kill"
        client.start().wait("OfflineSyncCompleted")
        wait_for(lambda: not loopback.unacknowledged(phone))
    client.kill()
    arrived = client.arrived()
    dropped = {one for line in client.lines if "old counter" in line for one in sent if one in line}
    assert len(set(sent) - set(arrived) - dropped) < len(sent) / 20
    assert len(arrived) == len(set(arrived))
    assert list(loopback.errors) == []


def test_what_a_killed_client_sends_afterwards_is_readable(loopback: Loopback, store_dir: Path) -> None:
    phone, maria = Phone("5511900000007"), Contact(MARIA)
    client = Client(loopback, store_dir / "store.sqlite").pair(phone)
    loopback.meet(maria)
    for _ in range(2):
        client.wait("Connected")
        client.do("send", to=str(maria.lid_jid()), text=os.urandom(4).hex())
        client.wait("Message", id=loopback.text(phone, maria, "oi"))
        client.kill()
        client.start()
    client.kill()
    assert [line.times for line in loopback.transcript(maria)] == [1] * 4
    assert list(loopback.errors) == []
