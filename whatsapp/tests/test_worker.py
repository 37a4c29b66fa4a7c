"""Sessions under a real Celery worker: killed, it takes its child along; asked to stop, it stops the session."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings

from crm.core.redis import client
from whatsapp.models import Session
from whatsapp.services import session_connect
from whatsapp.states import State
from whatsapp.tasks import supervise
from whatsapp.tests.conftest import MARIA, eventually, pair, state_of

pytestmark = pytest.mark.django_db(transaction=True)

QUEUE = f"{settings.REDIS_PREFIX}:celery:whatsapp"


@pytest.fixture
def worker(child_database) -> Iterator[Callable[[], subprocess.Popen]]:
    workers: list[subprocess.Popen] = []
    client().delete(QUEUE)

    def start(name: str = "test") -> subprocess.Popen:
        command = f"-m celery --quiet -A crm worker -n whatsapp-{name}@%h -Q whatsapp -P threads -c 4"
        options = ("--without-gossip", "--without-mingle", "--loglevel=INFO")
        environment = {**os.environ, "C_FORCE_ROOT": "1"}
        workers.append(
            subprocess.Popen([sys.executable, *command.split(), *options], cwd=settings.BASE_DIR, env=environment)
        )
        return workers[-1]

    yield start
    for process in workers:
        process.kill()
        process.wait()


def gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - a process that ended and waits to be buried
        return ") Z " in stat.read()


def child_pid(session: Session) -> int:
    return eventually(lambda: Session.objects.values_list("child_pid", flat=True).get(pk=session.pk))


@pytest.mark.thorough
def test_a_worker_that_dies_or_stops_never_leaves_a_child_behind(session, network, worker):
    first = worker()
    session_connect(session_id=session.pk)
    supervise()
    pair(session, network)
    pid = child_pid(session)
    first.send_signal(signal.SIGKILL)
    eventually(lambda: gone(pid))
    network.say(*MARIA, "ainda está aí?")

    second = worker()
    eventually(lambda: supervise() or state_of(session) == State.RECONNECTING, every=0.5)
    eventually(lambda: state_of(session) == State.ONLINE)
    pid = child_pid(session)
    second.terminate()
    assert second.wait(20) == 0
    assert gone(pid)
    session.refresh_from_db()
    assert (session.state, session.wanted, session.lease_token) == (State.STOPPED, True, "")
    assert session.attempts_total == 2


@pytest.mark.thorough
def test_a_worker_whose_host_dies_loses_its_session_to_another_in_time(session, network, worker, monkeypatch, settings):
    """The lease runs out and the next round of the supervisor moves it; nobody is there to give it back."""
    with_defaults = settings.WHATSAPP_LEASE_SECONDS + settings.WHATSAPP_SUPERVISE_SECONDS
    assert with_defaults <= 45 - 5  # what is left is for the new process to start
    monkeypatch.setenv("WHATSAPP_LEASE_SECONDS", "3")
    first = worker("first")
    session_connect(session_id=session.pk)
    supervise()
    pair(session, network)
    second = worker("second")
    pid, owner = child_pid(session), Session.objects.get(pk=session.pk).lease_owner
    os.kill(pid, signal.SIGSTOP)  # else it would notice, and give the lease back
    first.kill()
    first.wait()
    died = time.monotonic()
    os.kill(pid, signal.SIGKILL)
    eventually(lambda: supervise() or Session.objects.get(pk=session.pk).lease_owner not in (owner, ""), every=1)
    assert 1 < time.monotonic() - died < 15  # lease 3 s, a look each second, and a busy machine
    eventually(lambda: state_of(session) == State.ONLINE)
    second.terminate()
    assert second.wait(20) == 0


def test_the_supervisor_orders_each_wanted_session_once_a_round(session):
    client().delete(QUEUE)
    Session.objects.filter(pk=session.pk).update(wanted=True)
    supervise()
    assert client().llen(QUEUE) == 1
    client().delete(QUEUE)
