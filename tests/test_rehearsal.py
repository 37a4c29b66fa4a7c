"""Every fault once, in a product of its own under load: nothing is lost, nothing is done twice, all of it recovers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from crm.rehearsal.faults import FAULTS
from crm.rehearsal.waits import Wait, longest, normal, recovered_after
from stack.places import ROOT

LONGEST_SECONDS = 600


SHORT = ["worker"]


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(SHORT, id="short"),
        pytest.param([name for name in FAULTS if name not in SHORT], id="the rest", marks=pytest.mark.thorough),
    ],
)
def test_after_every_fault_nothing_is_lost_or_doubled_and_all_is_settled(faults: list[str], tmp_path: Path) -> None:
    table = tmp_path / "table.md"
    command = [
        sys.executable,
        "manage.py",
        "rehearse",
        "--short",
        "--faults",
        ",".join(faults),
        "--markdown",
        str(table),
    ]
    environment = os.environ | {"DEBUG": "1", "TMPDIR": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST_SECONDS)
    assert done.returncode == 0, done.stdout + done.stderr
    rows = [line.strip("| ").split(" | ") for line in table.read_text().splitlines() if line.startswith("| ")][2:]
    assert [row[0] for row in rows] == [FAULTS[name][0].title for name in faults]
    for _fault, sent, stored, _answered, lost, doubled, *_ in rows:
        assert int(sent) == int(stored) > 0
        assert (lost, doubled) == ("0", "0")
    assert list(tmp_path.iterdir()) == [table], "the product was not tidied away"


def test_recovery_ends_with_the_last_one_who_waited_longer_than_normal() -> None:
    before = [Wait(0, 1), Wait(2, 4)]
    after = [Wait(9, 16), Wait(11, 18), Wait(20, 22)]
    within = normal([*before, *after], until=10)
    assert within == 3
    assert recovered_after([*before, *after], 10, within) == 8
    assert longest([*before, *after], 10) == 7
    assert recovered_after(before, 10, within) == 0


def test_a_fault_that_does_not_exist_is_refused(settings: LazySettings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="no fault fire; there are web, worker"):
        call_command("rehearse", faults="web,fire")


def test_production_is_never_rehearsed_on(settings: LazySettings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="DEBUG=1"):
        call_command("rehearse")
