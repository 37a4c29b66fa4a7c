"""What comes with a message: believed only as far as it is harmless; files fetched, kept, or given up."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from conversations import media as media_module
from conversations.events import FileStored
from conversations.files import FILE_KINDS, media_clean, mime_of, name_clean, voice_seconds
from conversations.media import StorageAway, file_failed, file_not_tried, file_stored, file_try, files_due
from conversations.models import Inbox, InboxRole, MediaState, Message
from conversations.templatetags.chat import map_url, shown_as
from crm.core.clock import now
from crm.core.facts import on
from crm.realtime.models import Event

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    + b"\0" * 40
)
VOICE = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(60) + b"OggS\x00\x04" + (48_000 * 7).to_bytes(8, "little")


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def picture(says) -> Message:
    """Maria sent a photo that is not fetched yet."""
    return says("olha", kind="image", media={"ref": "R1", "mime": "image/png", "name": "casa.png", "size": len(PNG)})


def state(message: Message) -> str:
    message.refresh_from_db()
    return message.media_state


def pushed(message: Message) -> str:
    return Event.objects.filter(object_id=f"msg-{message.pk}").latest("pk").html["en"]


def due(message: Message) -> list[int]:
    return [file.message_id for file in files_due(message.conversation.inbox_id)]


# ---- fetching
def test_a_file_is_awaited_fetched_and_shown(picture, media_root):
    assert state(picture) == MediaState.AWAITED and due(picture) == [picture.pk]
    assert "Fetching the file" in pushed(picture)
    assert file_stored(message_id=picture.pk, content=PNG)
    assert state(picture) == MediaState.STORED and due(picture) == []
    assert picture.media["mime"] == "image/png" and picture.media["size"] == len(PNG) and "ref" not in picture.media
    assert picture.media_url in pushed(picture) and "<img" in pushed(picture)
    path = picture.media["path"]
    assert path.startswith(f"whatsapp/{picture.conversation.inbox_id}/{now():%Y}/") and path.endswith(".png")
    assert default_storage.open(path).read() == PNG


def test_a_stored_file_is_a_fact(picture, django_capture_on_commit_callbacks):
    heard = []
    on(FileStored)(heard.append)
    with django_capture_on_commit_callbacks(execute=True):
        file_stored(message_id=picture.pk, content=PNG)
    assert heard == [FileStored(conversation_id=picture.conversation_id, message_id=picture.pk)]


def test_a_file_that_is_gone_is_not_asked_for_again(picture):
    file_failed(message_id=picture.pk, gone=True)
    assert state(picture) == MediaState.GONE and due(picture) == []
    assert "no longer on WhatsApp" in pushed(picture)


def test_a_failed_fetch_is_tried_again_after_longer_and_longer_pauses(picture, settings):
    settings.WHATSAPP_MEDIA_TRIES = 5
    for pause in (5, 30, 120, 600):
        assert file_try(message_id=picture.pk)
        file_failed(message_id=picture.pk, gone=False)
        assert state(picture) == MediaState.AWAITED and due(picture) == []
        assert abs((picture.media_not_before - now()).total_seconds() - pause) < 2
        Message.objects.update(media_not_before=now() - timedelta(seconds=1))
        assert due(picture) == [picture.pk]
    file_try(message_id=picture.pk)
    file_failed(message_id=picture.pk, gone=False)
    assert state(picture) == MediaState.FAILED
    assert "could not be fetched" in pushed(picture)


def test_a_file_that_ends_the_process_each_time_is_given_up_and_others_come_first(picture, says, settings):
    settings.WHATSAPP_MEDIA_TRIES = 2
    other = says("e esta", kind="image", media={"ref": "R2", "mime": "image/png"})
    for _death in range(2):
        assert due(picture) == [picture.pk, other.pk]
        assert file_try(message_id=picture.pk)
        assert due(picture) == [other.pk]
        Message.objects.filter(pk=picture.pk).update(media_not_before=now())
    assert not file_try(message_id=picture.pk)
    assert state(picture) == MediaState.FAILED and due(picture) == [other.pk]


def test_what_was_not_the_files_fault_does_not_count(picture, settings):
    settings.WHATSAPP_MEDIA_TRIES = 1
    for _outage in range(3):
        assert file_try(message_id=picture.pk)
        file_not_tried(message_id=picture.pk)
        assert due(picture) == [picture.pk]
    file_try(message_id=picture.pk)
    file_not_tried(message_id=picture.pk, again_in=60)
    assert state(picture) == MediaState.AWAITED and due(picture) == []


def test_a_storage_that_takes_nothing_says_so(picture, settings, media_root):
    (media_root / "whatsapp").write_text("no folder")
    with pytest.raises(StorageAway):
        file_stored(message_id=picture.pk, content=PNG)
    assert state(picture) == MediaState.AWAITED


def test_a_file_announced_too_large_is_never_fetched(says, settings):
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = 1000
    message = says("", kind="video", media={"ref": "R1", "size": 1001})
    assert state(message) == MediaState.TOO_LARGE and due(message) == []
    assert "too large" in pushed(message)


def test_a_file_larger_than_announced_is_thrown_away(picture, settings, media_root):
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = len(PNG) - 1
    assert not file_stored(message_id=picture.pk, content=PNG)
    assert state(picture) == MediaState.TOO_LARGE
    assert not list(media_root.rglob("*.png"))


def test_the_same_file_twice_is_kept_once(picture, media_root):
    assert file_stored(message_id=picture.pk, content=PNG)
    assert not file_stored(message_id=picture.pk, content=PNG)
    assert len(list(media_root.rglob("*.png"))) == 1


def test_a_file_whose_message_could_not_be_changed_does_not_stay(picture, media_root, monkeypatch):
    monkeypatch.setattr(media_module, "publish_fact", lambda fact: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        file_stored(message_id=picture.pk, content=PNG)
    assert state(picture) == MediaState.AWAITED
    assert not list(media_root.rglob("*.png"))


def test_the_file_of_a_message_taken_back_is_not_fetched(picture, says):
    says("", kind="revoke", target_provider_id=picture.provider_id)
    assert due(picture) == []
    assert not file_stored(message_id=picture.pk, content=PNG)


def test_each_inbox_fetches_its_own(picture, says):
    other = says("", kind="image", media={"ref": "R2"}, inbox=Inbox.objects.create(name="B", role=InboxRole.LIVIA))
    assert due(picture) == [picture.pk] and due(other) == [other.pk]


@pytest.mark.parametrize("content", [b"", VOICE])
def test_a_voice_message_without_length_breaks_nothing(says, content):
    message = says("", kind="audio", media={"ref": "R", "seconds": 0, "size": 0, "voice": True, "mime": "audio/ogg"})
    assert file_stored(message_id=message.pk, content=content)
    message.refresh_from_db()
    assert shown_as(message) == ("audio" if content else "file")
    assert ("The file is empty." in pushed(message)) is not content


def test_a_page_dressed_as_a_picture_is_only_downloaded(picture):
    file_stored(message_id=picture.pk, content=b"<html><script>alert(1)</script></html>")
    picture.refresh_from_db()
    assert picture.media["mime"] == "application/octet-stream" and shown_as(picture) == "file"
    assert "<img" not in pushed(picture)


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (PNG, "image/png"), (VOICE, "audio/ogg"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"), (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"), (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"), (b"\xff\xf1\x50", "audio/aac"), (b"\0\0\0 ftypisom", "video/mp4"),
        (b"\0\0\0 ftypM4A ", "audio/mp4"), (b"\0\0\0 ftyp3gp4", "video/3gpp"),
        (b"\x1aE\xdf\xa3\x9fB\x82\x84webm", "video/webm"),
        (b"%PDF-1.7", "application/pdf"), (b"<svg>", "application/octet-stream"), (b"", "application/octet-stream"),
    ],
)  # fmt: skip
def test_a_files_type_is_read_from_its_beginning(content, mime):
    assert mime_of(content) == mime


def test_a_document_keeps_the_type_it_was_announced_with():
    office = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert mime_of(b"PK\x05\x06" + bytes(18), office) == office
    assert mime_of(b"\x00\x01\x02", "image/png") == "application/octet-stream"
    assert mime_of(b"\0\0\0 ftypmp42", "audio/mp4; codecs=x") == "audio/mp4"


def test_the_length_of_a_recording_is_read_from_it():
    assert voice_seconds(VOICE) == 7
    assert voice_seconds(PNG) is None


# ---- hostile input
@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a\x00b\u202egpj.exe", "abgpj.exe"),
        ("nota\n fiscal.pdf", "nota fiscal.pdf"),
        ("x" * 10_000 + ".pdf", "x" * 116 + ".pdf"),
        ("...", ""), ("", ""), (None, ""), (7, ""), (["a"], ""),
    ],
)  # fmt: skip
def test_a_files_name_is_one_harmless_line(raw, clean):
    assert name_clean(raw) == clean


@pytest.mark.parametrize(
    "place",
    [
        {}, {"latitude": "x", "longitude": 1}, {"latitude": float("nan"), "longitude": 1},
        {"latitude": 91, "longitude": 0}, {"latitude": True, "longitude": False},
        {"latitude": 1}, {"latitude": 10**400, "longitude": 1},
        {"latitude": None, "longitude": None}, "nowhere", 7, ["a"], None,
    ],
)  # fmt: skip
def test_a_place_without_believable_coordinates_has_no_link(says, place):
    message = says("", kind="location", media=place)
    assert map_url(message.media) == ""
    assert "openstreetmap" not in pushed(message)


def test_a_place_is_a_link_to_a_map(says):
    place = {"latitude": -23.5614, "longitude": -46.6559, "name": "MASP", "address": "Av. Paulista, 1578"}
    html = pushed(says("", kind="location", media=place))
    assert "https://www.openstreetmap.org/?mlat=-23.5614&amp;mlon=-46.6559#map=17/-23.5614/-46.6559" in html
    assert "MASP" in html and "Av. Paulista" in html and 'target="_blank"' in html


def test_contacts_are_listed_with_their_phones(says):
    cards = [{"name": "João <b>", "phones": ["+55 11 91234-5678", 7, ""]}, "nobody", {"phones": "none"}]
    message = says("", kind="contact", media={"contacts": cards})
    assert message.media == {
        "contacts": [{"name": "João <b>", "phones": ["+55 11 91234-5678"]}, {"name": "", "phones": []}]
    }
    assert "João &lt;b&gt;" in pushed(message) and "+55 11 91234-5678" in pushed(message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KEYS = ["ref", "mime", "name", "size", "seconds", "voice", "latitude", "longitude", "address", "contacts"]


@given(
    kind=st.sampled_from([*FILE_KINDS, "location", "contact", "unknown"]),
    raw=JSON | st.dictionaries(st.sampled_from(KEYS), JSON),
)
def test_whatever_comes_with_a_message_is_cut_down_to_what_can_be_stored(kind, raw):
    facts, media_state = media_clean(kind, raw)
    json.dumps(facts, allow_nan=False)
    assert media_state in MediaState.values
    assert "\\u0000" not in json.dumps(facts)


@pytest.mark.django_db
@hypothesis_settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(
        [*FILE_KINDS, "location", "contact", "reaction", "edit", "revoke", "pending", "unknown", "poll"]
    ),
    raw=st.dictionaries(st.sampled_from(KEYS), JSON),
    text=st.text(max_size=40),
    ids=st.tuples(st.text(max_size=100), st.text(max_size=100), st.text(max_size=100)),
    from_me=st.booleans(),
)
def test_no_message_is_too_strange_to_be_stored(says, kind, raw, text, ids, from_me):
    own, quoted, target = ids
    says(
        text, kind=kind, media=raw, provider_id=own, quoted_provider_id=quoted, target_provider_id=target,
        push_name=text, from_me=from_me,
    )  # fmt: skip


def test_messages_without_an_id_or_with_an_endless_one_are_kept_apart(says):
    at = now()
    assert says("um", provider_id="", sent_at=at) and says("dois", provider_id="", sent_at=at)
    assert says("um", provider_id="", sent_at=at) is None
    assert says("a", provider_id="x" * 100 + "1") and says("b", provider_id="x" * 100 + "2")
    assert Message.objects.count() == 4


def test_one_id_in_two_inboxes_is_two_messages(says):
    says("oi", provider_id="A")
    says("oi", provider_id="A", inbox=Inbox.objects.create(name="B", role=InboxRole.LIVIA))
    assert Message.objects.count() == 2
