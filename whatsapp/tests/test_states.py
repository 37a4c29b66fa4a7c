"""The table of states, and what a move leaves behind."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.core.clock import now
from crm.realtime.models import Event, Notification
from whatsapp.models import Session
from whatsapp.services import session_move
from whatsapp.states import LIVE, TRANSITIONS, State, may_move
from whatsapp.words import remedy, sentence


def test_every_state_has_a_row_a_sentence_and_a_way_out():
    assert set(TRANSITIONS) == set(State)
    for state in State:
        assert sentence(state)
        assert TRANSITIONS[state]
    assert all(remedy(state) for state in set(State) - LIVE)


def test_nothing_comes_online_without_starting():
    assert not any(may_move(state, State.ONLINE) for state in set(State) - LIVE)


@pytest.mark.parametrize("ending", [State.LOGGED_OUT, State.TEMP_BANNED, State.OUTDATED, State.CONFLICT, State.FAILED])
def test_every_ending_can_be_reached_while_online_and_left_by_starting(ending):
    assert may_move(State.ONLINE, ending)
    assert may_move(ending, State.STARTING)


def test_a_move_is_kept_as_history_and_shown(db, session):
    assert session_move(session_id=session.pk, to=State.STARTING, reason="asked")
    assert session_move(session_id=session.pk, to=State.AWAITING_QR)
    changes = session.history.values_list("from_state", "to_state", "reason")
    assert list(changes) == [("starting", "awaiting_qr", ""), ("stopped", "starting", "asked")]
    assert Event.objects.filter(room="sessions").count() == 2


def test_an_illegal_move_is_refused_and_not_raised(db, session):
    assert session_move(session_id=session.pk, to=State.ONLINE) is False
    session.refresh_from_db()
    assert session.state == State.STOPPED
    assert not session.history.exists()


def test_waiting_for_the_qr_twice_is_no_move(db, session):
    session_move(session_id=session.pk, to=State.STARTING)
    session_move(session_id=session.pk, to=State.AWAITING_QR)
    until = now() + timedelta(minutes=3)
    assert session_move(session_id=session.pk, to=State.AWAITING_QR, until=until)
    session.refresh_from_db()
    assert session.state_until == until
    assert session.history.count() == 2


def test_a_process_that_lost_its_lease_moves_nothing(db, session):
    Session.objects.filter(pk=session.pk).update(lease_token="another")
    assert session_move(session_id=session.pk, to=State.STARTING, token="mine") is False


def test_trouble_and_recovery_are_told_to_managers_once(db, session, bruno, caio):
    def go(*states: State) -> None:
        for state in states:
            assert session_move(session_id=session.pk, to=state)

    go(State.STARTING, State.FAILED, State.STARTING, State.FAILED)
    assert list(Notification.objects.values_list("user_id", "kind")) == [(bruno.pk, "session_trouble")]
    go(State.STARTING, State.ONLINE)
    assert Notification.objects.filter(user=bruno, kind="session_recovered", url=reverse("whatsapp:sessions")).exists()
    go(State.RECONNECTING, State.ONLINE)
    assert Notification.objects.count() == 2
    assert not Notification.objects.filter(user=caio).exists()


def test_coming_online_resets_the_count_of_failures(db, session):
    Session.objects.filter(pk=session.pk).update(failures=4, state=State.RECONNECTING)
    session_move(session_id=session.pk, to=State.ONLINE)
    session.refresh_from_db()
    assert (session.failures, session.successes_total, session.reconnects_total) == (0, 1, 1)
