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
        return _is_number(got) and low <= got <= high
    if slot in _NUMERIC:
        return _is_number(got) and int(got) == want
    return _plain(got) == _plain(want)


def missed(case: Mapping[str, Any], slots: Mapping[str, Any]) -> list[str]:
    """Slots that should have come out and did not, or with another value."""
    return [slot for slot, want in case["expect"].items() if not slot_equals(slot, slots.get(slot), want)]


def forbidden(case: Mapping[str, Any], slots: Mapping[str, Any]) -> list[str]:
    """Entries of `not` ("slot" or "slot=value") that were filled all the same."""
    return [entry for entry in case["not"] if holds(entry, slots)]


def optional_wrong(case: Mapping[str, Any], slots: Mapping[str, Any]) -> list[str]:
    """Slots nobody had to fill, filled with something else."""
    wanted = case.get("optional", {}).items()
    return [slot for slot, want in wanted if slot in slots and not slot_equals(slot, slots[slot], want)]


def extract_faults(case: Mapping[str, Any], slots: Mapping[str, Any]) -> list[str]:
    """What is missing, wrong or forbidden in the slots read from one utterance; empty if all is right."""
    fills = [f"not {entry}" for entry in forbidden(case, slots)]
    return missed(case, slots) + fills + optional_wrong(case, slots)


def holds(entry: str, slots: Mapping[str, Any]) -> bool:
    """Whether the slots have "slot", or that value in "slot=value"."""
    slot, _, value = entry.partition("=")
    return not is_empty(slots.get(slot)) and (not value or _plain(slots[slot]) == _plain(value))


def intent_passes(case: Mapping[str, Any], intent: str) -> bool:
    """In `accept`, or for a trap (intent null) merely not in `reject`."""
    return intent not in case["reject"] and (case["intent"] is None or intent in case["accept"])


def is_empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _plain(value: Any) -> str:
    return " ".join(fold(str(value)).split())
