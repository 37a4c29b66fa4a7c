"""What a message the rules do not know is most like, learned from the sentences of data/phrases.tsv.

Naive Bayes over words, pairs of words and pieces of words, so that a slip of the pen or a new turn of phrase still
finds its like. It only speaks when it is sure, and never of leaving the list: that is for the rules alone.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from agent.brain.abuse import names_insult
from agent.brain.person import speaks_of_another
from agent.brain.text import normalise
from agent.brain.trimmings import core_of

_PHRASES = Path(__file__).parent / "data" / "phrases.tsv"
_TOKEN = re.compile(r"[a-z]+|[?%]")
_SMOOTHING = 0.05
# How much likelier than the next an intent must be; a wrong one of the upper row costs more.
_SURE = {
    "ask_human": 4.5, "abuse": 4.5, "not_interested": 4.0, "postpone": 3.5, "objection_expensive": 3.5,
    "ask_docs": 3.5, "thanks": 3.5, "bye": 3.5, "greet": 3.0, "affirm": 3.0, "deny": 3.0,
    "ask_rate": 3.0, "ask_simulation": 2.5, "smalltalk": 2.5,
}  # fmt: skip
_ANSWERS = frozenset({"affirm", "deny"})
_NO_QUESTION = frozenset({"affirm", "deny", "postpone", "not_interested", "thanks", "bye"})
_TURNS_AWAY = re.compile(
    r"\b(?:nao|num|ja|sem|fora|outr[oa]|desist\w+|resolv\w+|arrum\w+|consegui\w*|arranj\w+|larg\w+|cancel\w+|encerr\w+|"
    r"dispens\w+|perdi|abandon\w+|vendi|virei|ajeit\w+|emprestou|liberou)\b"
)
_CALLS = re.compile(
    r"\b(?:fala\w*|lig(?:a|ar|ue|uem|acao)|atend\w+|cham\w+|pass[ae]\w*|transf\w+|convers\w+|human\w+|pessoa\w*|gente|"
    r"alguem|consultor\w*|gerente|moc[ao]|rapaz|menin[ao]|voz|telefon\w+|don[oa]|chefe|robo|maquina|superior)\b"
)


def _features(core: str) -> frozenset[str]:
    words = _TOKEN.findall(core)
    found = set(words)
    found.update(f"{first} {second}" for first, second in zip(["^", *words], [*words, "$"], strict=True))
    for word in words:
        padded = f"_{word}_"
        found.update(padded[at : at + size] for size in (3, 4) for at in range(len(padded) - size + 1))
    return frozenset(found)


class Likeness:
    """Learns from pairs of intent and sentence; `best` tells the likeliest intent and by how much it leads."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        seen = [(intent, _features(core_of(normalise(text).text))) for intent, text in pairs]
        spread = Counter(feature for _, features in seen for feature in features)
        self._weight = {feature: math.log((len(seen) + 1) / count) for feature, count in spread.items()}
        mass: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        total: dict[str, float] = defaultdict(float)
        for intent, features in seen:
            length = self._length(features)
            for feature in features:
                share = self._weight[feature] / length
                mass[feature][intent] += share
                total[intent] += share
        self._unseen = {
            intent: math.log(_SMOOTHING / (held + _SMOOTHING * len(spread))) for intent, held in total.items()
        }
        self._gain = {
            feature: [(intent, math.log1p(held / _SMOOTHING)) for intent, held in held_by.items()]
            for feature, held_by in mass.items()
        }

    def best(self, core: str) -> tuple[str, float]:
        known = [feature for feature in _features(core) if feature in self._weight]
        if not known:
            return "other", 0.0
        length = self._length(known)
        shares = [self._weight[feature] / length for feature in known]
        whole = sum(shares)
        scores = {intent: whole * unseen for intent, unseen in self._unseen.items()}
        for feature, share in zip(known, shares, strict=True):
            for intent, gain in self._gain[feature]:
                scores[intent] += share * gain
        first, second = sorted(scores, key=scores.__getitem__)[:-3:-1]
        return first, scores[first] - scores[second]

    def _length(self, features: Iterable[str]) -> float:
        return math.sqrt(sum(self._weight[feature] ** 2 for feature in features)) or 1.0

    def intent(self, core: str, *, pending: bool) -> str | None:
        """The intent the text is surely like, or None; a yes or a no only to a pending question."""
        if not core or any(sign.isdigit() for sign in core):  # figures are for the readers of figures
            return None
        intent, lead = self.best(core)
        if lead < _SURE.get(intent, math.inf) or (intent in _ANSWERS and not pending):
            return None
        return intent if _possible(intent, core) else None


def _possible(intent: str, core: str) -> bool:
    if intent in _NO_QUESTION and "?" in core:
        return False
    if intent == "not_interested":
        return bool(_TURNS_AWAY.search(core))
    if intent == "ask_human":
        return bool(_CALLS.search(core)) and not speaks_of_another(core)
    return intent != "abuse" or not names_insult(core)  # the rules weighed the insult already


@cache
def learned() -> Likeness:
    lines = _PHRASES.read_text(encoding="utf-8").splitlines()
    return Likeness((intent, text) for intent, _, text in (line.partition("\t") for line in lines))
