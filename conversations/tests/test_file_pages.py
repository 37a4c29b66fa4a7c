"""Files on the page: who gets them, in which parts, as what; and sending them."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversations.media import file_stored
from conversations.models import Author, Conversation, MediaState, Message, MessageKind, MessageState
from conversations.outbox import message_queue
from conversations.serving import Unsatisfiable, part_of
from conversations.tests.test_files import PNG, VOICE
from crm.core.clock import now
from leads.models import Attendance
from leads.services import lead_assign

PDF = b"%PDF-1.7\n" + b"x" * 200


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def anas_thread(maria_thread, ana) -> Conversation:
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    return maria_thread


@pytest.fixture
def sent(says, anas_thread):
    """A file Maria sent, fetched; its address."""

    def send(content: bytes, kind: str = "image", **facts) -> str:
        message = says("", kind=kind, media={"ref": "R", **facts})
        assert file_stored(message_id=message.pk, content=content)
        message.refresh_from_db()
        return message.media_url

    return send


@pytest.fixture
def sends(anas_thread, ana, browse):
    """Ana sends a file from the composer."""
    client = browse(ana)

    def send(content: bytes, name: str = "casa.png", mime: str = "", **fields):
        file = SimpleUploadedFile(name, content, content_type=mime)
        address = reverse("conversations:send", args=[anas_thread.pk])
        return client.post(address, {"file": file, **fields}, headers={"Accept": "application/json"})

    return send


def last() -> Message:
    return Message.objects.exclude(kind=MessageKind.EVENT).latest("pk")


# ---- who gets them, and as what
def test_a_file_is_for_whoever_may_see_the_thread(sent, ana, bruno, caio, browse, client):
    address = sent(PNG)
    assert client.get(address).status_code == 302
    assert browse(caio).get(address).status_code == 404
    for person in (ana, bruno):
        answer = browse(person).get(address)
        assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", PNG)
        assert answer["Content-Length"] == str(len(PNG))


def test_a_picture_is_shown_and_can_do_nothing_else(sent, ana, browse):
    answer = browse(ana).get(sent(PNG))
    assert answer["Content-Disposition"].startswith("inline")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"] and "default-src 'none'" in answer["Content-Security-Policy"]
    assert "private" in answer["Cache-Control"]


@pytest.mark.parametrize("content", [PDF, b"<html><script>alert(1)</script>", b'<svg onload="alert(1)"/>', b"MZ\x90"])
def test_everything_else_is_only_downloaded(sent, ana, browse, content):
    answer = browse(ana).get(sent(content, kind="document", name="contrato “final”.pdf", mime="text/html"))
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert "filename*=utf-8''contrato%20%E2%80%9Cfinal%E2%80%9D.pdf" in answer["Content-Disposition"]


def test_a_message_without_a_file_or_of_another_thread_is_404(sent, says, anas_thread, ana, browse):
    client = browse(ana)
    text = anas_thread.messages.first()
    assert client.get(reverse("conversations:media", args=[anas_thread.pk, text.pk])).status_code == 404
    sent(PNG)
    other = says("oi", phone="5521987654321").conversation
    assert client.get(reverse("conversations:media", args=[other.pk, last().pk - 1])).status_code == 404


def test_a_file_that_left_the_storage_is_404(sent, ana, browse, media_root):
    address = sent(PNG)
    next(media_root.rglob("*.png")).unlink()
    assert browse(ana).get(address).status_code == 404


# ---- parts, and unchanged
@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("", None), ("bytes=0-", (0, 99)), ("bytes=10-19", (10, 19)), ("bytes=90-500", (90, 99)),
        ("bytes=-10", (90, 99)),
        ("bytes=-500", (0, 99)), ("bytes=0-0", (0, 0)), ("bytes=5-2", None), ("bytes=-", None), ("lines=1-2", None),
        ("bytes=0-1,3-4", None), ("bytes=a-b", None),
    ],
)  # fmt: skip
def test_the_part_a_range_asks_for(asked, part):
    assert part_of(asked, 100) == part


@pytest.mark.parametrize(("asked", "size"), [("bytes=100-", 100), ("bytes=-0", 100), ("bytes=0-", 0), ("bytes=0-5", 0)])
def test_a_range_behind_the_end(asked, size):
    with pytest.raises(Unsatisfiable):
        part_of(asked, size)


def test_players_get_parts(sent, ana, browse):
    client, address = browse(ana), sent(VOICE, kind="audio")
    answer = client.get(address, headers={"Range": "bytes=4-9"})
    assert (answer.status_code, answer.content) == (206, VOICE[4:10])
    assert answer["Content-Range"] == f"bytes 4-9/{len(VOICE)}" and answer["Content-Length"] == "6"
    beyond = client.get(address, headers={"Range": "bytes=99999-"})
    assert (beyond.status_code, beyond["Content-Range"]) == (416, f"bytes */{len(VOICE)}")
    other = client.get(address, headers={"Range": "bytes=4-9", "If-Range": '"another"'})
    assert (other.status_code, other.content) == (200, VOICE)


def test_what_the_browser_has_is_not_sent_again(sent, ana, browse):
    client, address = browse(ana), sent(PNG)
    etag = client.get(address)["ETag"]
    answer = client.get(address, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")


# ---- sending
@pytest.mark.parametrize(
    ("content", "name", "kind", "more"),
    [
        (PNG, "casa.png", MessageKind.IMAGE, {"mime": "image/png"}),
        (b"\xff\xd8\xff\xe0xx", "casa.jpg", MessageKind.IMAGE, {"mime": "image/jpeg"}),
        (b"RIFF\0\0\0\0WEBPVP8 ", "casa.webp", MessageKind.DOCUMENT, {"mime": "image/webp"}),
        (PDF, "contrato.pdf", MessageKind.DOCUMENT, {"mime": "application/pdf"}),
        (VOICE, "voz.ogg", MessageKind.AUDIO, {"mime": "audio/ogg", "voice": True, "seconds": 7}),
        (b"ID3\x04xxxx", "som.mp3", MessageKind.AUDIO, {"mime": "audio/mpeg"}),
        (b"\0\0\0 ftypisom", "filme.mp4", MessageKind.VIDEO, {"mime": "video/mp4"}),
    ],
)  # fmt: skip
def test_a_file_goes_out_as_what_it_is(sends, content, name, kind, more):
    assert sends(content, name, text="veja").status_code == 204
    message = Message.objects.filter(media_state=MediaState.STORED).get()
    assert (message.kind, message.state) == (kind, MessageState.QUEUED)
    facts = dict(message.media)
    assert facts.pop("path").startswith(f"whatsapp/{message.conversation.inbox_id}/")
    assert facts == {"name": name, "size": len(content), **more}
    assert message.conversation.attended_by == Attendance.PERSON


def test_a_caption_goes_with_a_picture_and_after_a_recording(sends):
    sends(PNG, text="a casa")
    assert (last().kind, last().text) == (MessageKind.IMAGE, "a casa")
    sends(VOICE, "voz.ogg", text="ouça")
    recording, text = Message.objects.order_by("-pk")[:2][::-1]
    assert (recording.kind, recording.text, text.kind, text.text) == ("audio", "", "text", "ouça")


def test_a_file_sent_twice_by_a_double_click_is_one_message(sends, media_root):
    token = str(uuid.uuid4())
    assert sends(PNG, client_token=token).status_code == sends(PNG, client_token=token).status_code == 204
    assert Message.objects.filter(kind=MessageKind.IMAGE).count() == 1
    assert len(list(media_root.rglob("*.png"))) == 1


@pytest.mark.parametrize(
    ("content", "fields", "status"), [(b"", {}, 400), (PNG, {"text": "x" * 1025}, 400), (PNG * 100, {}, 413)]
)
def test_what_cannot_be_sent_is_refused_with_a_sentence_and_leaves_nothing(
    sends, settings, media_root, content, fields, status
):
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = 2000
    answer = sends(content, **fields)
    assert answer.status_code == status and answer.json()["error"]["message"]
    assert not Message.objects.filter(kind=MessageKind.IMAGE).exists()
    assert not [path for path in media_root.rglob("*") if path.is_file()]


def test_a_client_who_left_gets_no_file(sends, anas_thread, media_root):
    type(anas_thread.contact).objects.update(opted_out_at=now())
    assert sends(PNG).status_code == 409
    assert not list(media_root.rglob("*.png"))


def test_a_hostile_file_name_is_cut(sends):
    sends(PDF, "..\\..\\x\u202e" + "y" * 200 + ".pdf")
    assert len(last().media["name"]) <= 120 and "\u202e" not in last().media["name"]


def test_a_large_file_passes_where_other_bodies_of_that_size_do_not(sends, anas_thread, ana, browse, settings):
    settings.BODY_LIMIT_BYTES = 5000
    assert sends(PDF + bytes(20_000), "contrato.pdf").status_code == 204
    root = f"/conversations/{anas_thread.pk}/"
    assert browse(ana).post(f"{root}takeover/", {"x": "y" * 20_000}).status_code == 413
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = 1
    answer = sends(bytes(2 * 1024 * 1024))
    assert answer.status_code == 413 and answer.json()["error"]["message"]


def test_what_we_sent_is_shown_to_us_too(sends, ana, browse):
    sends(PNG, text="a casa")
    page = browse(ana).get(f"/conversations/{last().conversation_id}/").content.decode()
    assert last().media_url in page and "a casa" in page
    assert browse(ana).get(last().media_url).status_code == 200


def test_a_file_can_be_queued_without_words(anas_thread):
    facts = {"path": "whatsapp/x.png", "mime": "image/png", "name": "x.png", "size": 1}
    message = message_queue(
        conversation_id=anas_thread.pk, text="", author=Author.LIVIA, kind=MessageKind.IMAGE, media=facts
    )
    assert message.media_state == MediaState.STORED
