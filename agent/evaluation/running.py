"""Every suite by its name: predictions and figures."""

import sys
import traceback
from collections.abc import Callable, Sequence
from typing import Any

from agent.evaluation.cases import Case
from agent.evaluation.judging import judge_classify, judge_extract, judge_intent
from agent.evaluation.judging_talk import judge_dialogues, judge_faults
from agent.evaluation.report import Report
from agent.evaluation.words import PREDICTORS

JUDGES: dict[str, Callable[..., Report]] = {
    "extract": judge_extract,
    "intent": judge_intent,
    "classify": judge_classify,
    "dialogues": judge_dialogues,
    "faults": judge_faults,
}
WORKERS = {"dialogues": 2, "faults": 4}  # a fault is mostly waiting
# What is written of a case that broke.
_BROKEN: dict[str, dict[str, Any]] = {
    "dialogues": {"outcome": "error", "stage": "", "slots": {}, "transcript": []},
    "faults": {"action": "error", "stage": "", "slots": {}, "replies": [], "elapsed_s": 0.0},
}


def predict(suite: str, cases: Sequence[Case], *, workers: int | None = None) -> list[dict[str, Any]]:
    """What Lívia makes of each case. Raises CaseError where the suite cannot be played here."""
    if suite in PREDICTORS:
        return [PREDICTORS[suite](case) for case in cases]
    from agent.evaluation.scratch import play_all  # only the suites that play turns need a database

    play = play_dialogue if suite == "dialogues" else play_fault
    return play_all(play, cases, workers=workers or WORKERS[suite], progress=_show)


def prediction_of(suite: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row in the suite's own format, also of a case that broke."""
    return {"id": row["id"], **_BROKEN[suite]} if "error" in row else row


def play_dialogue(case: Case) -> dict[str, Any]:
    from agent.evaluation import dialogues

    return _guarded(dialogues.play_dialogue, case)


def play_fault(case: Case) -> dict[str, Any]:
    from agent.evaluation import faults

    return _guarded(faults.play_fault, case)


def _guarded(play: Callable[[Case], dict[str, Any]], case: Case) -> dict[str, Any]:
    """One case that breaks does not end the run: it counts as wrong, and says why."""
    try:
        return play(case)
    except Exception as error:
        where = traceback.extract_tb(error.__traceback__)[-1]
        return {"id": case["id"], "error": f"{type(error).__name__}: {error} ({where.filename}:{where.lineno})"}


def _show(done: int, all_: int) -> None:
    if sys.stderr.isatty() or done == all_ or done % 10 == 0:
        sys.stderr.write(f"\r{done}/{all_}" if sys.stderr.isatty() else f"{done}/{all_}\n")
        sys.stderr.flush()
    if done == all_ and sys.stderr.isatty():
        sys.stderr.write("\n")
