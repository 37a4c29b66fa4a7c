"""Figures beyond their limits are told once, and so is their end."""

import threading
from datetime import timedelta

import pytest
from django.urls import reverse

from conversations.models import Author, Conversation, Message, MessageState
from conversations.outbox import message_queue
from crm.core.clock import now
from crm.realtime.models import Event, Notification
from whatsapp.alerts import BEGINS, ENDS, Alert
from whatsapp.drainer import Drainer
from whatsapp.intake import Intake
from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.pulse import Pulse
from whatsapp.spool import Spool
from whatsapp.states import State
from whatsapp.tasks import watch
from whatsapp.watching import session_watch

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def limits(settings):
    settings.WHATSAPP_ALERT_FAILURE_PERCENT = 50
    settings.WHATSAPP_ALERT_QR_PER_HOUR = 20
    settings.WHATSAPP_ALERT_MEMORY_MB = 300
    settings.WHATSAPP_ALERT_OUTBOX_SECONDS = 300
    settings.WHATSAPP_ALERT_SPOOL_SECONDS = 120


def told() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("title_id", flat=True))


def put(session: Session, **values: object) -> None:
    Session.objects.filter(pk=session.pk).update(**values)


@pytest.mark.parametrize(
    ("alert", "begins", "ends"),
    [
        (Alert.FAILURES, {"attempts_total": 6, "failures_total": 6}, {"attempts_total": 20}),
        (Alert.MEMORY, {"state": State.ONLINE, "memory_mb": 301}, {"memory_mb": 300}),
        (Alert.DISK, {"disk_full_since": now()}, {"disk_full_since": None}),
        (Alert.SPOOL, {"spool_waiting_since": now() - timedelta(minutes=3)}, {"spool_waiting_since": None}),
        (Alert.SET_ASIDE, {"quarantined_total": 2}, {"quarantined_total": 0}),
    ],
)
def test_managers_are_told_once_when_it_begins_and_once_when_it_ends(session, bruno, caio, alert, begins, ends):
    watch()
    put(session, **begins)
    for _round in range(3):
        watch()
    assert told() == [BEGINS[alert]]
    put(session, **ends)
    for _round in range(3):
        watch()
    assert told() == [BEGINS[alert], ENDS[alert]]
    assert set(Notification.objects.values_list("user_id", flat=True)) == {bruno.pk}


def test_many_qr_codes_in_an_hour_are_told_and_an_hour_later_forgotten(session, bruno, monkeypatch):
    assert session_watch(session_id=session.pk) == set()
    put(session, qr_total=21)
    assert session_watch(session_id=session.pk) == {"qr"}
    later = now() + timedelta(minutes=30)
    monkeypatch.setattr("whatsapp.watching.now", lambda: later)
    assert session_watch(session_id=session.pk) == {"qr"}
    much_later = now() + timedelta(minutes=91)
    monkeypatch.setattr("whatsapp.watching.now", lambda: much_later)
    assert session_watch(session_id=session.pk) == set()


def test_what_arrived_and_was_damaged_on_the_disk_is_told_as_set_aside(session, tmp_path):
    token = lease_take(session.pk, "a worker")
    with Spool(tmp_path / "spool") as spool:
        spool.append(b"what Maria wrote")
        (tmp_path / "spool").write_bytes((tmp_path / "spool").read_bytes().replace(b"Maria", b"M?ria"))
        drainer = Drainer(spool=spool, inbox_id=session.inbox_id, quarantine=tmp_path / "quarantine")
        intake = Intake(spool=spool, arrived=threading.Event(), stopping=threading.Event())
        pulse = Pulse(session_id=session.pk, token=token, intake=intake, drainer=drainer)
        drainer.drain()
        for _renewal in range(2):
            pulse.beat()
    session.refresh_from_db()
    assert session.quarantined_total == 1
    assert session_watch(session_id=session.pk) == {"set_aside"}


