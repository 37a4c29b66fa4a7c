"""Slots from one message, by rules."""

from collections.abc import Mapping
from typing import Any

from agent.brain.choices import find_product
from agent.brain.circumstances import find_occupation, find_paid_off, find_purpose, find_urgency
from agent.brain.documents import find_documents
from agent.brain.names import find_name
from agent.brain.places import find_place
from agent.brain.roles import read_figures
from agent.brain.text import Normalised


def extract(
    norm: Normalised, *, asked: str | None, intent: str, known: Mapping[str, Any]
) -> tuple[dict[str, Any], frozenset[str]]:
    """Slots the text fills, and which of them it corrects."""
    reading = read_figures(norm.text, asked, known)
    slots: dict[str, Any] = dict(reading.slots)
    place = find_place(norm, asked)
    product = find_product(norm.text, asked)
    slots |= {
        "name": find_name(norm, asked),
        "city": place.city,
        "uf": place.uf,
        "product": product,
        "occupation": find_occupation(norm.text, asked),
        "purpose": find_purpose(norm.text, asked),
        "collateral_paid_off": find_paid_off(norm.text, asked, intent),
        "urgency": find_urgency(norm.text, asked),
        **find_documents(norm.original),
    }
    return {slot: value for slot, value in slots.items() if value is not None}, reading.corrected
