"""What rings for whom: the tasks that facts set going, and what they do when they come."""

import threading
from datetime import timedelta
from queue import Empty

import pytest
from celery.signals import worker_ready

from agent.loopback import Talker
from agent.models import ClassificationSource, LeadClassification
from agent.tasks import judge, listen, sweep, transcribe
from agent.tests.test_judging import thinks
from agent.tests.test_voice import SAID, recording
from agent.turns import turn_run
from conversations.media import file_stored
from conversations.models import Message
from conversations.services import conversation_hand_back, conversation_take
from crm.celery import app
from crm.core.clock import now
from crm.core.doorbell import ring
from crm.core.redis import client, key
from leads.models import Source
from leads.services import lead_create

PATIENCE_SECONDS = 10


@pytest.fixture
def rung(db, django_capture_on_commit_callbacks):
    """The tasks rung for once something is committed, by name."""

    def after(happens) -> list[str]:
        _queued()
        with django_capture_on_commit_callbacks(execute=True):
            happens()
        done = threading.Event()
        ring(done.set)
        assert done.wait(PATIENCE_SECONDS)
        return _queued()

    return after


def _queued() -> list[str]:
    """Empties the queue."""
    names = []
    with app.connection_for_read() as connection, connection.SimpleQueue("agent", no_ack=True) as queue:
        while True:
            try:
                names.append(queue.get_nowait().headers["task"])
            except Empty:
                return names


@pytest.fixture
def voice(says, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    message = says("", kind="audio", media={"ref": "R", "mime": "audio/ogg", "voice": True})
    yield message
    client().delete(key("transcribing", message.pk))


def test_a_message_rings_for_an_answer(rung, says):
    assert rung(lambda: says("oi")) == ["agent.answer"]


def test_a_stored_voice_message_rings_for_its_words_and_these_for_an_answer(groq, rung, voice):
    groq(Talker(hears=SAID))
    assert rung(lambda: file_stored(message_id=voice.pk, content=recording())) == ["agent.transcribe"]
    assert rung(lambda: transcribe(voice.pk)) == ["agent.answer"]
    assert rung(lambda: transcribe(voice.pk)) == []


def test_without_a_model_a_stored_file_rings_for_nothing(rung, voice):
    assert rung(lambda: file_stored(message_id=voice.pk, content=recording())) == []


def test_a_recording_nobody_listened_to_is_rung_for_again(groq, rung, voice):
    groq(Talker(hears=SAID))
    file_stored(message_id=voice.pk, content=recording())
    assert rung(listen) == []
    Message.objects.update(created_at=now() - timedelta(minutes=2))
    assert rung(listen) == ["agent.transcribe"]


@pytest.mark.parametrize(
    ("source", "tasks"), [(Source.FORM, 1), (Source.API, 1), (Source.IMPORT, 1), (Source.WHATSAPP, 0)]
)
def test_a_new_lead_is_judged_unless_it_comes_by_whatsapp(groq, rung, source, tasks):
    groq(thinks())
    assert rung(lambda: lead_create(values={"name": "Maria"}, source=source)) == ["agent.judge"] * tasks


def test_without_a_model_nobody_is_asked_to_judge(rung):
    assert rung(lambda: lead_create(values={"name": "Maria"}, source=Source.FORM)) == []


def test_a_simulation_and_a_handoff_are_judged(groq, rung, says, ana, settings):
    groq(thinks())
    settings.GROQ_BASE_URL = "http://127.0.0.1:9"
    answers = []

    def say(text: str) -> list[str]:
        conversation_id = says(text).conversation_id
        return rung(lambda: answers.append(turn_run(conversation_id=conversation_id).turn))

    assert say("oi") == []
    assert say("quero falar com um atendente") == ["agent.judge"]
    assert answers[-1].outcome == "handoff"


def test_the_task_judges(groq, db):
    groq(thinks())
    lead, _created = lead_create(values={"product": "consorcio", "message": "Quero um consórcio"}, source=Source.FORM)
    judge(lead.pk)
    by_rules, by_model = LeadClassification.objects.order_by("pk")
    assert (by_rules.source, by_model.source) == (ClassificationSource.RULES, ClassificationSource.MODEL)
    assert by_model.lead == lead


def test_a_thread_handed_back_rings_for_an_answer(rung, says, ana):
    conversation = says("oi").conversation
    conversation_take(conversation_id=conversation.pk, user=ana)
    assert rung(lambda: conversation_hand_back(conversation_id=conversation.pk, user=ana)) == ["agent.answer"]


def test_a_worker_that_starts_rings_for_all_who_wait(rung, says):
    says("oi")
    assert rung(lambda: worker_ready.send(sender=None)).count("agent.sweep") == 1
    assert rung(sweep) == [] and rung(lambda: sweep(seconds=0)) == ["agent.answer"]
