"""What one message says: slots, intent and which known values it corrects."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agent.brain.extract import extract
from agent.brain.intents import classify_intent
from agent.brain.likeness import learned
from agent.brain.text import normalise
from agent.brain.trimmings import core_of

_OWNING = re.compile(r"\b(?:quitad|financiad|alienad|pag[oa]\b|(?:seu|teu) nome)", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:qual|quais|quant[oa]s?|como|onde|quando|(?:o|por|em|de) que)\b[^?]*\?\s*$", re.IGNORECASE)
_UNSURE = ("other", "deny")
_MAX_LIKE = 160  # characters of a message that can still be like a sentence of ours
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
    owning = asked == "collateral_paid_off" or (yes_no and bool(_OWNING.search(last_bot or "")))
    intent = classify_intent(norm.text, yes_no=yes_no, owning=owning)
    slots, corrected = extract(norm, asked=asked, intent=intent, known=known)
    if intent in _UNSURE and not slots:
        intent = _by_likeness(norm.text, intent, yes_no, open_question=bool(_OPEN.search(last_bot or "")))
    changed = {slot for slot in corrected if slot in slots and known.get(slot, slots[slot]) != slots[slot]}
    return Understanding(slots, intent, corrected | frozenset(changed))


def _by_likeness(text: str, intent: str, yes_no: bool, *, open_question: bool) -> str:
    """What the rules do not know, by what it is like; "não quero mexer com isso" to no question is no mere no."""
    core = core_of(text)
    if len(core) > _MAX_LIKE or (yes_no and intent == "deny"):
        return intent
    like = learned().intent(core, pending=yes_no and not open_question)
    return like if like and (intent == "other" or like == "not_interested") else intent
