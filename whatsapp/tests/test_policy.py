"""When a session that fell is tried again."""

from datetime import timedelta

import pytest

from crm.core.clock import now
from crm.realtime.models import Event
from whatsapp.attempts import attempt_begin, attempt_ended, pairing_shown
from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.policy import gave_up, next_delay
from whatsapp.states import State


@pytest.fixture
def delays(settings):
    settings.WHATSAPP_RESTART_DELAYS = [1, 2, 5, 10, 30]
    settings.WHATSAPP_CAUTIOUS_RETRY_SECONDS = 900


def test_delays_grow_and_then_become_cautious(delays):
    assert [next_delay(failures) for failures in range(1, 8)] == [1, 2, 5, 10, 30, 900, 900]
    assert [gave_up(failures) for failures in (1, 5, 6)] == [False, False, True]


def test_after_the_last_quick_try_the_session_failed(delays, db, session):
    token = lease_take(session.pk, "ana")
    Session.objects.filter(pk=session.pk).update(wanted=True)
    waited = []
    for _attempt in range(6):
        assert attempt_begin(session_id=session.pk, token=token)
        waited.append(attempt_ended(session_id=session.pk, token=token, reason="process ended (1)"))
    assert waited == [1, 2, 5, 10, 30, None]
    session.refresh_from_db()
    assert (session.state, session.failures, session.attempts_total) == (State.FAILED, 6, 6)
    assert not attempt_begin(session_id=session.pk, token=token)


@pytest.mark.parametrize("state", [State.LOGGED_OUT, State.TEMP_BANNED, State.OUTDATED, State.CONFLICT])
def test_an_ending_is_never_tried_again_by_itself(delays, db, session, state):
    token = lease_take(session.pk, "ana")
    Session.objects.filter(pk=session.pk).update(wanted=True, state=state)
    assert attempt_ended(session_id=session.pk, token=token, reason="process ended (0)") is None
    session.refresh_from_db()
    assert (session.state, session.failures) == (state, 0)


def test_further_qr_codes_are_counted_and_neither_pushed_nor_more_time(db, session):
    token = lease_take(session.pk, "ana")
    Session.objects.filter(pk=session.pk).update(state=State.STARTING, wanted=True)
    until = now() + timedelta(minutes=3)
    for minutes in (0, 1, 2):
        pairing_shown(
            session_id=session.pk, token=token, until=until + timedelta(minutes=minutes), by=State.AWAITING_QR
        )
    session.refresh_from_db()
    assert (session.qr_total, session.state_until) == (3, until)
    assert Event.objects.filter(room="sessions").count() == 1
    pairing_shown(session_id=session.pk, token="another", until=until, by=State.AWAITING_QR)
    session.refresh_from_db()
    assert session.qr_total == 3
