"""Each limit with something really measured: crossed, told once, over, told once, and in the history."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from itertools import count

import psycopg
import pytest
from django.db import connection
from django.db.models import F

from agent.models import Turn
from agent.tests.conftest import groq, reply  # noqa: F401  (a fixture)
from agent.turns import turn_run
from conversations.claims import outbox_claim
from conversations.models import Conversation, Message
from conversations.outbox import outbox_failed, outbox_sent
from crm.accounts.models import User
from crm.alerts.models import Alert, Level
from crm.alerts.selectors import closed_alerts, open_alerts
from crm.celery import app
from crm.core.clock import now
from crm.core.redis import client
from crm.core.tally import tally, tally_flush
from crm.monitoring.absences import GONE
from crm.monitoring.machine import Meter
from crm.monitoring.models import Process, ProcessKind, Sample
from crm.monitoring.processes import process_gone, process_seen
from crm.monitoring.report_tasks import measure
from crm.monitoring.thresholds import LIMITS
from crm.realtime.models import Notification

pytestmark = pytest.mark.django_db

BURN = "import time\nuntil = time.time() + 30\nwhile time.time() < until: pass"
_LATER = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def calm(settings) -> None:
    """Limits nothing here comes near, but for the one a test is about."""
    for limit in LIMITS:
        setattr(settings, limit.limit, 1e9)


@pytest.fixture
def looks(bruno) -> Callable[[], Sample]:
    """A minute later it is measured again."""

    def look() -> Sample:
        for sample in Sample.objects.order_by("at"):
            Sample.objects.filter(pk=sample.pk).update(at=sample.at - _LATER)
        measure()
        return Sample.objects.latest("at")

    return look


def told() -> list[str]:
    return [
        bell.kind for bell in Notification.objects.filter(url__startswith="/").order_by("pk") if "alert" in bell.kind
    ]


def begun(code: str, look: Callable[[], Sample]) -> Alert:
    """It is an alert, and stays the same one, told once."""
    look()
    alert = open_alerts().get()
    look()
    assert open_alerts().get() == alert and alert.code == code and told() == ["alert"]
    assert alert.title and alert.body and "%(" not in alert.title and alert.url
    return alert


def over(code: str, look: Callable[[], Sample]) -> None:
    look()
    assert not open_alerts().exists() and told() == ["alert", "alert_over"]
    assert [alert.code for alert in closed_alerts()] == [code]


def answer_after(says: Callable[..., Message], seconds: float, numbers: Iterator[int] = count(1)) -> None:  # noqa: B008
    """Maria writes; her answer leaves so much later."""
    heard = says("oi")
    Message.objects.filter(pk=heard.pk).update(created_at=now() - timedelta(seconds=seconds))
    turn_run(conversation_id=heard.conversation_id)
    while claimed := outbox_claim(inbox_id=heard.conversation.inbox_id):
        outbox_sent(message_id=claimed.message_id, provider_id=f"OUT{next(numbers)}", sent_at=now())


def forget_window() -> None:
    """The turns so far are those of an hour ago."""
    Turn.objects.update(created_at=F("created_at") - timedelta(hours=1))


def test_answers_that_take_too_long(looks, says, settings):
    settings.ALERT_RESPONSE_SECONDS = 5
    answer_after(says, 40)
    looks()
    assert not open_alerts().exists()  # one of one is bad luck
    for _more in range(2):
        answer_after(says, 40)
    assert begun("load_response", looks).level == Level.CRITICAL
    forget_window()
    looks()
    assert open_alerts().exists()  # nobody was answered: nothing is known
    answer_after(says, 1)
    over("load_response", looks)
    for _again in range(3):  # within the quarter of an hour it is an alert, and told no second time
        answer_after(says, 40)
    looks()
    assert open_alerts().exists() and told() == ["alert", "alert_over"]


def test_one_client_whom_nobody_answers(looks, maria_thread, settings):
    settings.ALERT_RESPONSE_SECONDS = 5
    Conversation.objects.update(awaiting_since=now() - timedelta(seconds=90))
    Message.objects.update(created_at=now() - timedelta(seconds=90))
    begun("load_response", looks)


def test_a_slow_model(looks, says, settings, groq):  # noqa: F811
    settings.ALERT_MODEL_SECONDS = 0.1
    endpoint = groq({**reply("Qual é o seu nome?"), "delay_s": 0.15})
    for _turn in range(3):
        turn_run(conversation_id=says("oi").conversation_id)
    assert len(endpoint.calls) == 3
    begun("load_model", looks)
    settings.ALERT_MODEL_SECONDS = 5  # this machine may be busy: it is quick enough now
    over("load_model", looks)


def test_messages_that_do_not_leave(looks, maria_thread, says, settings):
    settings.ALERT_ERROR_PERCENT = 5
    for _turn in range(5):
        turn_run(conversation_id=says("oi").conversation_id)
    while claimed := outbox_claim(inbox_id=maria_thread.inbox_id):
        outbox_failed(message_id=claimed.message_id, code="refused")
    begun("load_errors", looks)
    Message.objects.filter(state="failed").update(state_changed_at=now() - timedelta(hours=1))
    over("load_errors", looks)


def test_pages_that_fail(looks, settings):
    settings.ALERT_ERROR_PERCENT = 5
    tally("requests", 40)
    tally("request_errors", 4)
    tally_flush()
    begun("load_errors", looks)
    tally("requests", 960)
    tally_flush()
    over("load_errors", looks)


def pulse(meter: Meter) -> Process:
    """What a process's pulse writes of itself and its machine."""
    process_seen(
        kind=ProcessKind.WORKER, host="here", pid=1, started_at=meter.started_at, stopping=False,
        measured=meter.measure(), data={},
    )  # fmt: skip
    return Process.objects.get()


