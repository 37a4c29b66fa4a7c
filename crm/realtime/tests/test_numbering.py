"""Events have numbers without gaps, in the order of their commits, and stand or fall with their change."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from crm.core.work import unit
from crm.realtime.models import Event, Room
from crm.realtime.publish import publish, publish_stale

WRITERS = 16


def at_once(*jobs: Callable[[], None]) -> None:
    """Run jobs in threads that start together, each with a connection of its own."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], None]) -> None:
        try:
            start.wait(10)
            job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        for done in [pool.submit(run, job) for job in jobs]:
            done.result(60)


def tell(*rooms: str) -> None:
    with unit():
        publish(rooms, kind="thing", object_id="thing", render=lambda: "<b>seen</b>")


def numbers(room: str) -> list[int]:
    return list(Event.objects.filter(room=room).order_by("seq").values_list("seq", flat=True))


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_leave_no_gap_and_a_reader_never_sees_a_number_before_its_predecessor() -> None:
    each, seen, done = 8, [], []

    def write() -> None:
        for _ in range(each):
            tell("busy")
        done.append(True)

    def read() -> None:
        while len(done) < WRITERS:
            seen.append(numbers("busy"))

    at_once(read, *[write] * WRITERS)

    assert numbers("busy") == list(range(1, WRITERS * each + 1))
    assert Room.objects.get(name="busy").seq == WRITERS * each
    assert len(seen) > 1
    assert all(known == list(range(1, len(known) + 1)) for known in seen)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_no_event_and_no_number() -> None:
    tell("quiet")
    with pytest.raises(ZeroDivisionError), unit():
        publish(["quiet"], kind="thing", object_id="thing", render=lambda: str(1 // 0))
    with pytest.raises(LookupError), unit():
        publish(["quiet"], kind="thing", object_id="thing", render=lambda: "")
        raise LookupError
    tell("quiet")
    assert numbers("quiet") == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_several_changes_of_one_object_in_one_transaction_are_one_event_of_its_last_state() -> None:
    with unit():
        for state in ("first", "second", "last"):
            publish(["r"], kind="thing", object_id="thing", render=lambda state=state: state)
        publish(["r"], kind="thing", object_id="other", render=lambda: "other")
    events = Event.objects.filter(room="r").order_by("seq")
    assert [(event.seq, event.object_id, event.html["en"]) for event in events] == [
        (1, "thing", "last"),
        (2, "other", "other"),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_change_told_to_many_rooms_is_rendered_once_in_each_language() -> None:
    rendered = []
    with unit():
        publish(["r.1", "r.2", "r.3"], kind="thing", object_id="x", render=lambda: rendered.append(1) or "html")
    assert len(rendered) == 2
    assert Event.objects.count() == 3


@pytest.mark.django_db(transaction=True)
def test_writers_that_name_two_rooms_in_opposite_orders_do_not_deadlock() -> None:
    def write(*rooms: str) -> Callable[[], None]:
        return lambda: [tell(*rooms) for _ in range(10)]

    at_once(*[write("a", "b"), write("b", "a")] * 4)
    assert numbers("a") == numbers("b") == list(range(1, 81))


@pytest.mark.django_db(transaction=True)
def test_an_object_that_is_only_said_to_be_stale_is_not_rendered() -> None:
    with unit():
        publish_stale(["r"], object_id="page")
    assert Event.objects.get().html == {}


@pytest.mark.django_db
def test_publishing_outside_a_unit_of_work_is_refused() -> None:
    with pytest.raises(RuntimeError, match="@service"):
        publish(["r"], kind="thing", object_id="x", render=lambda: "")
