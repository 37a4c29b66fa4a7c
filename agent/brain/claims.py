"""What the words around a figure claim it to be: money although a term was asked, or a wish that is refused."""

import re

from agent.brain import cues, term_cues
from agent.brain.quantities import Quantity

_REACH = 80  # characters before a number its cue stands in
_MOST_PARCELS = 120
_LONGEST = 420  # months
_OF = dict(cues.LEFT)
_VALUED = re.compile(r"\b(?:avaliad|estimad|cotad)[oa]s? em (?:uns )?(?:r\$ ?)?$")
_CHANGED = re.compile(
    r"\b(?:mud|aument|baix|sob|diminu|reduz|pass|troc|sub)\w* (?:o |a )?(?:valor|credito|emprestimo|financiamento)"
    r"(?: d[oe] \w+)? para (?:uns )?(?:r\$ ?)?$"
)
_CREDIT = re.compile(r"\b(?:emprestimo|credito|financiamento|carta|valor)\b")
_PARCEL = re.compile(r"\b(?:parcela|prestacao|mensalidade)\b")
_STILL_OPEN = ("falt", "pag", "fac")  # "pago 24", "faço 44": of months or years as well as of money
_LINK = re.compile(
    rf"(?:[ :=]+(?:{cues.APPROX}|esta|ta|fica|sai|da|seria|era|bruto|liquido|atual|mensal|minha|meu|d[oa]|ess[ea]|"
    rf"{cues.PROPERTY}|{cues.VEHICLE}))*[ :=]*(?:r\$ ?)?"
)
_AFTER = {"collateral", "credit", "down", "income_word", "installment", "other", "savings"}
_REFUSED = re.compile(
    r"\bnao (?:quero|queria|preciso|pretendo|vou querer|e|sao|era|eram)"
    r"(?: (?:de|um|uma|o|a|os|emprestimo|credito|financiamento|consorcio|valor|fazer|pegar|pedir))* (?:r\$ ?)?$"
)


def claimed_as_money(text: str, quantities: list[Quantity]) -> frozenset[Quantity]:
    """The bare numbers no answer to "em quantos meses?": "o apto vale 600", "ganho 5", "parcela de 600"."""
    begins = [0, *(quantity.end for quantity in quantities)]
    return frozenset(
        q for q, begin in zip(quantities, begins, strict=False) if q.kind == "bare" and _is(text, q, begin)
    )


def is_refused(text: str, amount: Quantity) -> bool:
    """ "não quero empréstimo de 100 mil": an amount that is named and not wished for."""
    return bool(_REFUSED.search(text[max(0, amount.start - _REACH) : amount.start]))


def _is(text: str, bare: Quantity, begin: int) -> bool:
    after = text[bare.end : bare.end + 60]
    if any(role in _AFTER and pattern.match(after) for role, pattern in (*cues.RIGHT, *cues.NOUN_AFTER)):
        return True
    segment = cues.SENTENCE_END.split(text[max(begin, bare.start - _REACH) : bare.start])[-1]
    if any(cue.search(segment) for cue in (_VALUED, _CHANGED, _OF["noun"])) or _led(_OF["collateral"], segment):
        return True
    if term_cues.TERM_GIVEN.search(segment) or term_cues.TERM_LABEL.search(segment):
        return False
    if any(_led(_OF[role], segment) for role in ("income", "down", "savings", "other")):
        return True
    if _led(_PARCEL, segment):
        return bare.value > _MOST_PARCELS
    months = bare.value % 12 == 0 and bare.value <= _LONGEST
    return not months and bool(
        _led(_CREDIT, segment)
        or cues.NOUN_BESIDE.search(segment)
        or (bare.value > _MOST_PARCELS and _led(_OF["installment"], segment))
    )


def _led(cue: re.Pattern[str], segment: str) -> bool:
    """True if the last such cue leads straight to the number."""
    last = next(iter(reversed(list(cue.finditer(segment)))), None)
    return last is not None and not last.group().startswith(_STILL_OPEN) and bool(_LINK.fullmatch(segment, last.end()))
