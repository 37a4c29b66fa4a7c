"""The stages of a conversation and the moves between them."""

from enum import StrEnum


class Stage(StrEnum):
    INTRO = "INTRO"
    QUALIFICATION = "QUALIFICATION"
    SIMULATION = "SIMULATION"
    CONVERSION = "CONVERSION"
    TRANSFERRED = "TRANSFERRED"
    OPTED_OUT = "OPTED_OUT"
    HANDED_OVER = "HANDED_OVER"


_WAYS_OUT = frozenset({Stage.OPTED_OUT, Stage.HANDED_OVER})

TRANSITIONS: dict[Stage, frozenset[Stage]] = {
    Stage.INTRO: _WAYS_OUT | {Stage.QUALIFICATION},
    Stage.QUALIFICATION: _WAYS_OUT | {Stage.SIMULATION},
    Stage.SIMULATION: _WAYS_OUT | {Stage.QUALIFICATION, Stage.CONVERSION},
    Stage.CONVERSION: _WAYS_OUT | {Stage.QUALIFICATION, Stage.SIMULATION, Stage.TRANSFERRED},
    # A consultant hands back, or a client who left asks to return.
    Stage.TRANSFERRED: frozenset({Stage.QUALIFICATION, Stage.OPTED_OUT}),
    Stage.HANDED_OVER: frozenset({Stage.QUALIFICATION, Stage.OPTED_OUT}),
    Stage.OPTED_OUT: frozenset({Stage.QUALIFICATION}),
}

SILENT = frozenset({Stage.TRANSFERRED, Stage.OPTED_OUT, Stage.HANDED_OVER})


def check_transition(a: Stage, b: Stage) -> None:
    """Raises ValueError("Invalid transition: X -> Y"). Staying is always allowed."""
    if a != b and b not in TRANSITIONS[a]:
        raise ValueError(f"Invalid transition: {a.value} -> {b.value}")