def test_a_busy_processor(looks, settings):
    meter = Meter()
    pulse(meter)
    with subprocess.Popen([sys.executable, "-c", BURN]) as burning:
        while (busy := pulse(meter).host_cpu_percent or 0) < 15:
            pass
        settings.ALERT_CPU_PERCENT = busy * 0.8
        looks()
        assert not open_alerts().exists()  # a minute is a peak
        assert looks().cpu_percent == busy
        begun("load_cpu", looks)
        burning.kill()
    settings.ALERT_CPU_PERCENT = busy * 1.2
    over("load_cpu", looks)


def test_scarce_memory(looks, settings):
    settings.ALERT_MEMORY_PERCENT = (used := pulse(Meter()).host_memory_percent) - 1
    assert begun("load_memory", looks).level == Level.WARNING
    settings.ALERT_MEMORY_PERCENT = used * 1.05
    assert looks().memory_percent == used and open_alerts().exists()  # below the limit, but not well below
    settings.ALERT_MEMORY_PERCENT = used * 1.2
    over("load_memory", looks)


def test_a_full_disk(looks, settings):
    settings.HEALTH_DISK_PERCENT = (used := pulse(Meter()).disk_percent) * 0.9
    begun("disk_full", looks)
    settings.HEALTH_DISK_PERCENT = used * 2
    over("disk_full", looks)


def test_tasks_no_worker_takes(looks, settings):
    settings.ALERT_QUEUE = 5
    for _task in range(6):
        app.send_task("monitoring.report")
    assert begun("load_queue", looks).data == {"value": "6", "limit": "5"}
    for _task in range(6):
        app.send_task("agent.sweep")
    looks()
    assert open_alerts().get().level == Level.CRITICAL and told() == ["alert", "alert"]
    app.control.purge()
    client().delete(f"{app.conf.broker_transport_options['global_keyprefix']}agent")
    looks()
    assert not open_alerts().exists()


def test_connections_to_the_database(looks, settings):
    settings.ALERT_DB_CONNECTIONS = (looks().db_connections or 0) + 3
    with ExitStack() as opened:
        for _connection in range(6):
            opened.callback(psycopg.connect(**_where()).close)
        _look_anew()
        begun("load_db", looks)
    settings.ALERT_DB_CONNECTIONS += 6  # the server may still be ending them
    over("load_db", looks)


def _look_anew() -> None:
    """Within a transaction, such as a test's, PostgreSQL goes on showing the activity it showed first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")


def _where() -> dict[str, object]:
    info = connection.connection.info
    return {"host": info.host, "port": info.port, "user": info.user, "password": info.password, "dbname": info.dbname}


def test_a_kind_of_process_that_was_killed(looks, settings):
    row = pulse(Meter())
    Process.objects.update(seen_at=now() - timedelta(seconds=settings.PULSE_SILENT_SECONDS * 2))
    looks()
    assert not open_alerts().exists()
    Process.objects.update(seen_at=now() - timedelta(seconds=settings.PULSE_SILENT_SECONDS * 4))
    assert begun(GONE, looks).key == "worker"
    pulse(Meter())
    over(GONE, looks)
    process_gone(host=row.host, pid=row.pid, started_at=row.started_at)
    looks()
    assert not open_alerts().exists()  # it ended as it should


def test_a_consultant_hears_of_none_of_it(looks, caio: User, settings):
    settings.ALERT_DB_CONNECTIONS = 0.1
    looks()
    assert open_alerts().exists() and not Notification.objects.filter(user=caio).exists()
