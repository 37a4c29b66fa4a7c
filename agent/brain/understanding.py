"""What one message says: slots, intent and which known values it corrects."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.brain.extract import extract
from agent.brain.intents import classify_intent
from agent.brain.text import normalise

MAX_READ = 4_000  # characters the rules look at; pasted documents are left to a person


@dataclass(frozen=True)
class Understanding:
    slots: dict[str, Any]
    intent: str
    corrected: frozenset[str]


def understand(text: str, *, asked: str | None, last_bot: str | None, known: Mapping[str, Any]) -> Understanding:
    """Read `text` in the light of what was just asked and what is known. Money in cents, terms in months.

    `known` may also carry "last_filled", the money slot filled last: "na verdade 200 mil" is about that one.
    """
    norm = normalise(text[:MAX_READ])
    yes_no = asked == "collateral_paid_off" or (last_bot is not None and last_bot.rstrip().endswith("?"))
    intent = classify_intent(norm.text, yes_no=yes_no)
    slots, corrected = extract(norm, asked=asked, intent=intent, known=known)
    changed = {slot for slot in corrected if slot in slots and known.get(slot, slots[slot]) != slots[slot]}
    return Understanding(slots, intent, corrected | frozenset(changed))
