"""One turn of the dialogue, step by step: read, decide, ask."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from agent.brain import replies
from agent.brain.business import BusinessInfo
from agent.brain.offers import attempt, fingerprint, request_of, rounded
from agent.brain.products import ProductTerms
from agent.brain.reading import BurstReading, merge
from agent.brain.requirements import ONCE, SOFT, effective, next_slot
from agent.brain.roles import MONEY_SLOTS
from agent.brain.simulation import SimulationResult
from agent.brain.stages import Stage, check_transition
from agent.brain.state import Decision, DialogueState, Outcome

_QUESTIONS = frozenset({"ask_rate", "ask_docs", "objection_expensive"})
_ADJUSTABLE = frozenset(
    {"credit_amount", "term_months", "property_value", "vehicle_value", "monthly_income", "product"}
)


class Turn:
    """Collects the parts of a reply while the state moves on."""

    def __init__(
        self, state: DialogueState, products: Mapping[str, ProductTerms], business: BusinessInfo, today: date
    ) -> None:
        self.state = state
        self.products = products
        self.business = business
        self.today = today
        self.intent = "other"
        self.text = ""
        self.fresh: list[str] = []
        self.sources: Mapping[str, int] = {}
        self.parts: list[str] = []
        self.simulation: SimulationResult | None = None
        self.refused: SimulationResult | None = None
        self.shown = ""

    # reading

    def read(self, reading: BurstReading, text: str) -> None:
        """Merge what the burst says into the state."""
        known = self.state.slots
        slots = merge(known, reading, self.state.asked, text)
        self.fresh = [slot for slot in slots if known.get(slot) != slots[slot]]
        self.sources = {slot: reading.sources[slot] for slot in self.fresh if slot in reading.sources}
        self.intent, self.text = reading.intent, text
        filled = [slot for slot in self.fresh if slot in MONEY_SLOTS]
        last = filled[-1] if filled else self.state.last_filled
        adjusted = {} if _ADJUSTABLE & set(self.fresh) else self.state.adjusted
        self.state = replace(self.state, slots=slots, adjusted=adjusted, last_filled=last)

    # deciding

    def answer(self, acknowledged: str) -> Decision:
        if hard := self._hard():
            return hard
        if self.state.stage == Stage.INTRO:
            self.parts.append(replies.greeting(self.business, self.state.slots if "name" not in self.fresh else {}))
            self._move(Stage.QUALIFICATION)
        if acknowledged:
            self.parts.append(acknowledged)
        if self.state.pending and not (_ADJUSTABLE & set(self.fresh)) and (done := self._pending()):
            return done
        if soft := self._soft():
            return soft
        return self._advance()

    def _hard(self) -> Decision | None:
        """Decisions no stage can overrule."""
        if self.intent == "opt_out":
            return self._end(Stage.OPTED_OUT, replies.OPT_OUT, "opt_out", "opt_out")
        if self.intent == "ask_human":
            return self._end(Stage.HANDED_OVER, replies.HUMAN, "handoff", "asked_person")
        if self.intent == "abuse":
            if self.state.warnings:
                return self._end(Stage.HANDED_OVER, replies.CALM_HANDOFF, "handoff", "abuse")
            self.state = replace(self.state, warnings=1)
            if self.state.stage == Stage.INTRO:
                self._move(Stage.QUALIFICATION)
            return self._say(replies.CALM)
        return None

    def _pending(self) -> Decision | None:
        """The client's answer to the yes/no question, if it is one."""
        handler: dict[str, Callable[[], Decision | None]] = {
            "transfer": self._on_transfer,
            "offer": self._on_offer,
            "offer_person": self._on_offer_person,
        }
        return handler[self.state.pending]() if self.state.pending in handler else None

    def _on_transfer(self) -> Decision | None:
        if self.intent == "affirm":
            return self._end(Stage.TRANSFERRED, replies.transferred(self.state.slots), "handoff", "qualified")
        if self.intent == "deny":
            self.state = replace(self.state, pending=None)
            return self._say(replies.ASK_CHANGE)
        return self._longer_term() if self.intent == "objection_expensive" else None

    def _longer_term(self) -> Decision | None:
        """Too dear: the same credit over half as long again, if the product allows."""
        terms = self.products.get(str(self.state.slots.get("product")))
        values = {**effective(self.state.slots), **self.state.adjusted}
        if terms is None or values["term_months"] >= terms.max_term:
            return None
        term = min(terms.max_term, (values["term_months"] * 3 // 2 + 11) // 12 * 12)
        adjusted = {"credit_amount": values["credit_amount"], "term_months": term}
        self._move(Stage.SIMULATION)
        self._offer(adjusted)
        self.parts.append(replies.EXPENSIVE)
        return self._say(replies.offer(values["credit_amount"], term))

    def _on_offer(self) -> Decision | None:
        if self.intent == "affirm":
            self.state = replace(self.state, pending=None)
            return self._simulate(accepted=True)
        if self.intent == "deny":
            declined = fingerprint(self.state.slots, {})
            self.state = replace(self.state, pending="offer_person", adjusted={}, simulated_for=declined)
            return self._say(replies.OFFER_AGAIN)
        return None

    def _on_offer_person(self) -> Decision | None:
        if self.intent == "affirm":
            reason = "asked_person" if self._ready() else "too_many_misses"
            return self._end(Stage.HANDED_OVER, replies.MISSES_HANDOFF, "handoff", reason)
        if self.intent == "deny":
            self.state = replace(self.state, pending=None)
            if self._ready():
                return self._say(replies.ASK_CHANGE)
            return self._ask(again=True)
        return None

    def _soft(self) -> Decision | None:
        """Endings and pauses the client asks for."""
        if self.intent == "not_interested":
            self.state = replace(self.state, pending=None, asked=None, cold=True)
            return self._say(replies.CLOSE)
        if self.intent in {"bye", "postpone"} and not self.fresh and (self.intent == "bye" or self._may_wait()):
            return self._say(replies.BYE if self.intent == "bye" else replies.POSTPONE)
        self.state = replace(
            self.state, cold=self.state.cold and self.intent in {"thanks", "bye", "greet", "smalltalk"}
        )
        if self.state.cold and self.intent in {"thanks", "greet", "smalltalk"}:
            return self._say(replies.THANKS)
        return None

    def _may_wait(self) -> bool:
        """ "depois" to one question leaves that question; to the simulation or the offer it is a pause."""
        return self.state.asked is None

    def _advance(self) -> Decision:
        self._side_answer()
        if self._ready():
            changed = fingerprint(self.state.slots, self.state.adjusted) != self.state.simulated_for
            if changed or self.intent == "ask_simulation":
                return self._simulate()
            return self._after_simulation()
        if self.state.stage in {Stage.SIMULATION, Stage.CONVERSION}:
            self._move(Stage.QUALIFICATION)
        return self._ask()

    def _side_answer(self) -> None:
        """Answers to what the client asked beside the point."""
        terms = self.products.get(str(self.state.slots.get("product")))
        if self.intent == "ask_rate":
            self.parts.append(replies.rate_answer(terms, self.products))
        elif self.intent == "ask_docs":
            self.parts.append(replies.docs_answer(self.state.slots.get("product")))
        elif self.intent == "objection_expensive":
            self.parts.append(replies.EXPENSIVE)
        elif self.intent == "thanks" and not self.fresh:
            self.parts.append(replies.THANKS)
        elif self.intent == "smalltalk" and not self.fresh:
            self.parts.append(replies.SMALLTALK if "quem" not in self.text else replies.WHO)
        elif "?" in self.text and self.intent in {"other", "greet"} and not self.fresh:
            self.parts.append(self.business.answer(self.text) or replies.UNKNOWN)
        elif self.fresh and not self.parts:
            self.parts.append(replies.acknowledge(self.state.slots, self.fresh))

    def _ready(self) -> bool:
        return next_slot(self.state.slots, self.state.times_asked) is None

    # asking

    def _missed(self) -> bool:
        """True if the last question was neither answered nor sidestepped by a question of the client."""
        asked = self.state.asked
        side = self.intent in _QUESTIONS | {"smalltalk", "thanks", "ask_simulation", "greet"} or "?" in self.text
        return bool(self.text) and asked is not None and asked not in self.state.slots and not side and not self.fresh

    def _ask(self, *, again: bool = False) -> Decision:
        if self._missed() and self.state.asked in SOFT | ONCE | {None}:
            self._count(self.state.asked, at_least=2 if self.intent in {"deny", "postpone"} else 0)
        slot = next_slot(self.state.slots, self.state.times_asked)
        if slot is None:
            return self._simulate()
        times = self.state.times_asked.get(slot, 0)
        missed = self.state.asked == slot and self._missed()
        if missed and times >= 2 and not again:
            self.state = replace(self.state, pending="offer_person")
            return self._say(replies.OFFER_PERSON)
        if slot != self.state.asked or missed:
            self._count(slot)
        question = replies.question(slot, self.state.slots, again=again or slot == self.state.asked)
        self.state = replace(self.state, asked=slot, pending=None)
        return self._say(question)

    def _count(self, slot: str | None, at_least: int = 0) -> None:
        if slot is not None:
            times = self.state.times_asked.get(slot, 0)
            self.state = replace(self.state, times_asked={**self.state.times_asked, slot: max(times + 1, at_least)})

    # simulating

    def _simulate(self, *, accepted: bool = False) -> Decision:
        terms = self.products.get(str(self.state.slots["product"]))
        self._move(Stage.SIMULATION)
        self.state = replace(self.state, asked=None)
        if terms is None:
            return self._offer_person(replies.UNKNOWN)
        request = request_of(self.state.slots, self.state.adjusted, self.today)
        tried = attempt(terms, request)
        done_for = fingerprint(self.state.slots, self.state.adjusted)
        if tried.result is None:
            self.refused = tried.refused
            self.state = replace(self.state, simulated_for=done_for)
            if tried.best is None or accepted:
                return self._offer_person(tried.refusal or replies.NO_OFFER)
            best = rounded(terms, tried.best, request.credit_amount)
            adjusted = {"credit_amount": best.credit_amount, "term_months": best.term_months}
            self._offer(adjusted)
            return self._say(tried.refusal + " " + replies.offer(best.credit_amount, best.term_months))
        self._move(Stage.CONVERSION)
        self.simulation, self.shown = tried.result, replies.simulation_message(terms, tried.result)
        self.state = replace(self.state, simulated_for=done_for, pending="transfer")
        return self._say(replies.ASK_TRANSFER, outcome="simulated")

    def _offer(self, adjusted: Mapping[str, int]) -> None:
        """Adjusted figures stand until the client says yes or no; nothing is simulated meanwhile."""
        offered_for = fingerprint(self.state.slots, adjusted)
        self.state = replace(self.state, pending="offer", adjusted=adjusted, simulated_for=offered_for)

    def _offer_person(self, why: str) -> Decision:
        self.state = replace(self.state, pending="offer_person")
        return self._say(f"{why} {replies.OFFER_PERSON}")

    def _after_simulation(self) -> Decision:
        """Nothing changed: the open question again, in other words if needed."""
        adjusted = self.state.adjusted
        again = {
            "transfer": replies.ASK_TRANSFER,
            "offer": replies.offer(adjusted["credit_amount"], adjusted["term_months"])
            if adjusted
            else replies.OFFER_AGAIN,
        }
        pending = self.state.pending or ("transfer" if self.state.stage == Stage.CONVERSION else "offer_person")
        self.state = replace(self.state, pending=pending, asked=None)
        return self._say(again.get(pending, replies.OFFER_PERSON))

    # ending

    def _move(self, stage: Stage) -> None:
        if stage == Stage.SIMULATION and self.state.stage == Stage.INTRO:
            self._move(Stage.QUALIFICATION)
        check_transition(self.state.stage, stage)
        self.state = replace(self.state, stage=stage)

    def _end(self, stage: Stage, words: str, outcome: Outcome, reason: str) -> Decision:
        if stage == Stage.TRANSFERRED and self.state.stage != Stage.CONVERSION:
            self._move(Stage.CONVERSION)
        self._move(stage)
        self.parts = []
        self.state = replace(self.state, asked=None, pending=None)
        return self._say(words, outcome=outcome, reason=reason)

    def _say(self, words: str, *, outcome: Outcome = "continue", reason: str = "") -> Decision:
        if words == self.state.last_reply:
            words = replies.VARIANTS.get(words, words)
        said = (_joined([*self.parts, self.shown]), words) if self.shown else (_joined([*self.parts, words]),)
        if len(said[0]) > replies.MAX_CHARS:
            said = (self.shown, words) if self.shown else (_joined(self.parts)[: replies.MAX_CHARS], words)
        state = replace(self.state, last_reply=said[-1])
        return Decision(state, said, self.intent, outcome, self.simulation, reason, self.sources, refused=self.refused)


def _joined(parts: list[str]) -> str:
    """Short sentences run on; lists and simulations stand in their own paragraph."""
    text = ""
    for part in filter(None, parts):
        gap = "\n\n" if "\n" in text + part or len(text + part) > 220 else " "
        text += (gap if text else "") + part
    return text
