"""Processes count together in one folder, whichever way they end."""

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crm.core.metric_files import Folder

# Counts as often as it is told in a line, says so, and lives on.
_COUNTING = """
import os, sys
from pathlib import Path
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from crm.core.metric_files import Folder

os.environ["PROMETHEUS_MULTIPROC_DIR"] = sys.argv[1]
values.ValueClass = values.MultiProcessValue(Folder(Path(sys.argv[1])).identity)
registry = CollectorRegistry()
sent = Counter("sent_total", "Sent", ["state"], registry=registry)
took = Histogram("took_seconds", "Took", registry=registry, buckets=(1, 2))
lines = Gauge("lines", "Lines", registry=registry, multiprocess_mode="livesum")
lines.inc()
for line in sys.stdin:
    if line == "fork\\n":
        if not os.fork():
            sent.labels("ok").inc()
            os._exit(0)
        os.wait()
    else:
        for _ in range(int(line)):
            sent.labels("ok").inc()
            took.observe(1.5)
    print("counted", flush=True)
"""


class Process:
    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", _COUNTING, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def told(self, line: object) -> None:
        assert self._process.stdin and self._process.stdout
        print(line, file=self._process.stdin, flush=True)
        assert self._process.stdout.readline() == "counted\n"

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


@pytest.fixture
def start(tmp_path) -> Iterator[Callable[[], Process]]:
    begun: list[Process] = []

    def start() -> Process:
        begun.append(Process(tmp_path))
        return begun[-1]

    yield start
    for process in begun:
        process.kill()


@pytest.fixture
def read(tmp_path) -> Callable[[], dict[str, float]]:
    folder = Folder(tmp_path)

    def read() -> dict[str, float]:
        samples = [sample for metric in folder.read() for sample in metric.samples]
        return {sample.name + sample.labels.get("le", ""): sample.value for sample in samples}

    return read


def test_what_killed_processes_counted_stays_and_their_gauges_go(tmp_path, start, read) -> None:
    first, second, third = start(), start(), start()
    for process in (first, second, third):
        process.told(1000)
    assert read()["sent_total"] == 3000
    assert read()["lines"] == 3
    first.kill()
    second.told(7)
    second.kill()
    third.told("fork")
    found = read()
    assert found["sent_total"] == 3008
    assert (found["took_seconds_bucket1.0"], found["took_seconds_bucket2.0"]) == (0, 3007)
    assert (found["took_seconds_count"], found["took_seconds_sum"]) == (3007, 3007 * 1.5)
    assert found["lines"] == 1
    assert read() == found
    assert len(list(tmp_path.glob("*.alive"))) == 2, "the third process's, and the reader's"
    assert len(list(tmp_path.glob("folded-*"))) == 1


def test_nothing_is_lost_or_doubled_while_processes_come_and_go(start, read) -> None:
    """Whoever reads meanwhile sees a count that only grows."""
    seen: list[float] = []
    over = threading.Event()

    def look() -> None:
        while not over.wait(0.01):
            seen.append(read().get("sent_total", 0))

    reading = threading.Thread(target=look)
    reading.start()
    for _ in range(3):
        process = start()
        process.told(500)
        process.kill()
    over.set()
    reading.join()
    assert read()["sent_total"] == 1500
    assert seen == sorted(seen)


def test_a_reader_that_ended_half_way_has_not_counted_the_dead_twice(tmp_path, start, read) -> None:
    dead = start()
    dead.told(10)
    dead.kill()
    before = tmp_path.with_name(f"{tmp_path.name}-before")
    shutil.copytree(tmp_path, before)
    assert read()["sent_total"] == 10
    for path in before.glob("*_*"):  # the sums are there, the files not yet removed
        shutil.copy(path, tmp_path)
    (tmp_path / "folding").mkdir()  # and others were begun
    assert read()["sent_total"] == 10


def test_a_process_that_cannot_write_there_counts_for_itself(tmp_path) -> None:
    (tmp_path / "file").touch()
    code = "from crm.core import metrics as m; m.RECEIVED.inc(); print(m.FOLDER, *m.counted())"
    environment = {**os.environ, "METRICS_DIR": str(tmp_path / "file" / "below")}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("None ")
    assert "Sample(name='livia_messages_received_total', labels={}, value=1.0" in done.stdout
