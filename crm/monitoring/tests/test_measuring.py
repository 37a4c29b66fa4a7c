"""What is measured each minute comes from what happened, and from nothing else."""

from datetime import timedelta

import pytest
from django.db import connection

from agent.turns import turn_run
from conversations.claims import outbox_claim
from conversations.models import Conversation, Message, MessageState
from conversations.outbox import outbox_sent
from crm.core.clock import now
from crm.core.tally import tally, tally_flush
from crm.monitoring.measuring import OVERDUE, error_percent, sample_take
from crm.monitoring.models import Sample
from crm.monitoring.talk_figures import _id_before, talk

pytestmark = pytest.mark.django_db


def answered(thread: Conversation, after: timedelta, provider_id: str = "OUT1") -> None:
    """Lívia answers now what Maria wrote so long ago."""
    Message.objects.filter(conversation=thread, direction="in").update(created_at=now() - after)
    turn = turn_run(conversation_id=thread.pk).turn
    claimed = outbox_claim(inbox_id=thread.inbox_id)
    assert claimed.message_id == turn.reply_ids[0]
    outbox_sent(message_id=claimed.message_id, provider_id=provider_id, sent_at=now())


def test_an_empty_installation_measures_nothing_and_guesses_nothing(settings):
    sample = sample_take()
    assert sample is not None and (sample.received, sample.answered, sample.queue) == (0, 0, 0)
    assert sample.db_connections >= 1
    empty = ("response_s", "model_s", "cpu_percent", "memory_percent")
    assert [getattr(sample, name) for name in empty] == [None] * len(empty)
    assert sample_take() is None and Sample.objects.count() == 1


def test_the_wait_is_the_clients_without_the_pauses_that_are_meant(maria_thread, settings):
    settings.BURST_WINDOW_SECONDS = 4
    answered(maria_thread, timedelta(seconds=10))
    reply = Message.objects.filter(author="livia").earliest("pk")
    seen = talk(now() - timedelta(minutes=5))
    assert (seen.received, seen.answered, seen.waits, seen.turns) == (1, 1, 1, (0, 1))
    assert seen.waited_s == pytest.approx(10, abs=1)
    assert seen.response_s == pytest.approx(max(seen.waited_s - 4 - reply.typing_ms / 1000, 0), abs=0.01)


def test_who_still_waits_counts_although_nobody_was_answered(maria_thread, settings):
    def wait(seconds: float) -> None:
        Conversation.objects.update(awaiting_since=now() - timedelta(seconds=seconds))
        Message.objects.update(created_at=now() - timedelta(seconds=seconds))

    wait(3)
    assert talk(now() - timedelta(minutes=5)).waits == 0  # as long as anybody may wait
    wait(90)
    seen = talk(now() - timedelta(minutes=5))
    assert seen.response_s == pytest.approx(90, abs=1) and (seen.answered, seen.waits) == (0, 1)
    settings.LIVIA_ENABLED = False
    assert talk(now() - timedelta(minutes=5)).response_s is None


def test_messages_since_a_moment_are_found_by_their_ids(maria_thread, says):
    Message.objects.update(created_at=now() - timedelta(hours=2))
    with connection.cursor() as cursor:  # as if a hundred thousand had come since
        cursor.execute("SELECT setval(pg_get_serial_sequence('conversations_message', 'id'), 100000)")
    for number in range(3):
        says(f"mensagem {number}")
    begins = now() - timedelta(minutes=5)
    assert 1024 < _id_before(begins) < Message.objects.filter(created_at__gte=begins).earliest("pk").pk
    assert talk(begins).received == 3 and talk(begins - timedelta(hours=3)).received == 4


def test_the_worst_kind_of_work_is_what_fails(maria_thread):
    assert error_percent({"turns": (5, 10), "requests": (0, 1000)}) == 50
    assert error_percent({"turns": (1, 1), "requests": (0, 9)}) == 0
    assert error_percent({"turns": (1, 1), "requests": (0, 3)}) == 25
    assert error_percent({"turns": (0, 0), "requests": None}) is None
    answered(maria_thread, timedelta(seconds=1))
    Message.objects.filter(author="livia").update(state=MessageState.FAILED, state_changed_at=now())
    assert talk(now() - timedelta(minutes=5)).messages[0] >= 1


def test_what_processes_counted_is_added_up():
    tally("cache_hits", 9)
    tally("cache_misses", 1)
    tally_flush()
    sample = sample_take()
    assert sample is not None and sample.cache_percent == 90


def test_whoever_stands_in_measures_only_when_the_minute_did_not_come():
    assert sample_take(stands_in=True) is not None
    assert sample_take(stands_in=True) is None
    Sample.objects.update(at=now() - OVERDUE)
    assert sample_take(stands_in=True) is not None
