"""Recordings: whatever a browser records leaves as the voice WhatsApp knows, and strange bytes leave not at all."""

import struct
import time
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from conversations.media import file_stored
from conversations.models import Author, Message, MessageKind, MessageState
from conversations.tasks import look
from conversations.tests.sounds import probe, sound
from conversations.tests.test_files import PNG, VOICE, pushed
from conversations.voices import PEAKS, recording_read, sound_shape
from crm.core.clock import now
from leads.models import Attendance
from leads.services import lead_assign


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def records(maria_thread, ana, browse):
    """Ana sends a recording from the composer."""
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    client = browse(ana)

    def send(content: bytes, name: str = "voice.webm", mime: str = "audio/webm", **fields):
        file = SimpleUploadedFile(name, content, content_type=mime)
        address = reverse("conversations:send", args=[maria_thread.pk])
        return client.post(address, {"file": file, "voice": "1", **fields}, headers={"Accept": "application/json"})

    return send


def voices() -> list[Message]:
    return list(Message.objects.filter(kind=MessageKind.AUDIO).order_by("pk"))


# ---- transcoding
@pytest.mark.parametrize(
    ("container", "codec", "layout"),
    [
        ("webm", "libopus", "mono"), ("webm", "libopus", "stereo"), ("ogg", "libopus", "mono"),
        ("mp4", "aac", "stereo"), ("mp3", "libmp3lame", "mono"), ("wav", "pcm_s16le", "stereo"),
    ],
)  # fmt: skip
def test_any_browsers_recording_becomes_the_voice_whatsapp_takes(container, codec, layout):
    voice = recording_read(sound(2, container, codec, layout))
    name, opus, channels, rate, seconds = probe(voice.content)
    assert (name, opus, channels, rate) == ("ogg", "opus", 1, 48_000)
    assert seconds == pytest.approx(2, abs=0.15) and voice.seconds == 2


def test_the_peaks_follow_the_voice():
    peaks = recording_read(sound(2)).peaks
    assert len(peaks) == PEAKS and max(peaks) == 100 and min(peaks) >= 0
    assert peaks[PEAKS // 2] > 80 and peaks[1] < 30 and peaks[-3] < 30


def test_silence_is_drawn_flat():
    assert sound_shape(sound(1, loud=0)) == (1, [0] * PEAKS)


def test_a_minute_takes_less_than_two_seconds():
    recording = sound(60)
    start = time.process_time()
    assert recording_read(recording).seconds == 60
    assert time.process_time() - start < 2


# ---- what Ana records goes out
def test_a_recording_is_sent_as_a_voice_message_with_its_shape(records, maria_thread):
    assert records(sound(3)).status_code == 204
    (voice,) = voices()
    assert (voice.author, voice.state) == (Author.CONSULTANT, MessageState.QUEUED)
    assert voice.media["mime"] == "audio/ogg" and voice.media["voice"] is True and voice.media["seconds"] == 3
    assert len(voice.media["peaks"]) == PEAKS and 'role="slider"' in pushed(voice)
    maria_thread.refresh_from_db()
    assert maria_thread.attended_by == Attendance.PERSON


def test_a_double_click_sends_a_recording_once(records, media_root):
    token, recording = str(uuid.uuid4()), sound(1)
    assert [records(recording, client_token=token).status_code for _click in range(2)] == [204, 204]
    assert len(voices()) == 1 and len(list(media_root.rglob("*.ogg"))) == 1


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"\x1aE\xdf\xa3\x9fB\x82\x84webm" + bytes(500), 415), (VOICE, 415), (PNG, 415), (b"#EXTM3U\nfile:///etc", 415),
        (b"RIFF" + bytes(4) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 1, 1, 2, 2, 16) + b"data\xff\xff\xff\x7f"
         + bytes(9000), 415),
        (b"x", 415), (b"", 400), (sound(1)[:300], 415), (sound(0), 400),
    ],
    ids="torn-webm headless-ogg picture playlist one-hertz byte empty cut no-sound".split(),
)  # fmt: skip
def test_what_is_no_recording_is_refused_with_a_sentence(records, media_root, content, status):
    answer = records(content)
    assert answer.status_code in (status, 415) and answer.json()["error"]["message"]
    assert not voices() and not [path for path in media_root.rglob("*") if path.is_file()]


def test_a_recording_longer_than_allowed_or_too_heavy_is_refused(records, settings):
    settings.VOICE_SECONDS = 60
    answer = records(sound(63))
    assert answer.status_code == 413 and "1" in answer.json()["error"]["message"]
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = 1000
    assert records(sound(1)).status_code == 413
    assert not voices()


def test_a_client_who_left_gets_no_recording(records, maria_thread, media_root):
    type(maria_thread.contact).objects.update(opted_out_at=now())
    assert records(sound(1)).status_code == 409
    assert not list(media_root.rglob("*.ogg"))


def test_a_stranger_records_nothing(records, maria_thread, caio, browse):
    address = reverse("conversations:send", args=[maria_thread.pk])
    file = SimpleUploadedFile("voice.webm", sound(1))
    assert browse(caio).post(address, {"file": file, "voice": "1"}).status_code == 404


# ---- what Maria records is drawn
def test_a_clients_recording_gets_its_shape_once_it_is_there(says):
    voice = says("", kind="audio", media={"ref": "R", "seconds": 4, "voice": True, "mime": "audio/ogg; codecs=opus"})
    file_stored(message_id=voice.pk, content=sound(2, "ogg"))
    look(voice.pk)
    voice.refresh_from_db()
    assert len(voice.media["peaks"]) == PEAKS and voice.media["seconds"] == 4
    revision = voice.revision
    look(voice.pk)
    voice.refresh_from_db()
    assert voice.revision == revision


def test_a_clients_recording_nobody_can_decode_is_drawn_flat(says):
    voice = says("", kind="audio", media={"ref": "R", "seconds": 7, "voice": True, "mime": "audio/ogg"})
    file_stored(message_id=voice.pk, content=VOICE)
    look(voice.pk)
    voice.refresh_from_db()
    assert "peaks" not in voice.media and 'role="slider"' in pushed(voice)
