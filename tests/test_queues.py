"""How much lies before the workers, and what gives way when it is too much."""

from collections.abc import Callable, Iterator

import pytest

from agent.tasks import judge, learn
from crm.celery import app
from crm.core import queues
from crm.core.queues import in_hand_by, queues_length, under_pressure
from crm.core.redis import client


def a_list(name: str) -> str:
    return f"{app.conf.broker_transport_options['global_keyprefix']}{name}"


@pytest.fixture
def crowd(settings, monkeypatch) -> Iterator[Callable[[int], None]]:
    """So many tasks wait for Lívia's workers; each look is a new one."""
    monkeypatch.setattr(queues, "_LOOK_SECONDS", 0.0)
    settings.PRESSURE_QUEUE = 5
    names = [a_list(name) for name in ("agent", "default", "whatsapp")]
    client().delete(*names)

    def come(number: int) -> None:
        client().delete(*names)
        for _one in range(number):
            client().lpush(names[0], b"{}")

    yield come
    client().delete(*names)
    in_hand_by(int)


def test_tasks_count_in_the_brokers_lists_and_in_a_workers_hands(crowd):
    crowd(5)
    assert queues_length() == {"agent": 5, "default": 0, "whatsapp": 0} and not under_pressure()
    in_hand_by(lambda: 1)
    assert under_pressure()
    crowd(0)
    assert not under_pressure()


def test_sessions_without_a_thread_are_no_pressure(crowd):
    for _one in range(9):
        client().lpush(a_list("whatsapp"), b"{}")
    assert not under_pressure()


@pytest.mark.django_db
def test_what_can_wait_puts_itself_off(crowd, django_assert_num_queries):
    crowd(6)
    with django_assert_num_queries(0):
        judge(1)
        learn()
    assert queues_length()["agent"] == 7  # the judgement comes later
