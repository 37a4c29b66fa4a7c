"""Case files in, prediction files out: one JSON object a line."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Case = Mapping[str, Any]

# What a case of each suite cannot do without.
_NEEDED: dict[str, dict[str, type | tuple[type, ...]]] = {
    "extract": {"text": str, "asked": (str, type(None)), "expect": dict, "not": list},
    "intent": {"text": str, "last_bot": (str, type(None)), "intent": (str, type(None)), "accept": list, "reject": list},
    "classify": {"lead": dict, "expect": str},
    "dialogues": {"turns": list, "expect": dict, "outcome": str},
    "faults": {"state": dict, "response": dict, "expect": dict},
}
_ALLOWED_TO_MISS = {"classify": {"expect"}, "dialogues": {"expect", "outcome"}, "faults": {"expect"}} | {
    "extract": {"asked", "expect", "not"},
    "intent": {"last_bot", "intent", "accept", "reject"},
}


class CaseError(ValueError):
    """A file that cannot be read as cases; the message names file and line."""


def read_cases(suite: str, path: Path, *, judged: bool = True) -> list[Case]:
    """The cases of a file. Without `judged`, what they expect may be missing: it is only predicted."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise CaseError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise CaseError(f"{path}: not UTF-8 text") from error
    cases = [_case(suite, line, f"{path}:{number}", judged) for number, line in enumerate(lines, 1) if line.strip()]
    if not cases:
        raise CaseError(f"{path}: no cases in it")
    seen: set[str] = set()
    for case in cases:
        if case["id"] in seen:
            raise CaseError(f"{path}: the id {case['id']} stands there twice")
        seen.add(case["id"])
    return cases


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CaseError(f"{path}: cannot be written ({error.strerror})") from error


def _case(suite: str, line: str, where: str, judged: bool) -> Case:
    try:
        case = json.loads(line)
    except ValueError as error:
        raise CaseError(f"{where}: not JSON ({error})") from error
    if not isinstance(case, dict) or not isinstance(case.get("id"), str | int):
        raise CaseError(f"{where}: a case is an object with an id")
    case["id"] = str(case["id"])
    for key, kind in _NEEDED[suite].items():
        if not judged and key not in case and key in _ALLOWED_TO_MISS[suite]:
            continue
        if key not in case:
            raise CaseError(f"{where}: {key} is missing; is it a case of {suite}?")
        if not isinstance(case[key], kind):
            raise CaseError(f"{where}: {key} is of the wrong kind")
    return case
