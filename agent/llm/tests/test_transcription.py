"""Voice notes become text, and nothing that goes wrong becomes an exception."""

import json
import time

import pytest

from agent.llm import breaker
from agent.llm.tests.conftest import JSON
from agent.llm.transcription import transcribe
from agent.loopback import Talker

OGG = b"OggS" + bytes(2000)


def heard(**body: object) -> dict:
    return {"status": 200, "headers": JSON, "body": json.dumps(body)}


def test_a_voice_note_is_heard(play, settings):
    groq = play(Talker(hears=" Preciso de 80 mil. "))

    transcript = transcribe(OGG, "audio/ogg; codecs=opus")

    assert (transcript.text, transcript.error) == ("Preciso de 80 mil.", "")
    assert transcript.model == settings.GROQ_WHISPER_MODEL
    sent = groq.calls[0].content
    assert b'filename="voice.ogg"' in sent and b"Content-Type: audio/ogg\r\n" in sent and OGG in sent
    assert b'name="language"\r\n\r\npt' in sent and b'name="temperature"\r\n\r\n0' in sent


@pytest.mark.parametrize("mime", ["audio/mpeg", "audio/mp4", "audio/x-m4a", "audio/wav", "audio/webm", "AUDIO/OGG"])
def test_other_recordings_are_heard_too(play, mime):
    play()
    assert transcribe(OGG, mime).text


@pytest.mark.parametrize("mime", ["audio/amr", "audio/aac", "video/mp4", ""])
def test_what_the_endpoint_does_not_take_is_not_sent(play, mime):
    groq = play()
    assert transcribe(OGG, mime).error == "format" and groq.calls == []


def test_silence_is_not_read_into(play):
    play(heard(text="Legendas pela comunidade", segments=[{"no_speech_prob": 0.9, "avg_logprob": -1.4}]))
    assert (transcribe(OGG, "audio/ogg").text, transcribe(OGG, "audio/ogg").error) == (None, "silent")


@pytest.mark.parametrize("body", ["", "null", "{}", '{"text": null}', '{"text": ["a"]}', "<html>"])
def test_a_broken_body_is_no_text(play, body):
    play({"status": 200, "headers": JSON, "body": body})
    assert (transcribe(OGG, "audio/ogg").text, transcribe(OGG, "audio/ogg").error) == (None, "envelope")


@pytest.mark.parametrize("status", [400, 413, 429, 503])
def test_a_refusal_is_no_text(play, status):
    play({"status": status, "headers": JSON, "body": "{}"})
    assert transcribe(OGG, "audio/ogg").error == f"http_{status}"


def test_it_ends_at_its_deadline(play):
    play({**heard(text="oi"), "trickle_s": 0.1})
    started = time.monotonic()
    assert transcribe(OGG, "audio/ogg", seconds=0.5).error == "timeout"
    assert time.monotonic() - started < 2.5


def test_it_gives_up_for_a_while_without_silencing_the_chat(play):
    groq = play({"status": 503, "headers": JSON, "body": "{}"})
    assert [transcribe(OGG, "audio/ogg").error for _ in range(5)] == ["http_503"] * 3 + ["open"] * 2
    assert len(groq.calls) == 3 and breaker.state() == "closed"


def test_without_a_key_nothing_is_sent(settings):
    settings.GROQ_API_KEY = " "
    assert transcribe(OGG, "audio/ogg").error == "off"
