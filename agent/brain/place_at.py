"""The place that stands at one position of a text: the longest known name, and the state beside it."""

import re
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from agent.brain.gazetteer import BIG, COMMON, REGIONS, SHORT, STATES, UFS, cities, is_certain, key_of, lookup
from agent.brain.text import Normalised, fold, normalise, words

ORDINARY = COMMON - BIG
_WORD = re.compile(r"[a-z']+")
_STATE_ONLY = re.compile(
    r"(?<!zona )\b(?:interior|litoral|estado|sul|norte|oeste|leste|regiao|capital|perto|todo) (?:d[eoa]s? )?$"
)
# Cities people do speak of with an article; "moro na Tijuca" is a neighbourhood.
_WITH_ARTICLE = frozenset({"rio de janeiro", "recife", "guaruja", "crato", "cabo de santo agostinho"})
_OF_MORE = re.compile(r" d(?:[oa]s?) (?!lado\b|outr|meu\b|minha\b|qual\b|norte\b|sul\b)[a-z]")
# Cities of one word that also begin the names of neighbourhoods: "Jardim Ângela".
_FIRST_WORDS = words("jardim barra porto conde prata serra lagoa cruzeiro colina planalto alto nova condado")
_SHORT = re.compile(
    rf"(?<![\w.])({'|'.join(sorted(SHORT, key=len, reverse=True))})(\.\s*|\s+)(?=[^\W\d_]{{3}})", re.IGNORECASE
)
_AMBIGUOUS_UFS = frozenset({"SE", "PA", "MA", "ES", "AL", "AM", "CE", "TO", "AC", "AP"})  # also words: only as "PA"


@dataclass(frozen=True)
class Place:
    city: str | None
    uf: str | None


def spelled_out(norm: Normalised) -> Normalised:
    """ "S. José", "Sta Maria", "Rib. Preto": a shortened first word is written out if a city then stands there."""

    def full(match: re.Match[str]) -> str:
        short = fold(match[1])
        rest = re.findall(r"[a-z']+", key_of(re.split(r"[,;\n/(]| -", norm.original[match.end() :])[0]))
        if match[2].startswith(".") or short in {"sta", "sto"}:
            for count in range(min(len(rest), 5), 0, -1):
                if lookup(f"{SHORT[short]} {' '.join(rest[:count])}"):
                    return f"{SHORT[short]} "
        return match[0]

    written = _SHORT.sub(full, norm.original)
    return norm if written == norm.original else normalise(written)


def place_at(norm: Normalised, position: int, *, avoid: frozenset[str] = frozenset()) -> Place | None:
    """The longest city name that begins at `position` with the state that follows it, or a state alone."""
    words: list[re.Match[str]] = []
    for match in _WORD.finditer(norm.text, position, position + 60):
        gap = norm.text[words[-1].end() if words else position : match.start()]
        if gap.strip(" -") or (words and not gap):
            break
        words.append(match)
        if len(words) == 6:
            break
    for count in range(len(words), 0, -1):
        key = key_of(" ".join(w.group() for w in words[:count]))
        if count > 2 and key in STATES and key not in BIG:  # "Mato Grosso do Sul", not the town Mato Grosso
            return Place(None, STATES[key])
        if key not in avoid and lookup(key):
            return _place(norm, key, words[count - 1].end(), words[0].start())
        if key in REGIONS:
            return Place(None, REGIONS[key])
    return _state_at(norm, words, position) if words else None


def _place(norm: Normalised, key: str, end: int, start: int) -> Place | None:
    said = uf_after(norm, end)
    name, ufs = lookup(key, said) or ("", ())
    before = norm.text[:start]
    article = re.search(r"\b(?:n[oa]s?|d[oa]s?) $", before)
    if key in STATES and _STATE_ONLY.search(before):
        return Place(None, STATES[key])
    if said:
        return Place(name if said in ufs else _spelling_in(key, said) or name, said)
    if key in STATES and key not in BIG:  # "moro no Paraná", not Paranã in Tocantins
        return Place(None, STATES[key])
    if _OF_MORE.match(norm.text, end) or (key in _FIRST_WORDS and re.match(r" [a-z]", norm.text[end:])):
        return None
    if article and key_of(name) not in _WITH_ARTICLE and ufs[0] != "DF":
        return None
    return Place(name, ufs[0] if is_certain(key, ufs) else None)


def _spelling_in(key: str, uf: str) -> str | None:
    """ "São Luiz do Maranhão": the city of that state that is written nearly so."""
    there = [other for other, (_, ufs) in cities().items() if uf in ufs]
    hit = process.extractOne(key, there, scorer=fuzz.ratio, score_cutoff=84)
    return cities()[hit[0]][0] if hit else None


def _state_at(norm: Normalised, words: list[re.Match[str]], position: int) -> Place | None:
    for count in (4, 3, 2, 1):
        key = " ".join(w.group() for w in words[:count])
        if key in STATES and key != "para":
            return Place(None, STATES[key])
    first = words[0]
    if norm.origin(first.start(), first.end()) in UFS:
        return Place(None, norm.origin(first.start(), first.end()))
    return _interior(norm, position)


def _interior(norm: Normalised, position: int) -> Place | None:
    match = re.compile(
        r"(?:interior|litoral|estado|sul|norte)(?: norte|"
        r" sul)?(?: d[eoa])? ([a-z ]+)"
    ).match(norm.text, position)
    if not match:
        return None
    words = match.group(1).split()
    for count in (4, 3, 2, 1):
        key = " ".join(words[:count])
        if key in STATES:
            return Place(None, STATES[key])
    return Place(None, words[0].upper()) if words and words[0].upper() in UFS else None


def uf_after(norm: Normalised, end: int) -> str | None:
    """The state named right behind a city: "/PR", "- Bahia", "no Paraná", "RS"."""
    rest = norm.text[end : end + 30]
    separated = re.match(r" ?[-/,(] ?(?:no |na |em |estado d[eoa] )?([a-z]+(?: [a-z]+){0,3})", rest)
    if separated:
        words = separated.group(1).split()
        if words[0].upper() in UFS and (words[0] not in {"para", "se", "ma", "to"} or len(words) == 1):
            return words[0].upper()
        for count in (4, 3, 2, 1):
            if " ".join(words[:count]) in STATES and " ".join(words[:count]) != "para":
                return STATES[" ".join(words[:count])]
        return None
    plain = re.match(
        r" (no |na |em |interior d[eoa] |d[eoa] )?([a-z]+(?: grosso do sul| grosso| grande do norte| grande do sul| "
        r"paulo| gerais| santo| federal| catarina| de janeiro)?)\b",
        rest,
    )
    if not plain:
        return None
    word, original = plain.group(2), norm.origin(end + plain.start(2), end + plain.end(2))
    if word in STATES and (word != "para" or plain.group(1) == "do " or original[-1] in "áÁ"):
        return STATES[word]
    upper = fold(original).upper()
    return upper if upper in UFS and (original.isupper() or upper not in _AMBIGUOUS_UFS) else None
