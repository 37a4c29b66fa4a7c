"""Plays scripted clients against the dialogue: the format of evaluation/dialogues.jsonl."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agent.brain.business import BusinessInfo
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide
from agent.brain.model_reply import ModelReply
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.stages import Stage

UNKNOWN_ANSWER = "prefiro ver isso depois"
MAX_TURNS = 40


@dataclass
class Play:
    """How a scripted dialogue went."""

    state: DialogueState = field(default_factory=DialogueState)
    decisions: list[Decision] = field(default_factory=list)
    transcript: list[tuple[str, str]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """transferred, asked_human, opted_out, cold, or open."""
        if self.state.stage == Stage.TRANSFERRED:
            return "transferred"
        if self.state.stage == Stage.OPTED_OUT:
            return "opted_out"
        if self.state.stage == Stage.HANDED_OVER:
            return "asked_human"
        return "cold" if self.state.cold or not self.state.slots.get("product") else "open"


def play(
    case: Mapping[str, Any],
    *,
    products: Mapping[str, ProductTerms] = DEFAULT_PRODUCTS,
    business: BusinessInfo | None = None,
    today: date = date(2026, 11, 20),
    propose: Callable[[DialogueState, list[str]], ModelReply | None] = lambda _state, _texts: None,
) -> Play:
    """By rules, or with what `propose` says in a model's place. Turns first; then answers while a slot is asked, the
    closing words while a yes/no is pending."""
    game = Play()
    info = business or BusinessInfo(name="Horizonte Crédito")
    closing = list(case.get("closing", ()))

    def say(turn: str | list[str]) -> None:
        texts = [turn] if isinstance(turn, str) else turn
        incoming = [Incoming(text) for text in texts]
        proposal = propose(game.state, texts)
        decision = decide(game.state, incoming, products=products, business=info, today=today, proposal=proposal)
        game.decisions.append(decision)
        game.transcript += [("client", text) for text in texts] + [("livia", text) for text in decision.replies]
        game.state = decision.state

    for turn in case["turns"]:
        say(turn)
    for _ in range(MAX_TURNS):
        if game.state.pending:
            if not closing:
                break
            say(closing.pop(0))
        elif game.state.asked:
            say(case.get("answers", {}).get(game.state.asked, UNKNOWN_ANSWER))
        elif closing and game.state.stage not in {Stage.TRANSFERRED, Stage.OPTED_OUT, Stage.HANDED_OVER}:
            say(closing.pop(0))
        else:
            break
    return game
