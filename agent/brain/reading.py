"""Reading a burst: several messages understood as one turn, each value with the message it came from."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.brain.choices import PRODUCTS
from agent.brain.intents import INTENTS
from agent.brain.roles import MONEY_SLOTS
from agent.brain.text import normalise
from agent.brain.understanding import Understanding, understand

_FIGURES = frozenset({*MONEY_SLOTS, "term_months"})
# A slip of the pen, told in messages of their own: "quero 60 mil", "opa", "50 mil" or "*50".
_SLIP = re.compile(
    r"\W*(?:(?:op[as]+|epa|eita|vix\w*|ish|puts|errei|errado|nao|desculp\w+|perdao|digo|quer dizer|alias|na verdade|"
    r"melhor|corrigindo|me enganei|digitei errado|foi mal)\W*)+"
)
_STARRED = re.compile(r"\*+ ?(?=(?:r\$ ?)?\d)(?!.*\*)|(?=(?:r\$ ?)?\d[^*]*\*$)")
_UNIT = re.compile(r"(?:mil|k|reais|mi|milhao|milhoes|conto|meses|anos|x|vezes)\W*")  # "ganho 5", "mil"
_AMOUNT = re.compile(r"(?:e|sao|eram?|seriam?|uns)? ?(?:r\$ ?)?\d")
_WANT = ("quero", "prefiro", "mudei", "mudar", "trocar", "queria", "melhor", "na verdade", "pode ser", "gostaria")


@dataclass(frozen=True)
class BurstReading:
    slots: Mapping[str, Any]
    intent: str
    corrected: frozenset[str]
    sources: Mapping[str, int]  # slot -> index in the burst


def read_burst(
    texts: Sequence[str], *, asked: str | None, last_bot: str | None, known: Mapping[str, Any]
) -> BurstReading:
    """Figures are read across the whole burst ("meu carro vale" / "65 mil"), the rest message by message."""
    texts = _slips_marked(texts)
    whole = understand("\n".join(texts), asked=asked, last_bot=last_bot, known=known)
    each = [understand(text, asked=asked, last_bot=last_bot, known=known) for text in texts]
    slots = dict(whole.slots)
    for part in each:
        for slot, value in part.slots.items():
            if slot not in _FIGURES:
                slots.setdefault(slot, value)
    sources = {slot: _source(slot, value, texts, each, asked) for slot, value in slots.items()}
    intents = {part.intent for part in each} | ({whole.intent} if len(texts) == 1 else set())
    intent = next((name for name in INTENTS if name in intents), "other")
    return BurstReading(slots, intent, whole.corrected, sources)


def _slips_marked(texts: Sequence[str]) -> list[str]:
    """The messages with what replaces an earlier figure introduced by "na verdade"."""
    marked: list[str] = []
    slipped = figured = False
    for text in texts:
        folded = normalise(text).text.strip()
        if marked and _UNIT.fullmatch(folded) and marked[-1].rstrip()[-1:].isdigit():
            marked[-1] += f" {text}"
            marked.append("")  # so that places in the burst stay
            continue
        head = _SLIP.match(folded)
        rest = folded[head.end() :] if head else folded
        starred = _STARRED.match(folded)
        replaces = figured and (head is not None or slipped) and _AMOUNT.match(rest)
        if starred or replaces:
            text = f"na verdade {folded[starred.end() :] if starred else rest}".strip(" *")
        slipped = head is not None and not rest
        figured = figured or any(char.isdigit() for char in folded)
        marked.append(text)
    return marked


def _source(slot: str, value: Any, texts: Sequence[str], each: Sequence[Understanding], asked: str | None) -> int:
    for index, part in enumerate(each):
        if part.slots.get(slot) == value:
            return index
    for index in range(len(texts)):
        if understand("\n".join(texts[: index + 1]), asked=asked, last_bot=None, known={}).slots.get(slot) == value:
            return index
    return len(texts) - 1


def merge(known: Mapping[str, Any], reading: BurstReading, asked: str | None, text: str) -> dict[str, Any]:
    """Known slots with what the burst adds or changes; nothing is ever erased."""
    slots = dict(known)
    for slot, value in reading.slots.items():
        if slot in slots and slot != asked and not _may_replace(slot, value, reading, text):
            continue
        slots[slot] = value
    if "city" in reading.slots and slots.get("city") != known.get("city") and "uf" not in reading.slots:
        slots.pop("uf", None)
    return slots


def _may_replace(slot: str, value: Any, reading: BurstReading, text: str) -> bool:
    """Figures carry their own cue; a name, a place or a product changes only where the client says so."""
    if (
        slot in _FIGURES
        or slot in reading.corrected
        or slot in {"email", "phone", "cpf", "collateral_paid_off", "urgency"}
    ):
        return True
    folded = normalise(text).text
    if slot == "product":
        return value in PRODUCTS and any(word in folded for word in _WANT)
    return any(
        word in folded
        for word in (
            *("na verdade", "corrig", "errei", "meu nome e", "me chamo", "mudei", "agora moro", "nome certo"),
            *("nome correto", "o certo e", "o correto e", "quer dizer", "quis dizer", "alias"),
        )
    )


def shifted(reading: BurstReading, positions: Sequence[int]) -> BurstReading:
    """The reading with its sources as positions in the whole burst (files and stickers counted)."""
    return replace(reading, sources={slot: positions[index] for slot, index in reading.sources.items()})
