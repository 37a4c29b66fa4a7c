"""What a session does besides messages: files, ticks for what was read, and its own health."""

import resource
import threading

import pytest
from django.core.files.storage import default_storage

from conversations.models import Conversation, MediaState, Message
from conversations.services import conversation_read
from whatsapp.gateways.base import Ignored, Media
from whatsapp.intake import Intake
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.spool import Spool
from whatsapp.states import State
from whatsapp.tests.conftest import MARIA, eventually, pair, state_of
from whatsapp.tests.test_child import child_pid, texts

pytestmark = pytest.mark.django_db(transaction=True)

PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def media_root(tmp_path, settings, monkeypatch):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    monkeypatch.setenv("MEDIA_ROOT", settings.MEDIA_ROOT)


def test_a_picture_is_fetched_and_kept(session, network, online):
    network.say(*MARIA, "a foto", media=Media(PICTURE, "image", "image/png", "foto.png"))
    message = eventually(lambda: Message.objects.filter(media_state=MediaState.STORED).first())
    with default_storage.open(message.media["path"]) as file:
        assert file.read() == PICTURE


def test_a_file_that_is_gone_is_given_up_and_messages_go_on(session, network, online):
    network.drop()
    eventually(lambda: state_of(session) == State.RECONNECTING)
    provider_id = network.say(*MARIA, "a foto", media=Media(PICTURE, "image", "image/png"))
    network.redis.delete(network.key("media", provider_id))
    network.restore()
    eventually(lambda: Message.objects.filter(provider_id=provider_id, media_state=MediaState.GONE).exists())
    network.say(*MARIA, "Oi")
    eventually(lambda: "Oi" in texts())


def test_what_was_read_here_is_shown_as_read_there(session, network, online):
    for text in ("Oi", "Tem alguém?"):
        network.say(*MARIA, text)
    eventually(lambda: len(texts()) == 2)
    assert {line.tick for line in network.transcript(MARIA[0])} == {"sent"}
    conversation = Conversation.objects.get()
    conversation_read(conversation_id=conversation.pk)
    eventually(lambda: {line.tick for line in network.transcript(MARIA[0])} == {"read"})
    eventually(lambda: Conversation.objects.get().receipted_upto_id == conversation.last_inbound_id)


def test_with_a_full_disk_messages_wait_in_memory_and_managers_can_see_it(session, network, online):
    network.say(*MARIA, "x" * 50_000)
    eventually(texts)
    pid = child_pid(session)
    size = (session.folder / "spool").stat().st_size
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (size + 60_000, resource.RLIM_INFINITY))
    for number in range(4):
        network.say(*MARIA, f"{number} " + "y" * 50_000)
    eventually(lambda: Session.objects.get(pk=session.pk).disk_full_since)
    eventually(lambda: len(texts()) == 2)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    eventually(lambda: len(texts()) == 5)
    assert [text[0] for text in texts()[1:]] == ["0", "1", "2", "3"]
    eventually(lambda: Session.objects.get(pk=session.pk).disk_full_since is None)
    assert child_pid(session) == pid


def test_a_process_that_grew_too_large_starts_anew_without_a_failure(session, network, run, monkeypatch):
    monkeypatch.setenv("WHATSAPP_RECYCLE_MEMORY_MB", "1")
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)
    eventually(lambda: session.history.filter(to_state=State.RECONNECTING, reason="memory recycled").exists())
    eventually(lambda: Session.objects.get(pk=session.pk).attempts_total >= 2)
    session.refresh_from_db()
    assert session.failures_total == 0
    assert session.memory_mb > 1


def test_a_store_nobody_can_read_is_set_aside_and_the_phone_pairs_again(session, network, run):
    session.folder.mkdir(parents=True)
    (session.folder / "simulator.json").write_text('{"device": "abc')
    with Spool(session.folder / "spool") as spool:
        spool.append(b"kept")
    session_connect(session_id=session.pk)
    running = run(session.pk)
    running.thread.join(30)
    session.refresh_from_db()
    assert (session.state, session.state_reason, session.failures_total) == (State.LOGGED_OUT, "store corrupt", 0)
    (aside,) = session.folder.glob("store.broken.*")
    assert [path.name for path in aside.iterdir()] == ["simulator.json"]
    Session.objects.filter(pk=session.pk).update(last_attempt_at=None)
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)


def test_what_is_no_conversation_is_only_counted(session, tmp_path):
    with Spool(tmp_path / "spool") as spool:
        intake = Intake(spool=spool, arrived=threading.Event(), stopping=threading.Event())
        for kind in ("group", "status", "group"):
            intake.take(Ignored(kind))
        assert (intake.ignored, spool.pending, intake.changes.empty()) == (3, 0, True)
        intake.forget_ignored(2)
        assert intake.ignored == 1


def test_set_aside_records_and_memory_are_counted_on_the_session(session, network, run):
    session.folder.mkdir(parents=True)
    with Spool(session.folder / "spool") as spool:
        spool.append(b"not an event")
    session_connect(session_id=session.pk)
    run(session.pk)
    pair(session, network)
    eventually(lambda: Session.objects.get(pk=session.pk).quarantined_total == 1)
    assert Session.objects.get(pk=session.pk).memory_mb > 10