def test_a_few_failures_tell_nothing(session):
    watch()
    put(session, attempts_total=4, failures_total=4)
    assert session_watch(session_id=session.pk) == set()
    put(session, attempts_total=10, failures_total=5)
    assert session_watch(session_id=session.pk) == set()


def test_the_alert_lasts_while_the_cautious_tries_fail_too(session, monkeypatch):
    watch()
    put(session, attempts_total=6, failures_total=6)
    assert session_watch(session_id=session.pk) == {"failures"}
    for minutes in (40, 62, 90):  # the first six attempts leave the hour
        put(session, attempts_total=6 + minutes // 15, failures_total=6 + minutes // 15)
        at = now() + timedelta(minutes=minutes)
        monkeypatch.setattr("whatsapp.watching.now", lambda at=at: at)
        assert session_watch(session_id=session.pk) == {"failures"}


@pytest.fixture
def waiting(session, maria_thread) -> Message:
    """Lívia's answer waits for ten minutes on a number that should be connected."""
    put(session, wanted=True, state=State.ONLINE, inbox=maria_thread.inbox)
    message = message_queue(conversation_id=maria_thread.pk, text="Olá!", author=Author.LIVIA)
    old = now() - timedelta(minutes=10)
    Message.objects.filter(pk=message.pk).update(created_at=old, state_changed_at=old, sent_at=old)
    Conversation.objects.filter(pk=maria_thread.pk).update(last_message_at=old)
    return message


def test_messages_that_wait_and_do_not_leave_are_told(session, waiting, bruno):
    assert session_watch(session_id=session.pk) == {"outbox"}
    Message.objects.filter(pk=waiting.pk).update(state=MessageState.SENT)
    assert session_watch(session_id=session.pk) == set()
    assert told() == [BEGINS[Alert.OUTBOX], ENDS[Alert.OUTBOX]]


def test_a_number_that_should_not_be_connected_may_let_messages_wait(session, waiting):
    put(session, wanted=False)
    assert session_watch(session_id=session.pk) == set()


def test_what_pacing_holds_back_does_not_count_nor_what_stands_behind_it(session, waiting):
    Message.objects.filter(pk=waiting.pk).update(not_before=now() + timedelta(hours=3))
    behind = message_queue(conversation_id=waiting.conversation_id, text="E mais", author=Author.LIVIA)
    old = now() - timedelta(minutes=10)
    Message.objects.filter(pk=behind.pk).update(created_at=old, state_changed_at=old)
    assert session_watch(session_id=session.pk) == set()
    Message.objects.filter(pk=waiting.pk).update(not_before=now())  # released this moment
    assert session_watch(session_id=session.pk) == set()


def test_a_long_queue_that_moves_is_no_fault(session, waiting):
    sent = message_queue(conversation_id=waiting.conversation_id, text="Antes", author=Author.LIVIA)
    Message.objects.filter(pk=sent.pk).update(state=MessageState.SENT, sent_at=now())
    assert session_watch(session_id=session.pk) == set()


def test_the_card_shows_what_is_raised(client, bruno, session, waiting):
    watch()
    put(session, disk_full_since=now(), cold_blocked_until=now() + timedelta(hours=2), quarantined_total=1)
    Message.objects.create(
        conversation=waiting.conversation, direction="out", author="livia", text="?", state="unknown", sent_at=now()
    )
    client.force_login(bruno)
    answer = client.get(reverse("whatsapp:sessions"))
    (card,) = answer.context["cards"]
    assert [notice.level for notice in card.notices] == ["danger", "warn", "warn", "warn", "info"]
    assert card.notices[-1].url == reverse("conversations:detail", args=[waiting.conversation_id])
    page = answer.content.decode()
    assert all(str(notice.text) in page.replace("&#x27;", "'") for notice in card.notices)


def test_open_pages_hear_of_figures_that_moved_and_not_of_those_that_stand(session):
    watch()
    before = Event.objects.filter(room="sessions").count()
    watch()
    assert Event.objects.filter(room="sessions").count() == before
    put(session, ignored_total=5)
    watch()
    assert Event.objects.filter(room="sessions").count() == before + 1
