"""What of a model's values is taken: nothing the client did not say, no figure, nothing against the rules."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.brain.cues import PROPERTY, RELATIVE, VEHICLE
from agent.brain.names import AGENT_NAMES
from agent.brain.places import find_place
from agent.brain.reading import BurstReading
from agent.brain.roles import MONEY_SLOTS
from agent.brain.text import fold, normalise

_FIGURES = frozenset({*MONEY_SLOTS, "term_months"})
_PERSONAL = frozenset({"cpf", "email", "phone"})
_ANSWERED = frozenset({"occupation", "purpose", "urgency", "collateral_paid_off"})
_PLACEHOLDER = re.compile(r"\[[A-Z]+(?:_\d+)?\]")
_NAME = re.compile(r"[^\W\d_]+(?:[ '][^\W\d_]+){0,5}")
# What a client must have said, all of it, for a product to be meant.
_PLEDGE = r"\b(?:garant\w+|usar|usando|dar|dou|coloc\w+|deix\w+|empenh\w+|hipotec\w+|refinanci\w+|em cima)\b"
_PRODUCT_WORDS: dict[str, tuple[re.Pattern[str], ...]] = {
    product: tuple(re.compile(pattern) for pattern in patterns)
    for product, patterns in {
        "home_equity": (rf"\b{PROPERTY}\b|\bsobrad\w+\b|\bimobiliari", _PLEDGE),
        "real_estate_financing": (rf"\b{PROPERTY}\b|\bcasa propria\b|\bimobiliari", r"\bfinanci|\bcompra|\badquir"),
        "auto_equity": (rf"\b{VEHICLE}\b|\bveicular", _PLEDGE),
        "consorcio": (r"\bcon[sc]or[sc]i|\bcarta de credito\b|\bcontemplad",),
        "personal_loan": (r"\b(?:emprestimo|credito) pessoal\b|\bsem (?:dar |nenhuma )?garantia\b",),
        "payroll_loan": (r"\bconsig\w+|\bfolha\b|\bmargem\b|\bdescont\w+ (?:no|do|na|em)\b",),
    }.items()
}


@dataclass(frozen=True)
class Reconciled:
    accepted: Mapping[str, Any] = field(default_factory=dict)
    rejected: tuple[Mapping[str, Any], ...] = ()  # {slot, value, why}


def reconcile(
    reading: BurstReading,
    proposed: Mapping[str, Any],
    texts: Sequence[str],
    known: Mapping[str, Any],
    asked: str | None,
    products: Collection[str],
) -> Reconciled:
    """Which proposed values join what the rules read. A value equal to what is known needs no mention; None says
    nothing and erases nothing."""
    said = "\n".join(texts)
    accepted: dict[str, Any] = {}
    rejected: list[Mapping[str, Any]] = []
    for slot, given in proposed.items():
        value = _PLACEHOLDER.sub("", given).strip() if isinstance(given, str) and slot not in _PERSONAL else given
        if value in (None, "") or _same(value, reading.slots.get(slot, known.get(slot))):
            continue
        why = _objection(slot, value, reading, known) or _ungrounded(slot, value, said, asked, reading, products)
        if why:
            rejected.append({"slot": slot, "value": value if slot not in _PERSONAL else "…", "why": why})
        else:
            accepted[slot] = value
    if "city" in accepted and "uf" not in {**known, **reading.slots}:
        place = find_place(normalise(str(accepted["city"])), "city")
        accepted = {**accepted, "city": place.city, **({"uf": place.uf} if place.uf else {})}
    return Reconciled(accepted, tuple(rejected))


def _objection(slot: str, value: Any, reading: BurstReading, known: Mapping[str, Any]) -> str:
    if slot in _FIGURES:
        return "figures_belong_to_rules"
    if slot in _PERSONAL:
        return "personal_data"
    if slot in reading.slots:
        return "rules_win"
    return "known" if slot in known else ""


def _ungrounded(
    slot: str, value: Any, said: str, asked: str | None, reading: BurstReading, products: Collection[str]
) -> str:
    text = normalise(said).text
    checks: dict[str, Callable[[], bool]] = {
        "name": lambda: _is_name_said(str(value), text),
        "city": lambda: _is_city_said(str(value), text),
        "uf": lambda: bool(re.search(rf"\b{re.escape(fold(str(value)))}\b", text)),
        "product": lambda: value in products and all(pattern.search(text) for pattern in _PRODUCT_WORDS[value]),
    }
    if slot in checks:
        return "" if checks[slot]() else "not_in_clients_words"
    answers = slot == asked and slot in _ANSWERED and reading.intent == "other" and "?" not in said
    return "" if answers and re.search(r"[a-z]{2}", text) else "not_in_clients_words"


def _is_name_said(name: str, text: str) -> bool:
    """The client's own words, and not the name of the agent or of a relative."""
    words = fold(name).split()
    if not _NAME.fullmatch(name) or not words or set(words) & AGENT_NAMES:
        return False
    match = re.search(rf"\b{re.escape(' '.join(words))}\b", text)
    return bool(match) and not re.search(rf"\b{RELATIVE}\b[^.!?\n]*$", text[: match.start()][-30:])  # type: ignore[union-attr]


def _is_city_said(city: str, text: str) -> bool:
    place = find_place(normalise(city), "city")
    return bool(place.city) and fold(city) in text


def _same(value: Any, other: Any) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        a, b = fold(value), fold(other)
        return a == b or b.startswith(f"{a} ")  # the surname was kept from the model
    return bool(type(value) is type(other) and value == other)
