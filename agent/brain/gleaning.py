"""What a burst also says in the light of what is still needed: a lone amount, a late name, a share of the price."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agent.brain.first_names import FIRST_NAMES
from agent.brain.names import find_name
from agent.brain.numbers import figures_in
from agent.brain.reading import BurstReading
from agent.brain.requirements import COLLATERAL, PURCHASE, effective, slots_of
from agent.brain.roles import MONEY_SLOTS
from agent.brain.text import normalise
from agent.brain.trimmings import bare
from agent.brain.understanding import MAX_READ, understand

_FIGURES = frozenset({*MONEY_SLOTS, "term_months"})
_MOST_WORDS = 4  # around a lone amount: "acho que uns 10 mil"
_DOWN = re.compile(r"\b(?:entrada|sinal)\b")
_FINANCED = re.compile(r"\bfinanci\w+\b")
_ALL = re.compile(
    r"\bfinanci\w+ (?:tudo|todo|o (?:valor )?(?:total|todo|inteiro)|ele todo|integral|100 ?%|cem por cento)|"
    r"\b(?:sem|nao (?:tenho|vou dar|dou)) (?:nada de |nenhuma )?entrada\b"
)
# "me explica o consórcio" from who wants something else is curiosity
_ASKS_ABOUT = re.compile(r"\b(?:o que (?:e|seria)|(?:me )?explica\w*|diferenca|como (?:e que )?funciona\w*)\b")
_PLEDGED = re.compile(r"\bgarantia (?:d[eoa] |com )?(?:o |a |meu |minha )?[a-z]+[,:;] ?(?:uns |de |r\$ ?)*\d")
_OWN = re.compile(r"\b(?:meu|minha|meus|minhas|nosso|nossa|tenho|temos|possuo|propri[oa]|quitad[oa]|em meu nome)\b")
_NO_PLEDGE = re.compile(
    r"\b(?:compr\w+|financi\w+|troc\w+|adquir\w+|consorci\w+|consignad\w+|pessoal|alug\w+|sem garantia)\b"
)
_PLEDGES = {"property_value": "home_equity", "vehicle_value": "auto_equity"}
_NEAR = 25  # characters between a percent and what it is a share of


@dataclass(frozen=True)
class Gleaned:
    """The reading made richer; `shares` of the price in percent, by slot."""

    reading: BurstReading
    shares: Mapping[str, str] = field(default_factory=dict)


def glean(
    reading: BurstReading, texts: Sequence[str], *, asked: str | None, known: Mapping[str, Any], name_asked: bool
) -> Gleaned:
    if (
        "product" in reading.slots
        and "product" in known
        and _ASKS_ABOUT.search(normalise("\n".join(texts)[:MAX_READ]).text)
    ):
        reading = replace(reading, slots={slot: value for slot, value in reading.slots.items() if slot != "product"})
    reading = _wished_not_worth(reading, texts, known)
    values = {**known, **reading.slots}
    found: dict[str, tuple[Any, int]] = {}
    if asked not in _FIGURES:
        found |= _lone_amount(texts, values, frozenset(reading.slots.values()))
    if "product" not in values and "vehicle_value" in reading.slots and asked == "product":
        folded = normalise("\n".join(texts)[:MAX_READ]).text
        if "fipe" in folded and not re.search(r"\bcompr|\btroc", folded):
            found["product"] = ("auto_equity", reading.sources.get("vehicle_value", 0))
    found |= _pledge(texts, {**values, **{slot: value for slot, (value, _) in found.items()}}, reading)
    if name_asked and asked != "name" and "name" not in values:
        found |= _late_name(texts, asked, reading)
    slots = {**reading.slots, **{slot: value for slot, (value, _) in found.items()}}
    sources = {**reading.sources, **{slot: at for slot, (_, at) in found.items()}}
    shares = _shares("\n".join(texts), asked) if slots.get("product", known.get("product")) == PURCHASE else {}
    return Gleaned(replace(reading, slots=slots, sources=sources), shares)


def _pledge(texts: Sequence[str], values: Mapping[str, Any], reading: BurstReading) -> dict[str, tuple[Any, int]]:
    """Money is wanted and an own home or car told the worth of: that is the collateral."""
    worth = [slot for slot in _PLEDGES if slot in values]
    said = normalise("\n".join(texts)[:MAX_READ]).text
    if "product" in values or "credit_amount" not in values or len(worth) != 1 or _NO_PLEDGE.search(said):
        return {}
    if values.get("purpose") == "purchase" or (worth[0] in reading.slots and not _OWN.search(said)):
        return {}
    return {"product": (_PLEDGES[worth[0]], reading.sources.get(worth[0], 0))}


def _wished_not_worth(reading: BurstReading, texts: Sequence[str], known: Mapping[str, Any]) -> BurstReading:
    """ "garantia do carro, 20 mil": what is wished for, not what the car is worth."""
    slots = dict(reading.slots)
    worth = COLLATERAL.get(str(slots.get("product", known.get("product"))))
    lone = "credit_amount" not in {**known, **slots} and len(figures_in("\n".join(texts)[:MAX_READ])) == 1
    said = normalise("\n".join(texts)[:MAX_READ]).text
    if not (lone and worth in slots and worth not in known and _PLEDGED.search(said)):
        return reading
    slots["credit_amount"] = slots.pop(str(worth))
    sources = {("credit_amount" if slot == worth else slot): at for slot, at in reading.sources.items()}
    return replace(reading, slots=slots, sources=sources)


def _lone_amount(texts: Sequence[str], values: Mapping[str, Any], read: Collection[Any]) -> dict[str, tuple[Any, int]]:
    """ "10 mil" and little else, while something else was asked: the next amount that is needed."""
    given = effective(values)
    needed = slots_of(given.get("product")) if given.get("product") else ("credit_amount",)
    wanted = next((slot for slot in needed if slot in MONEY_SLOTS and slot not in given), None)
    parts = [(at, part) for at, text in enumerate(texts) for part in re.split(r"[,;] |\n", text[:MAX_READ])]
    for at, text in parts:
        figures = figures_in(text)
        amounts = [figure for figure in figures if figure.kind == "money"]
        if wanted is None or len(amounts) != 1 or amounts[0].value in read or "?" in text:
            continue
        around = text
        for figure in figures:
            around = around.replace(figure.text, " ", 1)
        if len(re.findall(r"[^\W\d_]+", around)) > _MOST_WORDS:
            continue
        slots = understand(text, asked=wanted, last_bot=None, known={}).slots
        if wanted in slots:
            return {wanted: (slots[wanted], at)}
    return {}


def _late_name(texts: Sequence[str], asked: str | None, reading: BurstReading) -> dict[str, tuple[Any, int]]:
    """A message that is a first name and nothing else answers the question before."""
    for at, text in enumerate(texts):
        core = bare(normalise(text[:MAX_READ]))
        said = re.split(r", (?=de |do |da )", core.text)[0] if "city" in reading.slots else core.text
        said = re.sub(r"^(?:(?:seu|dona|sr|sra|e|eh|sou|a|o) )+(?=[a-z])", "", said)
        words = re.findall(r"[a-z']+", said)
        plain = 0 < len(words) <= 4 and not re.search(r"[\d?,.;:\n]", said.strip(" ."))
        if not plain or words[0] not in FIRST_NAMES or (asked == "city" and reading.sources.get(asked) == at):
            continue
        if name := find_name(core, "name"):
            return {"name": (name, at)}
    return {}


def _shares(text: str, asked: str | None) -> dict[str, str]:
    """ "20% de entrada", "quero financiar 80%", "financiar tudo"."""
    norm = normalise(text[:MAX_READ])
    for figure in figures_in(norm.original):
        if figure.kind != "percent" or not 0 < figure.value <= 100:
            continue
        before, after = norm.text[max(0, figure.start - _NEAR) : figure.start], norm.text[figure.end :][:_NEAR]
        if _DOWN.search(before) or _DOWN.search(after):
            return {"down_payment": str(figure.value)}
        if _FINANCED.search(before) or (asked == "credit_amount" and "juro" not in norm.text):
            return {"credit_amount": str(figure.value)}
    return {"credit_amount": "100"} if _ALL.search(norm.text) else {}
