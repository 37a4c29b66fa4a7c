"""How well Lívia understands, classifies, talks and survives, measured on written cases (`manage.py livia`).

The sets beside this file are the project's own; docs/evaluation.md tells their formats.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
SUITES = ("extract", "intent", "classify", "dialogues", "faults")


def own_set(suite: str) -> Path:
    """The project's own cases of a suite."""
    return FOLDER / f"{suite}.jsonl"
