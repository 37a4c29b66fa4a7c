"""Whether a prediction answers an evaluation case. The formats are those of agent/evaluation/*.jsonl."""

from collections.abc import Mapping
from typing import Any

from agent.brain.roles import MONEY_SLOTS
from agent.brain.text import fold

_NUMERIC = frozenset({*MONEY_SLOTS, "term_months"})


def slot_equals(slot: str, got: Any, want: Any) -> bool:
    """Text without case and accents; numbers exactly, within {"between": [a, b]} or one of {"any_of": [...]}."""
    if isinstance(want, Mapping):
        if "any_of" in want:
            return any(slot_equals(slot, got, each) for each in want["any_of"])
        low, high = want["between"]
        return isinstance(got, int | float) and not isinstance(got, bool) and low <= got <= high
    if slot in _NUMERIC:
        return isinstance(got, int | float) and not isinstance(got, bool) and int(got) == want
    return _plain(got) == _plain(want)


def extract_faults(case: Mapping[str, Any], slots: Mapping[str, Any]) -> list[str]:
    """What is missing, wrong or forbidden in the slots read from one utterance; empty if all is right."""
    faults = [slot for slot, want in case["expect"].items() if not slot_equals(slot, slots.get(slot), want)]
    for entry in case["not"]:
        slot, _, value = entry.partition("=")
        if slot in slots and (not value or _plain(slots[slot]) == _plain(value)):
            faults.append(f"not {entry}")
    for slot, want in case.get("optional", {}).items():
        if slot in slots and not slot_equals(slot, slots[slot], want):
            faults.append(slot)
    return faults


def intent_passes(case: Mapping[str, Any], intent: str) -> bool:
    """In `accept`, or for a trap (intent null) merely not in `reject`."""
    return intent not in case["reject"] and (case["intent"] is None or intent in case["accept"])


def _plain(value: Any) -> str:
    return " ".join(fold(str(value)).split())
