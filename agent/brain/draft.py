"""A turn in the making: the state as it moves on and the parts of the reply as they come together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from agent.brain import replies
from agent.brain.business import BusinessInfo
from agent.brain.handover import handed_over
from agent.brain.policies import DEFAULT_POLICIES, StagePolicy, asks_of, implausible, policy_of
from agent.brain.products import ProductTerms
from agent.brain.reading import BurstReading, merge
from agent.brain.requirements import derived, missing
from agent.brain.roles import MONEY_SLOTS
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage, check_transition
from agent.brain.state import Decision, DialogueState, Outcome

ADJUSTABLE = frozenset({"credit_amount", "term_months", "property_value", "vehicle_value", "monthly_income", "product"})


@dataclass(frozen=True)
class Setting:
    """What holds for a turn whoever the client is. `next_open` is said when nobody is there: "amanhã às 9h"."""

    products: Mapping[str, ProductTerms]
    business: BusinessInfo
    today: date
    policies: Mapping[Stage, StagePolicy] = field(default_factory=lambda: DEFAULT_POLICIES)
    open_now: bool = True
    next_open: str = ""


class Draft:
    """Collects the parts of a reply while the state moves on."""

    def __init__(self, state: DialogueState, setting: Setting, asides: Sequence[str] = ()) -> None:
        self.before = state
        self.state = state
        self.setting = setting
        self.asks = asks_of(setting.policies)
        self.intent = "other"
        self.text = ""
        self.fresh: list[str] = []
        self.sources: Mapping[str, int] = {}
        self.implausible: frozenset[str] = frozenset()
        self.greeting = ""
        self.asides = list(asides)  # said whatever else is: a file came, another language
        self.parts: list[str] = []
        self.question = ""
        self.simulation: SimulationResult | None = None
        self.refused: SimulationResult | None = None
        self.shown = ""
        self.answered = False  # a question of the client
        self.ordinary = False
        self.unasked: DialogueState | None = None  # before the question of this turn was counted
        self.unanswered: str | None = None  # the slot whose question the client left unanswered

    # reading

    def read(self, reading: BurstReading, text: str, shares: Mapping[str, str] | None = None) -> None:
        """Merge what the burst says into the state; what cannot be is not taken."""
        known = self.state.slots
        self.implausible = implausible(reading.slots, policy_of(self.state.stage, self.setting.policies))
        taken = {slot: value for slot, value in reading.slots.items() if slot not in self.implausible}
        slots = merge(known, replace(reading, slots=taken), self.state.asked, text)
        shares = {**self.state.shares, **(shares or {})}
        slots, shares = derived(known, slots, taken, shares)
        self.fresh = [slot for slot in slots if known.get(slot) != slots[slot]]
        self.sources = {slot: reading.sources[slot] for slot in self.fresh if slot in reading.sources}
        self.intent, self.text = reading.intent, text
        filled = [slot for slot in self.fresh if slot in MONEY_SLOTS]
        last = filled[-1] if filled else self.state.last_filled
        adjusted = {} if self.adjusts else self.state.adjusted
        self.state = replace(self.state, slots=slots, shares=shares, adjusted=adjusted, last_filled=last)

    @property
    def adjusts(self) -> bool:
        """Something a simulation depends on is new."""
        return bool(ADJUSTABLE & set(self.fresh))

    @property
    def terms(self) -> ProductTerms | None:
        return self.setting.products.get(str(self.state.slots.get("product")))

    def missing(self) -> tuple[str, ...]:
        return missing(self.state.slots, self.state.times_asked, self.asks)

    def ready(self) -> bool:
        return not self.missing()

    def count(self, slot: str | None, at_least: int = 0) -> None:
        """One more time asked, and not answered."""
        if slot is not None:
            times = self.state.times_asked.get(slot, 0)
            self.state = replace(self.state, times_asked={**self.state.times_asked, slot: max(times + 1, at_least)})

    # ending

    def move(self, stage: Stage) -> None:
        if stage == Stage.SIMULATION and self.state.stage == Stage.INTRO:
            self.move(Stage.QUALIFICATION)
        check_transition(self.state.stage, stage)
        self.state = replace(self.state, stage=stage)

    def hand_over(self, kind: str, reason: str) -> Decision:
        """To a person, with words that tell when one is there."""
        words = handed_over(kind, self.state.slots, self.setting.open_now, self.setting.next_open)
        stage = Stage.TRANSFERRED if kind == "qualified" else Stage.HANDED_OVER
        return self.end(stage, words, "handoff", reason)

    def end(self, stage: Stage, words: str, outcome: Outcome, reason: str) -> Decision:
        if stage == Stage.TRANSFERRED and self.state.stage != Stage.CONVERSION:
            self.move(Stage.CONVERSION)
        self.move(stage)
        self.greeting, self.asides, self.parts = "", [], []
        self.state = replace(self.state, asked=None, pending=None)
        return self.say(words, outcome=outcome, reason=reason)

    def say(self, words: str, *, outcome: Outcome = "continue", reason: str = "", ordinary: bool = False) -> Decision:
        """The decision that ends the turn: everything collected, then `words`."""
        if words == self.before.last_reply:
            words = replies.VARIANTS.get(words, words)
        self.question, self.ordinary = words, ordinary
        spoken = bubbles([self.greeting, *self.asides, *self.parts, self.shown or words])
        said = (*spoken, words) if self.shown else spoken
        if said[-1] == self.before.last_reply:
            said = (*said[:-1], replies.once_more(said[-1]))
        return self.decision(said, outcome, reason)

    def decision(self, said: tuple[str, ...], outcome: Outcome = "continue", reason: str = "") -> Decision:
        calculated = self.simulation is not None or self.refused is not None
        return Decision(
            replace(self.state, last_reply=said[-1]),
            said,
            self.intent,
            outcome,
            self.simulation,
            reason,
            self.sources,
            path=("rules", *(("calculator",) if calculated else ()), "template"),
            refused=self.refused,
            ordinary=self.ordinary,
        )


def bubbles(parts: Sequence[str]) -> tuple[str, ...]:
    """Short sentences run on, lists and simulations stand in their own paragraph, and no message is too long."""
    done: list[str] = []
    text = ""
    for part in filter(None, parts):
        gap = "\n\n" if "\n" in text + part or len(text + part) > 220 else " "
        longer = text + (gap if text else "") + part
        if len(longer) > replies.MAX_CHARS and text:
            done.append(text)
            longer = part
        text = longer
    return (*done, text)
