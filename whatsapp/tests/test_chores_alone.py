"""The chores of a session without a process: what one of them meets must not stop the others."""

import threading
import time

import pytest

from conversations.models import MediaState, Message
from conversations.services import conversation_read
from whatsapp.chores import Chores
from whatsapp.gateways.base import DownloadFailed, Media
from whatsapp.gateways.simulator import SimulatorGateway
from whatsapp.numbers import Numbers
from whatsapp.tests.conftest import MARIA
from whatsapp.tests.test_chores import PICTURE

pytestmark = pytest.mark.django_db(transaction=True)


class Gateway(SimulatorGateway):
    """A line with faults of its own."""

    slow = broken_ticks = falls = False

    def download(self, media):
        if self.falls:
            self.online.clear()
            raise DownloadFailed("not connected")
        if self.slow:
            self.stopping.wait(20)
        return super().download(media)

    def mark_read(self, chat, provider_ids):
        if self.broken_ticks:
            raise RuntimeError("of a kind nobody thought of")
        super().mark_read(chat, provider_ids)


@pytest.fixture
def gateway(session, tmp_path):
    gateway = Gateway(session.pk, tmp_path, lambda event: None)
    yield gateway
    gateway.stop()


@pytest.fixture
def chores(gateway, livia_inbox, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    online = threading.Event()
    online.set()
    numbers = Numbers(gateway=gateway, stop=threading.Event())
    return Chores(gateway=gateway, inbox_id=livia_inbox.pk, numbers=numbers, online=online)


@pytest.fixture
def picture(says, network) -> Message:
    """A photo of Maria's that lies on the network."""
    ref = network.say(*MARIA, "foto", media=Media(PICTURE, "image", "image/png"))
    return says("foto", kind="image", media={"ref": ref, "mime": "image/png", "size": len(PICTURE)})


def test_a_tick_that_cannot_be_shown_keeps_no_file_waiting(chores, gateway, picture):
    gateway.broken_ticks = True
    conversation_read(conversation_id=picture.conversation_id)
    chores._turn()
    picture.refresh_from_db()
    assert picture.media_state == MediaState.STORED
    assert list(chores.refused) == [picture.conversation_id]


def test_a_file_that_never_comes_is_left_for_later(chores, gateway, picture, settings):
    settings.WHATSAPP_MEDIA_SECONDS = 0.1
    gateway.slow = True
    began = time.monotonic()
    chores._turn()
    assert time.monotonic() - began < 10
    picture.refresh_from_db()
    assert (picture.media_state, picture.media_attempts) == (MediaState.AWAITED, 1)


def test_a_storage_that_is_away_uses_up_no_try_and_is_not_asked_for_each_file(chores, picture, tmp_path, says):
    (tmp_path / "media").write_text("no folder")
    chores._turn()
    picture.refresh_from_db()
    assert (picture.media_state, picture.media_attempts) == (MediaState.AWAITED, 0)
    other = says("outra", kind="image", media=picture.media)
    chores._turn()
    other.refresh_from_db()
    assert other.media_attempts == 0
    (tmp_path / "media").unlink()
    chores.files_at = 0
    chores._turn()
    other.refresh_from_db()
    assert other.media_state == MediaState.STORED


def test_a_line_that_fell_during_a_fetch_uses_up_no_try(chores, gateway, picture):
    gateway.falls, gateway.online = True, chores.online
    chores._turn()
    picture.refresh_from_db()
    assert (picture.media_state, picture.media_attempts) == (MediaState.AWAITED, 0)
