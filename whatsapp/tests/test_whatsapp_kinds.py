"""Every kind of message and every oddity, through the real library into the database: one session, many messages."""

from datetime import timedelta

import pytest

from conversations.models import Conversation, Direction, MediaState, Message, MessageKind
from crm.core.clock import now
from tests.waloop.people import Contact, Phone
from tests.waloop.server import Loopback
from whatsapp.tests.conftest import eventually

pytestmark = pytest.mark.django_db(transaction=True)

JPEG = b"\xff\xd8\xff\xe0" + b"jpeg" * 2000
OGG = b"OggS" + b"\x00" * 200


def arrived(provider_id: str) -> Message:
    return eventually(lambda: Message.objects.filter(provider_id=provider_id).first())


def stored(provider_id: str) -> Message:
    """Once its file has been fetched."""
    settled = Message.objects.filter(provider_id=provider_id).exclude(media_state=MediaState.AWAITED)
    return eventually(settled.first)


def test_every_kind_is_stored_with_what_it_carries(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    text = loopback.text(phone, maria, "Quero um empréstimo")
    sent = {
        MessageKind.IMAGE: loopback.image(phone, maria, JPEG, "minha casa"),
        MessageKind.AUDIO: loopback.voice(phone, maria, OGG, 7),
        MessageKind.VIDEO: loopback.video(phone, maria, b"\x00\x00\x00\x18ftypmp42" + b"v" * 500),
        MessageKind.DOCUMENT: loopback.document(phone, maria, b"%PDF-1.7 conta", "conta de luz.pdf"),
        MessageKind.STICKER: loopback.sticker(phone, maria, b"RIFF\x00\x00\x00\x00WEBPVP8 " + b"s" * 100),
        MessageKind.LOCATION: loopback.location(phone, maria, -23.55, -46.63, place="Casa"),
        MessageKind.CONTACT: loopback.contact_card(phone, maria, [("Zé", "5511988776655")]),
        MessageKind.UNKNOWN: loopback.unknown(phone, maria),
    }
    rows = {kind: stored(provider_id) for kind, provider_id in sent.items()}
    assert {kind: row.kind for kind, row in rows.items()} == {kind: kind for kind in sent}
    assert rows[MessageKind.IMAGE].text == "minha casa"
    assert rows[MessageKind.AUDIO].media["voice"] and rows[MessageKind.AUDIO].media["seconds"] == 7
    assert rows[MessageKind.DOCUMENT].media["name"] == "conta de luz.pdf"
    assert rows[MessageKind.LOCATION].media["name"] == "Casa"
    assert rows[MessageKind.CONTACT].media["contacts"] == [{"name": "Zé", "phones": ["+5511988776655"]}]
    files = [MessageKind.IMAGE, MessageKind.AUDIO, MessageKind.VIDEO, MessageKind.DOCUMENT, MessageKind.STICKER]
    assert {rows[kind].media_state for kind in files} == {MediaState.STORED}
    answer = loopback.text(phone, maria, "esta aqui", quotes=text, quotes_own=True)
    assert arrived(answer).quoted_provider_id == text
    wrapped = loopback.text(phone, maria, "some depois", ephemeral=True)
    once = loopback.image(phone, maria, JPEG, "só uma vez", view_once=True)
    assert (arrived(wrapped).text, stored(once).kind) == ("some depois", MessageKind.IMAGE)
    assert Conversation.objects.count() == 1


def test_changes_reach_the_message_they_are_about(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    first, second = loopback.text(phone, maria, "preciso de 50 mil"), loopback.text(phone, maria, "apague isto")
    arrived(second)
    loopback.edit(phone, maria, first, "preciso de 500 mil")
    loopback.revoke(phone, maria, second)
    reaction = loopback.reaction(phone, maria, first, "👍", to_own=True)
    eventually(lambda: Message.objects.filter(provider_id=first, text="preciso de 500 mil", edited_at__isnull=False))
    eventually(lambda: Message.objects.filter(provider_id=second, revoked_at__isnull=False))
    assert (arrived(reaction).kind, arrived(reaction).quoted_provider_id) == (MessageKind.REACTION, first)
    loopback.again(phone, first)
    last = loopback.text(phone, maria, "fim")
    arrived(last)
    assert Message.objects.filter(provider_id=first).count() == 1


def test_a_message_that_could_not_be_read_is_announced_and_then_filled_in(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    later = loopback.garbage(phone, maria, then="agora sim")
    never = loopback.garbage(phone, maria)
    eventually(lambda: Message.objects.filter(provider_id=later, kind=MessageKind.TEXT, text="agora sim"))
    assert arrived(never).kind == MessageKind.PENDING
    assert Message.objects.filter(provider_id=later).count() == 1


def test_files_that_cannot_be_had_say_so_and_stop_nothing(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    gone = loopback.image(phone, maria, JPEG, "sumiu", fault="missing")
    huge = loopback.video(phone, maria, b"v" * 100, declared_length=200_000_000)
    empty = loopback.voice(phone, maria, b"", 0)
    good = loopback.image(phone, maria, JPEG, "boa")
    assert stored(good).media_state == MediaState.STORED
    assert stored(gone).media_state == MediaState.GONE
    assert stored(huge).media_state == MediaState.TOO_LARGE
    assert arrived(empty).kind == MessageKind.AUDIO


def test_hostile_names_and_crooked_clocks_do_no_harm(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    names = ["👩‍💻🇧🇷" * 50, "\u202eevil\u202c", "x" * 10_000, "<script>alert(1)</script>", "a\x00b", ""]
    for name in names:
        arrived(loopback.text(phone, maria, "oi", name=name))
    assert len(Conversation.objects.get().contact.push_name) <= 200
    before = arrived(loopback.text(phone, maria, "de ontem", at=now() - timedelta(days=40)))
    ahead = arrived(loopback.text(phone, maria, "de amanhã", at=now() + timedelta(days=400)))
    assert before.sent_at < now() - timedelta(days=39)
    assert ahead.sent_at <= now()
    conversation = Conversation.objects.get()
    assert conversation.messages.filter(direction=Direction.IN).count() == len(names) + 2


def test_one_person_by_lid_and_by_phone_is_one_conversation(
    number, online_number, loopback: Loopback, phone: Phone, maria: Contact
):
    arrived(loopback.text(phone, maria, "só o lid", via="lid-only"))
    arrived(loopback.text(phone, maria, "só o telefone", via="pn-only"))
    arrived(loopback.text(phone, maria, "os dois", via="lid"))
    conversation = eventually(lambda: Conversation.objects.count() == 1 and Conversation.objects.get())
    assert conversation.messages.filter(direction=Direction.IN).count() == 3
    assert (conversation.contact.phone, conversation.contact.lid) == (f"+{maria.number}", maria.lid)
