"""How somebody writes: emojis, length, how formally."""

import re

from agent.brain.lexicons.style import AMBIGUOUS, FAINT, FORMAL, FORMAL_PHRASES, INFORMAL, INFORMAL_PHRASES
from agent.brain.mood import LAUGHTER, MAX_READ
from agent.brain.text import fold

SHORT, LONG = 50, 200  # characters on average

_BASE = "[\U0001f300-\U0001f3fa\U0001f400-\U0001faff\u2600-\u27bf\u2b50\u2b55\u231a\u231b\u23e9-\u23f3\u2934\u2935]"
_TONE = "[\U0001f3fb-\U0001f3ff\ufe0e\ufe0f]"
_EMOJI = re.compile(
    rf"[\U0001f1e6-\U0001f1ff]{{2}}|[#*0-9]\ufe0f?\u20e3|{_BASE}{_TONE}*(?:\u200d{_BASE}{_TONE}*)*"
    r"|(?<!\w)(?:[:;=]-?[)(DP]|<3)(?!\w)"
)
_WORD = re.compile(r"[a-z]+")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_FORMAL = frozenset(map(fold, FORMAL))
_INFORMAL = frozenset(map(fold, INFORMAL))
_FAINT = frozenset(map(fold, FAINT))
_FORMAL_PHRASES = re.compile(rf"\b(?:{FORMAL_PHRASES})")
_INFORMAL_PHRASES = re.compile(INFORMAL_PHRASES)


def emoji_count(text: str) -> int:
    """Emojis as a reader counts them: a family, a flag or a toned hand is one; :) is one too."""
    return len(_EMOJI.findall(text[:MAX_READ]))


def length_class(average: float) -> str:
    """ "short" below 50 characters a message on average, "long" above 200, else "medium"."""
    return "short" if average < SHORT else "long" if average > LONG else "medium"


def formality(text: str) -> float:
    """-1 ("blz, vc manda kkk") to 1 ("prezados, gostaria de solicitar"); 0 where nothing tells."""
    folded = fold(text[:MAX_READ])
    found = _WORD.findall(folded)
    formal = sum(0.25 if word in AMBIGUOUS else 1.0 for word in found if word in _FORMAL)
    formal += 1.5 * len(_FORMAL_PHRASES.findall(folded))
    informal = sum(0.3 if word in _FAINT else 1.0 for word in found if word in _INFORMAL)
    informal += 1.0 * len(_INFORMAL_PHRASES.findall(folded)) + 1.0 * len(LAUGHTER.findall(folded))
    informal += 0.5 * len(_STRETCHED.findall(LAUGHTER.sub(" ", folded))) + 0.4 * emoji_count(text)
    told = formal + informal
    return round((formal - informal) / (told + 1), 3) if told else 0.0
