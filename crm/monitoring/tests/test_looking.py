"""Whoever asks is answered in time, whatever hangs."""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from crm.core.clock import now
from crm.monitoring.findings import State, healthy, off, unhealthy
from crm.monitoring.health import Overall, _judge, database_answers, health_now
from crm.monitoring.looking import Question, ask_all
from crm.monitoring.machine import Meter, memory_percent
from crm.monitoring.models import Process, ProcessKind
from crm.monitoring.processes import predecessors_forget, process_seen, processes_alive, processes_forget


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """Set, it lets go what hangs."""
    free = threading.Event()
    yield free
    free.set()


def test_a_question_that_hangs_costs_its_time_and_one_thread(hanging):
    hangs = Question("hangs", lambda: hanging.wait(30))
    broken = Question("broken", lambda: 1 // 0)
    began = time.monotonic()
    for _again in range(3):
        silent, wrong, well = ask_all([hangs, broken, Question("well", lambda: 7)], seconds=0.2)
        assert (silent.value, silent.error) == (None, "")
        assert (wrong.value, wrong.error, well.value) == (None, "ZeroDivisionError", 7)
    assert time.monotonic() - began < 2
    assert sum(thread.name == "look-hangs" for thread in threading.enumerate()) == 1


@pytest.mark.django_db(transaction=True)
def test_whether_the_database_answers_is_known_while_checks_hang_on_it(hanging):
    """A table that is locked is no reason to take every process out of service."""
    hung = [Question(f"hung {n}", lambda: hanging.wait(30), asks_database=True) for n in range(5)]
    assert not any(answer.value for answer in ask_all(hung, seconds=0.2))
    assert database_answers()


def test_more_than_half_makes_the_difference_and_what_is_not_used_none():
    well, bad, unused = healthy("Well."), unhealthy("Bad."), off("Unused.")
    assert _judge([well, unused, unused]) == Overall.HEALTHY
    assert _judge([well, well, bad]) == Overall.DEGRADED
    assert _judge([well, bad, unused]) == Overall.UNHEALTHY


def seen(**changes) -> None:
    meter = Meter()
    process_seen(**{
        "kind": ProcessKind.WORKER, "host": "here", "pid": os.getpid(), "started_at": meter.started_at,
        "stopping": False, "measured": meter.measure(),
        "data": {"queues": ["agent", "default"], "threads": 4, "busy": 1}, **changes,
    })  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_a_worker_serves_its_queues_as_long_as_it_is_heard_of():
    seen()
    seen()  # the same process again is the same row
    [row] = processes_alive()
    assert row.memory_mb > 10 and row.disk_percent is not None
    found = {one.check.name: one.finding for one in health_now().checked}
    assert found["agent"].state == State.HEALTHY and found["agent"].data["threads"] == 4
    assert found["whatsapp"].state == found["beat"].state == State.UNHEALTHY
    Process.objects.update(seen_at=now().replace(year=2020))
    assert {one.check.name for one in health_now().bad} >= {"agent", "default"}
    assert processes_forget() == 1


@pytest.mark.django_db
def test_a_process_takes_the_place_of_those_killed_before_it():
    seen(pid=2**22 + 1, started_at=now())  # no machine counts so far
    seen(pid=2**22 + 1, started_at=now(), host="elsewhere")
    seen()
    predecessors_forget(kind=ProcessKind.WORKER, host="here", pid=os.getpid(), started_at=Meter().started_at)
    assert set(Process.objects.values_list("host", "pid")) == {("here", os.getpid()), ("elsewhere", 2**22 + 1)}


def test_memory_is_the_containers_where_it_has_a_limit(tmp_path: Path):
    assert 0 < memory_percent(tmp_path) < 100  # no cgroup here: the machine's
    (tmp_path / "memory.max").write_text("1000\n")
    (tmp_path / "memory.current").write_text("700\n")
    (tmp_path / "memory.stat").write_text("anon 400\ninactive_file 200\n")
    assert memory_percent(tmp_path) == 50
    (tmp_path / "memory.max").write_text("max\n")
    assert memory_percent(tmp_path) != 50
