"""Number words as people misspell them ("quaretna mil", "sinquenta", "doismil"), repaired where a number may stand.

The closed list of number words is small enough to be matched by sound first and by single slips after. A word is
only repaired beside another number, a scale or a unit, or as the whole text: elsewhere it is just another word.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA

from agent.brain.number_words import HALVES, HUNDREDS, MONEY_WORDS, SCALES, SMALL, TENS, TERM_UNITS

_NUMBERS = {**SMALL, **TENS, **HUNDREDS}
_UNITS = frozenset({*SCALES, *MONEY_WORDS, *TERM_UNITS})
_FULL = frozenset(
    {"milhao", "milhoes", "bilhao", "bilhoes", "anos", "vezes", "meses", "parcelas", "prestacoes", "reais", "mil"}
)
_KNOWN = frozenset({*_NUMBERS, *_UNITS, *HALVES})
# Real words that sound or look like a number word.
_REAL = frozenset(
    "vende vendi vence venda vinda conto centro certo quanto quando tenta senta quinta sexta treino setembro trata "
    "trinca sento novo nova outra outras outros muitas muitos varias poucas poucos cada centena centenas "
    "quarto quartos ontem onde resto rente frente gente tente mente dentro seus meus deus".split()
)
# Real words read as numbers right before "mil" and nowhere else ("ceis" comes here spelled out).
_BEFORE_MIL = {
    "sem": "cem",
    "quarto": "quatro",
    "dose": "doze",
    "des": "dez",
    "seix": "seis",
    "deis": "dez",
    "voces": "seis",
}
_LEAD = frozenset({"uns", "umas", "em", "so", "por", "sao", "seria", "ate"})
_HUNDREDS_OF = {"tres": "trezentos", "dois": "duzentos"} | {
    word: f"{word}centos" for word in ("quatro", "seis", "sete", "oito", "nove")
}
_SHORT = 4
_WORDS = "|".join(sorted((w for w in {*_NUMBERS, *HALVES} if len(w) > 2), key=len, reverse=True))
_GLUED = re.compile(rf"({_WORDS})(?:(e)?({_WORDS}))?(mil|reais|vezes|meses|anos|x)?(reais)?")
_SOUNDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"h", ""),
        (r"qu", "k"),
        (r"c(?=[eiy])|ss|z|x", "s"),
        (r"[cq]", "k"),
        (r"m(?=[^aeiou]|$)", "n"),
        (r"ei|y|i", "e"),
        (r"u", "o"),
        (r"l(?=[^aeo]|$)", "o"),
        (r"(.)\1+", r"\1"),
    )
)


class Token(NamedTuple):
    text: str
    start: int
    end: int


def _sound(word: str) -> str:
    for pattern, to in _SOUNDS:
        word = pattern.sub(to, word)
    return word


_BY_SOUND = {_sound(word): word for word in sorted({*_NUMBERS, *_FULL}, key=len) if len(word) >= _SHORT}

_PROPER = {
    _sound(word): word for word in [*{value: word for word, value in reversed(_NUMBERS.items())}.values(), *_FULL]
}


def respelled(tokens: list[Token]) -> list[Token]:
    """The tokens with glued number words split and misspelt ones replaced; every token keeps its own span."""
    apart = _joined([piece for token in tokens for piece in _split(token)])
    for i in (*reversed(range(len(apart))), *range(len(apart))):  # each repair may show the next its context
        token = apart[i]
        if token.text == "i" and _is_number(_at(apart, i - 1)) and _is_number(_at(apart, i + 1)):
            apart[i] = token._replace(text="e")
        if len(token.text) >= 3 and token.text not in _KNOWN and token.text.isalpha():
            meant = _meant(apart, i)
            if meant is not None:
                apart[i] = token._replace(text=meant)
    return apart


def _split(token: Token) -> list[Token]:
    if len(token.text) < 6 or token.text in _KNOWN or not (glued := _GLUED.fullmatch(token.text)):
        return [token]
    if glued[3] and glued[1] in SMALL:  # "dezoto" is eighteen
        return [token]
    spans = [glued.span(group) for group in range(1, 6) if glued[group]]
    return [Token(token.text[a:b], token.start + a, token.start + b) for a, b in spans]


def _joined(tokens: list[Token]) -> list[Token]:
    """ "sete centos" as one word."""
    joined: list[Token] = []
    for token in tokens:
        if token.text in {"centos", "sentos"} and joined and (hundreds := _HUNDREDS_OF.get(joined[-1].text)):
            joined[-1] = Token(hundreds, joined[-1].start, token.end)
        else:
            joined.append(token)
    return joined


def _meant(tokens: list[Token], i: int) -> str | None:
    word, before, after = tokens[i].text, _at(tokens, i - 1), _at(tokens, i + 1)
    if after in {"mil", "k"} and word in _BEFORE_MIL:
        return _BEFORE_MIL[word]
    if word.endswith("e") and word[:-1] in _NUMBERS and _is_number(after):  # "centoe vinte"
        return word[:-1]
    if len(word) < _SHORT or word in _REAL:
        return None
    if not (_beside(tokens, i) or (after == "" and (before == "" or before in _LEAD))):
        return None
    alone = before == after == ""
    meant = _nearest(word, shortest=99 if alone else 5 if after in SCALES or after in _FULL else 6)
    return None if meant in _FULL and not _is_number(before) else meant


def _beside(tokens: list[Token], i: int) -> bool:
    """True between numbers and units: "… e mil", "duzentos e …", "… vezes"."""
    before, after = _at(tokens, i - 1), _at(tokens, i + 1)
    if before == "e":
        before = _at(tokens, i - 2)
    if after == "e":
        after = _at(tokens, i + 2)
        return _is_number(before) or after in TENS or after in HUNDREDS or (after in SMALL and SMALL[after] > 1)
    return _is_number(before) or after in _UNITS or _sound(after) in _UNIT_SOUNDS


_UNIT_SOUNDS = frozenset(_sound(word) for word in _FULL)


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or (word in _NUMBERS and word not in {"um", "uma"}) or word in SCALES


def _at(tokens: list[Token], i: int) -> str:
    return tokens[i].text if 0 <= i < len(tokens) else ""


@lru_cache(maxsize=4096)
def _nearest(word: str, shortest: int) -> str | None:
    """The number word that sounds alike, else the only one within a slip (two in the longest words).

    `shortest`: number words with fewer letters forgive nothing.
    """
    sound = _sound(word)
    if sound in _BY_SOUND:
        return _BY_SOUND[sound]
    near = {}
    for known, meant in _PROPER.items():
        if len(known) < shortest:
            continue
        slips = OSA.distance(sound, known, score_cutoff=2), OSA.distance(word, meant, score_cutoff=2)
        if min(slips) <= 1 + (len(known) >= 9):
            near[_value(meant)] = (min(slips), sum(slips), meant)
    best = sorted(near.values())
    return best[0][2] if best and (len(best) == 1 or best[0][:2] < best[1][:2]) else None


def _value(word: str) -> str:
    return str(_NUMBERS.get(word) or SCALES.get(word) or word)
