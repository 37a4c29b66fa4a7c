"""A number nobody paired is put to rest, once, and loses nothing that arrived."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from whatsapp import pairing
from whatsapp.cleaning import clean, sessions_idle
from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.spool import Spool
from whatsapp.states import State
from whatsapp.tasks import clean_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def idle(session, settings):
    """Tried an hour ago, failed, and nobody came back."""
    settings.WHATSAPP_IDLE_SECONDS = 1800
    past = now() - timedelta(hours=1)
    Session.objects.filter(pk=session.pk).update(
        state=State.FAILED, wanted=True, state_changed_at=past, last_attempt_at=past, failures=6, attempts_total=6
    )
    session.folder.mkdir(parents=True)
    (session.folder / "store.db").write_bytes(b"half a pairing")
    (session.folder / "media").mkdir()
    (session.folder / "media" / "keys").write_bytes(b"x")
    with Spool(session.folder / "spool") as spool:
        spool.append(b"something arrived")
    (session.folder / "quarantine").write_text("00")
    return session


def test_what_pairing_left_goes_and_what_arrived_stays(idle):
    pairing.qr_put(idle.pk, "2@secret", 60)
    clean_up()
    idle.refresh_from_db()
    assert (idle.state, idle.state_reason, idle.wanted) == (State.STOPPED, "cleaned up", False)
    assert (idle.cleanups_total, idle.failures, idle.lease_token) == (1, 0, "")
    left = {path.name for path in idle.folder.iterdir()}
    assert "quarantine" in left
    assert left.isdisjoint({"store.db", "media"})
    with Spool(idle.folder / "spool") as spool:
        assert [record for _end, record in spool.read(10)] == [b"something arrived"]
    assert pairing.qr_get(idle.pk) == ""


def test_it_happens_once_for_each_time_of_idleness(idle, settings):
    settings.WHATSAPP_IDLE_SECONDS = 0
    clean_up()
    clean_up()
    idle.refresh_from_db()
    assert idle.cleanups_total == 1
    Session.objects.filter(pk=idle.pk).update(last_attempt_at=None)
    session_connect(session_id=idle.pk)
    clean_up()
    idle.refresh_from_db()
    assert idle.cleanups_total == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"jid": "5511@s.whatsapp.net"},
        {"last_attempt_at": now()},
        {"state_changed_at": now()},
        {"last_attempt_at": None},
    ],
    ids=["paired", "tried lately", "changed lately", "never tried"],
)
def test_whoever_is_needed_is_left_alone(idle, changes):
    Session.objects.filter(pk=idle.pk).update(**changes)
    assert not sessions_idle().exists()
    assert clean(idle.pk) is False
    assert (idle.folder / "store.db").exists()


def test_a_number_somebody_runs_is_left_alone(idle):
    lease_take(idle.pk, "a worker")
    assert clean(idle.pk) is False


def test_a_number_that_was_paired_before_the_lease_was_ours_keeps_its_credentials(idle, monkeypatch):
    def take(session_id: int, owner: str) -> str | None:
        """Somebody was quicker: ran it, paired it, and has just stopped."""
        Session.objects.filter(pk=session_id).update(jid="5511@s.whatsapp.net")
        return lease_take(session_id, owner)

    monkeypatch.setattr("whatsapp.cleaning.lease_take", take)
    assert clean(idle.pk) is False
    assert (idle.folder / "store.db").exists()
    idle.refresh_from_db()
    assert idle.lease_token == ""


def test_a_process_that_is_still_finishing_keeps_its_files(idle):
    with Spool(idle.folder / "spool"):
        assert clean(idle.pk) is False
    assert (idle.folder / "store.db").exists()
    idle.refresh_from_db()
    assert (idle.cleanups_total, idle.lease_token) == (0, "")


def test_a_number_whose_folder_is_not_there_is_cleaned_too(session, settings):
    settings.WHATSAPP_IDLE_SECONDS = 0
    Session.objects.filter(pk=session.pk).update(last_attempt_at=now(), state_changed_at=now())
    assert clean(session.pk)
