"""Values a client takes back, and the bare number put in their place ("em vez de 10 anos, 15"; "48x, melhor 60")."""

import re
from dataclasses import replace

from agent.brain import cues
from agent.brain.number_words import TERM_UNITS
from agent.brain.quantities import Quantity

_MOST_MONTHS = 600
# Of two values the one with the weaker label loses: the taxman's against the market's, the asking price against the
# FIPE table, gross against net.
_WEAKER = {
    "property_value": re.compile(r"\b(?:venal|iptu|escritura|registro|declarad\w+|paguei|comprei|custou)\b"),
    "vehicle_value": re.compile(r"\b(?:ped(?:em|e|indo)|vend\w+|anunci\w+|paguei|comprei)\b"),
    "monthly_income": re.compile(r"\bbrut[oa]s?\b"),
}
_STRONGER = {
    "vehicle_value": re.compile(r"\b(?:fipe|tabela)\b"),
    "monthly_income": re.compile(r"\b(?:liquid[oa]s?|limp[oa]s?)\b"),
}
_SAID = r"(?:fal(?:ei|ado)|diss(?:e|emos)|dito|ped(?:i|ido)|coloc(?:uei|ado)|mand(?:ei|ado)|pus|inform(?:ei|ado))"
_CHANGE = (
    r"(?:(?:mud|troc|pass|baix|diminu|reduz|aument|abaix|alter|ajust)[a-z]{0,5}|sub(?:ir|iu|i|a)|cai(?:u|r)?|"
    r"desc(?:er|eu|e)|sa(?:ir|iu|i))"
)
_BEFORE = re.compile(
    r"\b(?:(?:no|em) lugar d[eoa]s?|em vez d[eoa]s?|(?:ao )?inves d[eoa]s?|do que(?: em| os| as)?|"
    r"(?:des?considera|esquec|ignor|cancel|apag|tir)[a-z]{0,4}(?: (?:o|a|os|as|aquel\w+|ess\w+))?|"
    rf"{_CHANGE}(?: (?:o valor|o prazo|isso|ai))? d[eoa]s?|"
    rf"(?:tinha|havia|estava) (?:{_SAID}|pensado em|pedindo|pensando em)|(?:antes|primeiro) {_SAID}|"
    r"nao (?:e|sao|era|eram|quero|precis[ao](?: d[eo]s?)?)(?: mais)?|ja (?:tive|ganhei|recebi|foi|cheguei a \w+)|"
    r"e nao(?: de| em)?) "
    rf"(?:{cues.APPROX} )*(?:r\$ ?)?$"
)
_AFTER = re.compile(
    r"^ ?,? ?(?:reais )?(?:(?:nao|nao da|nao quero|nem pensar)(?= ?(?:[,.;!]|$))|"
    r"(?:e|esta|ficou|fica|acho) (?:muit[oa]|demais|pouc[oa]|puxad[oa]|pesad[oa]|car[oa]|long[oa]|curt[oa]|alt[oa]|"
    r"baix[oa])\b|"
    rf"que (?:eu )?(?:tinha |havia )?{_SAID}\b)"
)
_TRIGGER = (
    r"quer dizer|quis dizer|na verdade|digo|alias|melhor|mas|opa|ops|vixe|errei|perdao|desculpa|pensando bem|prefiro|"
    r"coloca|bota|poe|deixa|faz|fech\w+|corrig\w+|mudei|mudar|passa|nao|muito|demais|puxado|pesado|pouco|ou|agora"
)
_TAKEN_UP = re.compile(
    rf"[^a-z\d]*(?:(?:{_TRIGGER}|acho|que|e|seria|fica|vai ser|sao|em|para|uns|de|por|quero|pode ser|so|ate|a gente|"
    r"eu|entao|talvez|la|vou|isso|me|enganei)[^a-z\d]+)*"
)
_SOME_TRIGGER = re.compile(rf"\b(?:{_TRIGGER})\b|\*")


def is_taken_back(text: str, quantity: Quantity) -> bool:
    """True for a value the client refuses, replaces or told before: it never displaces another."""
    before, after = text[max(0, quantity.start - 80) : quantity.start], text[quantity.end : quantity.end + 40]
    return bool(_BEFORE.search(before) or _AFTER.match(after))


def is_weaker(text: str, segment: str, quantity: Quantity, slot: str) -> bool:
    """True if an earlier value of the message stands for that slot; `segment`: the words before the quantity."""
    after = text[quantity.end : quantity.end + 12]
    weaker, stronger = _WEAKER.get(slot), _STRONGER.get(slot)
    if weaker is None or (stronger and (stronger.search(after) or not stronger.search(text[: quantity.start]))):
        return False
    said = max((m.end() for m in weaker.finditer(segment)), default=-1)
    better = max((m.end() for m in stronger.finditer(segment)), default=-1) if stronger else -1
    return said > better or bool(slot == "monthly_income" and weaker.search(after))


def carry_units(text: str, quantities: list[Quantity]) -> list[Quantity]:
    """A bare number that replaces a term is a term in the same unit."""
    carried: list[Quantity] = []
    for index, quantity in enumerate(quantities):
        term = _replaced(text, quantity, carried[-1:], quantities[index + 1 : index + 2])
        if term is not None:
            months = quantity.value * TERM_UNITS[term.unit]
            quantity = replace(quantity, kind="term", value=months, unit=term.unit)
        carried.append(quantity)
    return carried


def _replaced(text: str, bare: Quantity, before: list[Quantity], after: list[Quantity]) -> Quantity | None:
    if bare.kind != "bare" or bare.scale > 1 or bare.value < 2:
        return None
    for term in (*before, *after):
        if term.kind != "term" or not term.unit or bare.value * TERM_UNITS[term.unit] > _MOST_MONTHS:
            continue
        between = text[term.end : bare.start]
        if term.start > bare.start:
            if is_taken_back(text, term):
                return term
        elif not cues.AFTER_SHORT.match(text[bare.end :]):
            continue
        elif _TAKEN_UP.fullmatch(between) and (_SOME_TRIGGER.search(between) or is_taken_back(text, term)):
            return term
    return None
