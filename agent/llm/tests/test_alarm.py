"""A refused key silences the model at once, and managers hear of it once."""

import pytest

from agent.events import ModelKeyRefused
from agent.llm import breaker
from agent.llm.client import ask
from agent.llm.tests.conftest import JSON, SAYS
from agent.llm.transcription import transcribe
from crm.realtime.models import Notification

pytestmark = pytest.mark.django_db(transaction=True)


def refused(status: int) -> dict:
    return {"status": status, "headers": JSON, "body": '{"error": {"message": "Invalid API Key"}}'}


@pytest.mark.parametrize("status", [401, 403])
def test_managers_are_told_once(play, bruno, ana, status, caplog):
    groq = play(refused(status))

    answer = ask(SAYS)
    ask(SAYS)
    breaker.trip()  # another worker's

    assert (answer.error, answer.status, len(answer.attempts)) == ("auth", status, 1)
    assert len(groq.calls) == 1 and breaker.snapshot()["key_refused"]
    assert [record.levelname for record in caplog.records if "groq_key_refused" in record.getMessage()] == ["ERROR"]
    told = Notification.objects.get()
    assert (told.user_id, told.kind) == (bruno.pk, "model_trouble") and "GROQ_API_KEY" in told.body


def test_a_key_refused_for_voice_notes_silences_the_model_too(play, bruno):
    play(refused(401))

    assert transcribe(b"OggS", "audio/ogg").error == "auth"
    assert ask(SAYS).error == "open" and transcribe(b"OggS", "audio/ogg").error == "open"
    assert Notification.objects.count() == 1


def test_a_listener_that_fails_costs_no_answer(play, db):
    from crm.core import facts

    def fails(fact: ModelKeyRefused) -> None:
        raise OSError

    facts.on(ModelKeyRefused, inside=True)(fails)
    try:
        play(refused(401))
        assert ask(SAYS).error == "auth"
    finally:
        facts._inside[ModelKeyRefused].remove(fails)
