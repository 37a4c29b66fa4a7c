"""The spool against what happens to real processes: kill -9, a full disk, a second one of its kind."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from whatsapp.spool import Spool, SpoolBusy
from whatsapp.tests.spools import drain

ROOT = Path(__file__).resolve().parents[2]

APPEND_FOREVER = """
import sys
from whatsapp.spool import Spool
with Spool(sys.argv[1], rotate_bytes=20_000) as spool:
    number = int(sys.argv[2])
    while True:
        spool.append(b"%d " % number + b"x" * (number % 3000))
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
        number += 1
"""

APPEND_UNTIL_FULL = """
import resource, sys
from whatsapp.spool import Spool, SpoolFull
resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, resource.RLIM_INFINITY))
with Spool(sys.argv[1]) as spool:
    for number in range(100):
        try:
            spool.append(b"%d " % number + b"x" * 700)
        except SpoolFull:
            break
    print(number)
    try:
        spool.append(b"y" * 700)
    except SpoolFull:
        print("still full")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    spool.append(b"room again")
"""

OPEN_AND_HOLD = """
import sys
from whatsapp.spool import Spool
spool = Spool(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
"""


def child(script: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_kill_9_at_any_moment_loses_nothing_that_was_acknowledged(tmp_path):
    path = tmp_path / "events"
    chance, acknowledged, stored = random.Random(5), [], []
    for _ in range(20):
        process = child(APPEND_FOREVER, path, (acknowledged[-1] + 1) if acknowledged else 0)
        for _ in range(chance.randint(1, 400)):
            acknowledged.append(int(process.stdout.readline()))
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n")]
        process.wait()
        with Spool(path, rotate_bytes=20_000) as spool:
            if chance.random() < 0.5:
                stored += [int(data.split()[0]) for data in drain(spool)]
    with Spool(path) as spool:
        stored += [int(data.split()[0]) for data in drain(spool)]
    assert set(acknowledged) <= set(stored)
    assert stored == sorted(stored)
    assert len(stored) <= len(acknowledged) + 20  # appended, killed before saying so


def test_a_full_disk_refuses_the_record_and_leaves_nothing_torn(tmp_path):
    path = tmp_path / "events"
    process = child(APPEND_UNTIL_FULL, path)
    lines = process.communicate(timeout=30)[0].split()
    assert process.returncode == 0
    stored = int(lines[0])
    assert (stored, lines[1:]) == (6, ["still", "full"])
    with Spool(path) as spool:
        assert spool.quarantined == 0
        records = drain(spool)
    assert [int(data.split()[0]) for data in records[:-1]] == list(range(stored))
    assert records[-1] == b"room again"


def test_two_processes_cannot_open_one_spool(tmp_path):
    path = tmp_path / "events"
    process = child(OPEN_AND_HOLD, path)
    assert process.stdout.readline() == "open\n"
    with pytest.raises(SpoolBusy):
        Spool(path)
    process.kill()
    process.wait()
    Spool(path).close()  # the lock died with its owner
