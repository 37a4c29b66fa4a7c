"""What a dialogue carries from turn to turn, what comes in and what goes out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage

Outcome = Literal["continue", "simulated", "handoff", "opt_out", "silent"]


@dataclass(frozen=True)
class DialogueState:
    """All a conversation needs to go on; JSON-ready through `as_dict` and `from_dict`."""

    stage: Stage = Stage.INTRO
    slots: Mapping[str, Any] = field(default_factory=dict)
    asked: str | None = None
    times_asked: Mapping[str, int] = field(default_factory=dict)
    pending: str | None = None  # yes/no question awaiting an answer: "transfer", "offer", "offer_person"
    last_reply: str = ""
    simulated_for: str = ""  # fingerprint of the inputs of the last simulation
    adjusted: Mapping[str, int] = field(default_factory=dict)  # figures of an offer, in place of the wished ones
    shares: Mapping[str, str] = field(default_factory=dict)  # of the price, in percent: {"down_payment": "20"}
    last_filled: str | None = None  # money slot the client filled last; a bare correction is about it
    warnings: int = 0  # calm answers to abuse
    cold: bool = False  # the client said no; no follow-ups

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "stage": self.stage.value}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "DialogueState":
        return cls(**{**data, "stage": Stage(data.get("stage", Stage.INTRO))})


@dataclass(frozen=True)
class Incoming:
    """One message of the client. Kinds: text, image, document, video, audio, location, contact, sticker, reaction."""

    text: str
    kind: str = "text"
    id: int | None = None


@dataclass(frozen=True)
class Decision:
    """What Lívia does next. `slot_sources` maps a slot to the position in `incoming` that filled it.

    `path` names the steps in order: gate, rules, calculator, model, repaired, template, default.
    """

    state: DialogueState
    replies: tuple[str, ...]
    intent: str
    outcome: Outcome
    simulation: SimulationResult | None = None
    reason: str = ""
    slot_sources: Mapping[str, int] = field(default_factory=dict)
    path: tuple[str, ...] = ("rules", "template")
    refused: SimulationResult | None = None  # too dear for the income; its figures may be quoted
    ordinary: bool = False  # a question or an answer like any other: a model may say it in its own words
    model_used: bool = False  # the words are the model's
    default: bool = False  # nothing else could be said
    guard_hits: tuple[Mapping[str, str], ...] = ()  # {code, text} of every refused text
    rejected: tuple[Mapping[str, Any], ...] = ()  # {slot, value, why} of the model's values not taken
    figures: tuple[Mapping[str, str], ...] = ()  # {text, kind, value, source} of every figure in the replies
