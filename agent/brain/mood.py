"""How a client sounds, from -1 (angry) to 1 (delighted): words, what turns or strengthens them, emojis, laughter."""

import re
from functools import lru_cache
from math import sqrt

from agent.brain.lexicons.sentiment import (
    AFTERWARDS,
    EMOJIS,
    FELT,
    INTENSIFIERS,
    NEGATIONS,
    PHRASES,
    PREFIXES,
    SMILEYS,
    THANKS,
    TURNS,
    WEIGHTS,
    WISHES,
)
from agent.brain.text import normalise

MAX_READ = 2_000  # characters; what a long message says first and most is enough
CLEAR = 0.15  # of 1: what is nearer to 0 is neutral

_SOFTNESS = 6.0  # how much must be said for a full score
_REACH = 4  # words after "não" that it turns
_TURNED = -0.7  # "não gostei" is milder than "odiei" …
_CALMED = -0.4  # … and "sem enrolação" milder than praise
_BEFORE_BUT = 0.4
_WISHED = 0.15  # "quero uma taxa boa" praises nothing
_ASKED_GOOD, _ASKED_BAD, _PRESSED_BAD = 0.15, 0.3, 0.8
_SHOUTED = 1.2

_PHRASES = [
    (weight, f"(?:{'|'.join(line.strip() for line in listed.strip().splitlines())})")
    for weight, listed in PHRASES.items()
]
_PHRASE = re.compile(
    rf"(?<![a-z])(?:{'|'.join(rf'(?P<p{i}>{pattern})(?![a-z])' for i, (_w, pattern) in enumerate(_PHRASES))})"
)
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_ASKING = re.compile(
    r"\W*(?:e |mas |oi |ola |bom dia |boa tarde )?(?:qual|quais|quanto|quanta|quando|como|onde|sera)\b(?! assim)"
)
_TOKEN = re.compile(r"[a-z]+|=-?\d+|[,;:]")
LAUGHTER = re.compile(r"(?<![a-z])(?:k{3,}|(?:ha){2,}h?|(?:he){2,}h?|(?:hua|hau|aha){2,}\w*|rsrs\w*)(?![a-z])")
_FACE = re.compile(f"[{''.join(EMOJIS)}]")
_SMILEY = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, SMILEYS))})(?!\w)")


def sentiment(text: str) -> float:
    """-1 to 1; 0 where nothing tells."""
    text = text[:MAX_READ]
    if not any(not c.isdigit() and not c.isspace() for c in text):
        return 0.0
    norm = normalise(text)
    words = norm.text
    laughs = len(LAUGHTER.findall(words))
    total = sum(_sentence(match.group()) for match in _SENTENCE.finditer(_with_phrases(words)))
    total = total * _SHOUTED if _shouts(norm.original) else total
    total += _faces(text)
    if laughs and total > -1.2:  # laughing at what is bad makes it no better
        total += min(laughs, 2) * 0.6
    return round(max(-1.0, min(total / sqrt(total * total + _SOFTNESS), 1.0)), 3) if total else 0.0


def _with_phrases(words: str) -> str:
    """Phrases as "=weight", those that mean nothing taken out, stretched words ("muitooo") let go."""
    return _PHRASE.sub(_marked, _STRETCHED.sub(r"\1", LAUGHTER.sub(" ", words)))


def _marked(match: re.Match[str]) -> str:
    weight = _PHRASES[int((match.lastgroup or "p0")[1:])][0]
    return f" ={round(weight * 10)} " if weight else " "  # in tenths: a point would end the sentence


def _sentence(text: str) -> float:
    good, bad = _clauses(text)
    strength = 1 + 0.12 * min(text.count("!"), 4)
    if "?" not in text and not _ASKING.match(text):
        return (good + bad) * strength
    pressed = text.count("?") > 1 or "!" in text
    return good * _ASKED_GOOD + bad * (_PRESSED_BAD if pressed else _ASKED_BAD)


def _clauses(text: str) -> tuple[float, float]:
    """What is good and what is bad in a sentence, word by word."""
    values: list[float] = []
    negated, strength, wishes = 0, 1.0, False
    for token in _TOKEN.findall(text):
        if token in NEGATIONS:
            negated = _REACH + 1
        elif token in INTENSIFIERS:
            strength *= INTENSIFIERS[token]
        elif token in TURNS:
            values, negated, strength = [value * _BEFORE_BUT for value in values], 0, 1.0
        elif token in ",;:":
            negated, strength = 0, 1.0
        elif token in AFTERWARDS:
            values = [*values[:-1], values[-1] * 1.3] if values else values
        elif weight := _weight(token):
            mild = _WISHED if wishes and weight > 0 and token not in FELT else 1.0
            values.append(_turned(weight, negated > 0 and token not in THANKS) * strength * mild)
            strength = 1.0
        wishes = wishes or token in WISHES
        negated = max(negated - 1, 0)
    return sum(value for value in values if value > 0), sum(value for value in values if value < 0)


def _turned(weight: float, negated: bool) -> float:
    return weight * (_TURNED if weight > 0 else _CALMED) if negated else weight


@lru_cache(maxsize=8192)
def _weight(token: str) -> float:
    if token.startswith("="):
        return float(token[1:]) / 10
    if token in WEIGHTS:
        return WEIGHTS[token]
    return next((PREFIXES[token[:n]] for n in range(len(token), 2, -1) if token[:n] in PREFIXES), 0.0)


def _shouts(original: str) -> bool:
    letters = [c for c in original if c.isalpha()]
    return len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters)


def _faces(text: str) -> float:
    found = [EMOJIS[face] for face in _FACE.findall(text)] + [SMILEYS[face] for face in _SMILEY.findall(text)]
    return max(-4.0, min(sum(found), 4.0))
