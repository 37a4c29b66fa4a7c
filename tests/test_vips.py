"""Important clients first, under a real worker."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from agent.models import ContactProfile, Priority, Turn
from agent.tasks import answer
from agent.vips import is_vip, vip_await, vip_next
from crm.celery import app
from crm.core.redis import client, key
from crm.monitoring.models import Process, ProcessKind
from stack.process import spawn
from tests.realtime.conftest import database_url
from tests.realtime.waiting import eventually

WAITING = 30
VIP = "+5519999990000"
LIST = f"{app.conf.broker_transport_options['global_keyprefix']}agent"


@pytest.fixture(autouse=True)
def nobody_yet():
    client().delete(key("vips"), LIST)
    yield
    client().delete(key("vips"), LIST)


def test_a_vip_is_taken_once_and_not_before_the_burst_is_over():
    vip_await(7, seconds=0)
    vip_await(8, seconds=60)
    assert (vip_next(), vip_next()) == (7, None)


@pytest.mark.django_db(transaction=True)
def test_a_vip_passes_all_who_wait(says, tmp_path):
    threads = [says("oi", phone=f"+55199888{number:05d}").conversation_id for number in range(WAITING)]
    vip = says("oi", phone=VIP).conversation
    ContactProfile.objects.update_or_create(contact_id=vip.contact_id, defaults={"priority": Priority.VIP})
    assert is_vip(vip.pk) and not is_vip(threads[0])
    client().delete(LIST)
    for number in [*threads, vip.pk]:  # the VIP came last
        answer.delay(number)
    vip_await(vip.pk, seconds=0)
    command = "-m celery --quiet -A crm worker -n vips@%h -Q agent -P threads -c 2 --without-gossip --without-mingle"
    environment = os.environ | {
        "DATABASE_URL": database_url(), "C_FORCE_ROOT": "1", "BURST_WINDOW_SECONDS": "0", "TYPING_BASE_MS": "0",
        "TYPING_PER_CHAR_MS": "0", "PULSE_SECONDS": "0.5",
    }  # fmt: skip
    with (tmp_path / "worker.log").open("wb") as log:
        worker = spawn(
            [sys.executable, *command.split()], cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log
        )
    try:
        turn = eventually(lambda: Turn.objects.filter(conversation=vip).first(), seconds=60)
        assert Turn.objects.filter(pk__lt=turn.pk).count() < 3  # a thread or two had begun
        row = eventually(lambda: Process.objects.filter(kind=ProcessKind.WORKER, data__queues=["agent"]).first())
        assert row.data["threads"] == 2
    finally:
        stop(worker)


def stop(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    try:
        worker.wait(15)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()
