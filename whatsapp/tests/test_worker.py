"""Sessions under a real Celery worker: killed, it takes its child along; asked to stop, it stops the session."""

import os
import signal
import subprocess
import sys
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

    def start() -> subprocess.Popen:
        command = "-m celery --quiet -A crm worker -n whatsapp-test@%h -Q whatsapp -P threads -c 4"
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


def test_the_supervisor_orders_each_wanted_session_once_a_round(session):
    client().delete(QUEUE)
    Session.objects.filter(pk=session.pk).update(wanted=True)
    supervise()
    assert client().llen(QUEUE) == 1
    client().delete(QUEUE)
