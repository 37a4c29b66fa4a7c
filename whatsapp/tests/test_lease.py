"""One owner a session."""

import threading
from datetime import timedelta

from django.db import connection

from crm.core.clock import now
from whatsapp import runner
from whatsapp.lease import lease_release, lease_renew, lease_take
from whatsapp.models import Session
from whatsapp.selectors import sessions_left_behind, sessions_to_run
from whatsapp.states import State


def expire(session: Session) -> None:
    Session.objects.filter(pk=session.pk).update(lease_expires_at=now() - timedelta(seconds=1))


def test_a_second_owner_gets_nothing(db, session):
    assert lease_take(session.pk, "ana")
    assert lease_take(session.pk, "bruno") is None


def test_of_many_who_ask_at_once_one_gets_it(transactional_db, session):
    tokens, gate = [], threading.Barrier(6)

    def ask() -> None:
        gate.wait()
        tokens.append(lease_take(session.pk, "someone"))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([token for token in tokens if token]) == 1


def test_an_expired_lease_is_taken_over_and_its_first_owner_notices(db, session):
    first = lease_take(session.pk, "ana")
    expire(session)
    second = lease_take(session.pk, "bruno")
    assert second
    assert lease_renew(session.pk, second)
    assert not lease_renew(session.pk, first)
    lease_release(session.pk, first)
    assert lease_renew(session.pk, second)


def test_an_expired_lease_nobody_took_is_ours_again(db, session):
    token = lease_take(session.pk, "ana")
    expire(session)
    assert lease_renew(session.pk, token)
    assert lease_take(session.pk, "bruno") is None


def test_a_duplicate_task_returns_at_once(transactional_db, session):
    lease_take(session.pk, "ana")
    runner.run(session.pk, threading.Event())
    session.refresh_from_db()
    assert session.attempts_total == 0


def test_the_supervisor_finds_what_should_run(db, session):
    def found(**fields: object) -> bool:
        defaults = {"wanted": True, "state_until": None, "last_attempt_at": now(), "lease_expires_at": None}
        Session.objects.filter(pk=session.pk).update(**{**defaults, **fields})
        return session.pk in sessions_to_run()

    past, future = now() - timedelta(hours=1), now() + timedelta(hours=1)
    assert found(state=State.STOPPED)
    assert found(state=State.ONLINE)
    assert not found(state=State.STOPPED, wanted=False)
    assert not found(state=State.ONLINE, lease_expires_at=future)
    for ending in (State.LOGGED_OUT, State.OUTDATED, State.CONFLICT):
        assert not found(state=ending)
    assert not found(state=State.TEMP_BANNED, state_until=future)
    assert found(state=State.TEMP_BANNED, state_until=past)
    assert not found(state=State.FAILED)
    assert found(state=State.FAILED, last_attempt_at=past)


def test_a_session_whose_process_died_unwanted_is_left_behind(db, session):
    Session.objects.filter(pk=session.pk).update(state=State.ONLINE, wanted=False)
    assert sessions_left_behind() == [session.pk]
