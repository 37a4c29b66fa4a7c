"""Voice messages: heard by a machine, marked as such, answered by what they say; the recording stays."""

import json
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage

from agent.loopback import Talker
from agent.loopback.rules import InTurn
from agent.turns import turn_run
from agent.voice import voice_transcribe, voices_overdue
from conversations.media import file_stored
from conversations.models import Author, Conversation, Message, TranscriptState
from conversations.services import conversation_take
from conversations.transcripts import transcript_fail, transcript_store
from crm.core.clock import now
from crm.core.redis import client, key
from crm.realtime.models import Event
from leads.models import Attendance

SAID = "Quero um empréstimo pessoal de 20 mil reais"


def recording(seconds: int = 7) -> bytes:
    """An Ogg Opus file of that length, silent."""
    head = b"OggS\x00\x02" + bytes(22) + b"OpusHead" + bytes(60)
    return head + b"OggS\x00\x04" + (48_000 * seconds).to_bytes(8, "little") + bytes(20)


@pytest.fixture(autouse=True)
def storage(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def speaks(says):
    """Maria sends a voice message, and the session's process fetches its file."""

    def send(content: bytes | None = None, **changes) -> Message:
        media = {"ref": "R1", "mime": "audio/ogg; codecs=opus", "voice": True, "seconds": 7}
        message = says("", kind="audio", media={**media, **changes.pop("media", {})}, **changes)
        assert file_stored(message_id=message.pk, content=content or recording())
        message.refresh_from_db()
        return message

    yield send
    for message in Message.objects.filter(kind="audio"):
        client().delete(key("transcribing", message.pk))


def heard(text: str) -> dict:
    return {"status": 200, "headers": {"content-type": "application/json"}, "body": json.dumps({"text": text})}


def fresh(message: Message) -> Message:
    return Message.objects.get(pk=message.pk)


def bubble(message: Message) -> str:
    return Event.objects.filter(object_id=f"msg-{message.pk}").latest("pk").html["en"]


def replies() -> list[str]:
    return list(Message.objects.filter(author=Author.LIVIA).order_by("pk").values_list("text", flat=True))


def test_a_voice_message_is_awaited_heard_and_shown_with_its_recording(groq, speaks):
    groq(Talker(hears=SAID))
    message = speaks()
    assert message.transcript_state == TranscriptState.AWAITED
    assert "Transcribing" in bubble(message) and "data-player" in bubble(message)
    assert voice_transcribe(message.pk) == message.conversation_id
    message = fresh(message)
    assert (message.transcript_state, message.transcript, message.words) == (TranscriptState.DONE, SAID, SAID)
    assert "Automatic transcription" in bubble(message) and SAID in bubble(message)
    assert "data-player" in bubble(message) and default_storage.exists(message.media["path"])
    assert Conversation.objects.get().last_message_text == f"🎤 {SAID}"


def test_livia_waits_for_the_words_and_answers_them(groq, speaks):
    groq(Talker(hears=SAID))
    message = speaks()
    assert turn_run(conversation_id=message.conversation_id).wait > 0
    voice_transcribe(message.pk)
    turn = turn_run(conversation_id=message.conversation_id).turn
    assert turn.slots_after["credit_amount"] == 20_000_00
    assert turn.slot_sources["credit_amount"] == message.pk


def test_words_that_come_after_an_answer_are_answered_too(groq, speaks):
    groq(Talker(hears=SAID))
    message = speaks()
    Message.objects.update(created_at=now() - timedelta(minutes=2))
    assert "áudio" in turn_run(conversation_id=message.conversation_id).turn.replies[0]
    voice_transcribe(message.pk)
    assert turn_run(conversation_id=message.conversation_id).turn.slots_after["credit_amount"] == 20_000_00
    assert len(replies()) == 2


def test_it_may_be_done_twice(groq, speaks):
    endpoint = groq(Talker(hears=SAID))
    message = speaks()
    voice_transcribe(message.pk)
    assert voice_transcribe(message.pk) is None
    assert not transcript_store(message_id=message.pk, text="outra coisa")
    assert not transcript_fail(message_id=message.pk)
    assert fresh(message).transcript == SAID and len(endpoint.calls) == 1


def test_two_listeners_do_not_listen_at_once(groq, speaks):
    groq(Talker(hears=SAID))
    message = speaks()
    client().set(key("transcribing", message.pk), 1, ex=5)
    assert voice_transcribe(message.pk) is None
    assert fresh(message).transcript_state == TranscriptState.AWAITED


@pytest.mark.parametrize(("content", "media"), [(recording(121), {}), (b"ID3" + bytes(9000), {"seconds": 600})])
def test_a_recording_that_is_too_long_is_not_sent_and_livia_asks_for_text(groq, speaks, content, media):
    endpoint = groq()
    message = speaks(content, media=media)
    voice_transcribe(message.pk)
    assert fresh(message).transcript_state == TranscriptState.FAILED and endpoint.calls == []
    assert "could not be transcribed" in bubble(message)
    assert "áudio" in turn_run(conversation_id=message.conversation_id).turn.replies[0]


@pytest.mark.parametrize(
    "rules",
    [
        {"status": 400, "body": "{}"},
        {"status": 200, "body": "<html>"},
        heard(""),
        heard("Legendas pela comunidade Amara.org"),
        heard("\x00 \u202e "),
    ],
)  # fmt: skip
def test_what_nobody_understood_is_asked_for_in_writing(groq, speaks, rules):
    groq(rules)
    message = speaks()
    assert voice_transcribe(message.pk) == message.conversation_id
    assert (fresh(message).transcript_state, fresh(message).transcript) == (TranscriptState.FAILED, "")
    assert "escrever" in turn_run(conversation_id=message.conversation_id).turn.replies[0]


def test_a_passing_failure_is_tried_once_more(groq, speaks):
    endpoint = groq(InTurn({"status": 503, "body": "{}"}, heard(SAID)))
    message = speaks()
    voice_transcribe(message.pk)
    assert fresh(message).transcript == SAID and len(endpoint.calls) == 2


def test_a_file_that_is_gone_from_the_storage_is_no_transcript(groq, speaks):
    groq()
    message = speaks()
    default_storage.delete(message.media["path"])
    assert voice_transcribe(message.pk) == message.conversation_id
    assert fresh(message).transcript_state == TranscriptState.FAILED


def test_a_message_taken_back_meanwhile_is_not_put_into_words(groq, speaks, says):
    groq(Talker(hears=SAID))
    message = speaks(provider_id="VOICE")
    says("", kind="revoke", target_provider_id="VOICE")
    voice_transcribe(message.pk)
    assert (fresh(message).transcript_state, fresh(message).transcript) == (TranscriptState.FAILED, "")
    assert turn_run(conversation_id=message.conversation_id).turn is None


def test_one_taken_back_while_somebody_listens_keeps_no_words(groq, speaks, says):
    groq()
    message = speaks(provider_id="VOICE")
    says("", kind="revoke", target_provider_id="VOICE")
    assert not transcript_store(message_id=message.pk, text=SAID)
    assert (fresh(message).transcript_state, fresh(message).transcript) == (TranscriptState.FAILED, "")


def test_without_a_key_nobody_listens(speaks, settings):
    settings.GROQ_API_KEY = ""
    message = speaks()
    assert message.transcript_state == TranscriptState.NONE
    assert "escrever" in turn_run(conversation_id=message.conversation_id).turn.replies[0]


def test_only_clients_fresh_recordings_are_put_into_words(groq, speaks, says):
    groq()
    assert speaks(from_me=True).transcript_state == TranscriptState.NONE
    old = now() - timedelta(days=3)
    assert speaks(sent_at=old, phone="5511998120000").transcript_state == TranscriptState.NONE
    picture = says("", kind="image", media={"ref": "R", "mime": "image/png"})
    assert file_stored(message_id=picture.pk, content=b"\x89PNG\r\n\x1a\n" + bytes(40))
    assert fresh(picture).transcript_state == TranscriptState.NONE


@pytest.mark.parametrize(("everywhere", "state"), [(True, TranscriptState.AWAITED), (False, TranscriptState.NONE)])
def test_what_consultants_read_is_put_into_words_if_it_is_wanted(groq, speaks, says, ana, settings, everywhere, state):
    settings.TRANSCRIBE_ALL = everywhere
    groq()
    conversation_take(conversation_id=says("oi").conversation_id, user=ana)
    assert Conversation.objects.get().attended_by == Attendance.PERSON
    assert speaks().transcript_state == state


def test_a_spoken_wish_to_leave_is_honoured_while_a_person_attends(groq, speaks, says, ana):
    groq(Talker(hears="Não quero mais receber mensagens"))
    conversation_take(conversation_id=says("oi").conversation_id, user=ana)
    message = speaks()
    voice_transcribe(message.pk)
    turn_run(conversation_id=message.conversation_id)
    assert Conversation.objects.get().contact.opted_out_at is not None


def test_a_lost_bell_is_made_up_for(groq, speaks):
    groq(Talker(hears=SAID))
    message = speaks()
    assert voices_overdue() == []
    Message.objects.update(created_at=now() - timedelta(minutes=2))
    assert voices_overdue() == [message.pk]
    voice_transcribe(message.pk)
    assert voices_overdue() == []


def test_what_waited_for_hours_is_given_up(groq, speaks):
    endpoint = groq()
    message = speaks()
    Message.objects.update(created_at=now() - timedelta(hours=7))
    voice_transcribe(message.pk)
    assert fresh(message).transcript_state == TranscriptState.FAILED and endpoint.calls == []


def test_markup_in_spoken_words_is_shown_as_text(groq, speaks):
    groq(heard("<script>alert(1)</script>"))
    message = speaks()
    voice_transcribe(message.pk)
    assert "&lt;script&gt;" in bubble(message) and "<script" not in bubble(message)
