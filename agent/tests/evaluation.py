"""The project's own evaluation sets, as test parameters."""

import json
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[1] / "evaluation"


def load(name: str) -> list[dict[str, Any]]:
    lines = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in load(name)]
