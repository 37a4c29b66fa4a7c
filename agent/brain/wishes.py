"""Amounts without a cue of their own that are nonetheless the credit somebody wishes for."""

import re

from agent.brain import cues
from agent.brain.quantities import Quantity

_ITEMS = 3  # separators that make a message a list
_ITEM_BEGINS = re.compile(r"(?:^|[,;:\n]) ?(?:uns |r\$ ?)?$")
_ITEM_ENDS = re.compile(r"^(?: ?reais)? *(?:[,;\n]|$)")


def is_wish(text: str, quantities: list[Quantity], amount: Quantity, segment: str) -> bool:
    """`segment`: the words before the amount in its sentence."""
    return _alone(text, amount) or _over_term(text, quantities, amount) or _wished(text, amount, segment)


def is_listed(text: str, amount: Quantity, segment: str) -> bool:
    """ "Josefa, Arapiraca, 10 mil, recebo 1.700, 36 vezes": an item of its own among others."""
    if (
        amount.kind != "money"
        or amount.value < 1000
        or text.count(",") + text.count("\n") < _ITEMS
        or cues.THING.search(segment)
    ):
        return False
    before, after = text[: amount.start], text[amount.end :]
    return bool(_ITEM_BEGINS.search(before) and _ITEM_ENDS.match(after))


def _over_term(text: str, quantities: list[Quantity], amount: Quantity) -> bool:
    """ "60 mil em 60x": what is paid back over a term is a credit."""
    after = next((q for q in quantities if q.start >= amount.end), None)
    return (
        after is not None
        and after.kind == "term"
        and (text[amount.end : after.start].strip() in {"em", "por", "em ate"})
    )


def _wished(text: str, amount: Quantity, segment: str) -> bool:
    """ "50 mil pra reformar a casa", "tem como sair 48 mil pra mim?", but not "tenho 5 mil no banco"."""
    if cues.HAD.search(segment):
        return False
    after = text[amount.end : amount.end + 60]
    if cues.PURPOSE_AFTER.match(after):
        return True
    sentence = segment + cues.SENTENCE_END.split(after, maxsplit=1)[0]
    return bool(cues.TO_US.search(sentence)) and not (cues.THING.search(segment) or cues.WORK_ON_IT.search(segment))


def _alone(text: str, amount: Quantity) -> bool:
    """The whole message, or a first clause of its own: "50 mil, renda 5 mil"."""
    rest = cues.FILLER.sub(" ", cues.CORRECTION.sub(" ", text[: amount.start] + "\n" + text[amount.end :]))
    before, _, after = rest.partition("\n")  # a correction around the amount takes the break with it
    clause_ends = re.match(r" *[,;/\n]", after) and not cues.THING.search(before)
    return not re.search(r"[a-z0-9]", before if clause_ends else rest)
