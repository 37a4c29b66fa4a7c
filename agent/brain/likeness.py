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
# How much likelier than the next an intent must be; the higher, the dearer a mistake.
_SURE = {
    "ask_human": 3.5, "not_interested": 3.0, "ask_docs": 3.0, "abuse": 2.5, "postpone": 2.5, "thanks": 2.5, "bye": 2.5,
    "ask_simulation": 2.0, "smalltalk": 2.0, "objection_expensive": 1.5, "ask_rate": 1.0, "greet": 1.0, "deny": 1.0,
    "affirm": 0.5,
}  # fmt: skip
_ANSWERS = frozenset({"affirm", "deny"})
_NO_QUESTION = frozenset({"affirm", "deny", "postpone", "not_interested", "thanks", "bye"})
# A word without which a text hardly means it, however like a known sentence it is.
_CUES = {
    "not_interested": r"nao|num|ja|sem|fora|outr[oa]|desist\w+|resolv\w+|arrum\w+|arranj\w+|larg\w+|cancel\w+|"
    r"encerr\w+|"
    r"dispens\w+|perdi|abandon\w+|vendi|virei|ajeit\w+|emprestou|liberou",
    "ask_human": r"fala|falar|liga\w*|ligue\w*|atend\w+|cham\w+|passa|passe|transf\w+|convers\w+|human\w+|pessoa|gente|"
    r"alguem|ninguem|consultor\w*|gerente|moc[ao]|rapaz|menin[ao]|voz|telefon\w+|don[oa]|chefe|robo|maquina|superior",
    "ask_rate": r"jur\w+|tax\w+|cet|iof|tr|ipca|selic|porcent\w+|percent\w+|cento|cobr\w+|correcao|custo|\w*fixad\w+",
    "ask_docs": r"doc\w*|papel\w*|papeis|rg|cnh|cpf|comprov\w+|extratos?|escritura|matricula|fotos?|certid\w+|"
    r"apresent\w+|leva|levo|levar|exig\w+|identidade|iptu|holerites?|carteira|firma|xerox|declar\w+",
    "ask_simulation": r"quant\w+|parcela\w*|prestac\w*|mensal\w*|s[ie]m[ui]l\w*|calc\w*|contas?|valor\w*|orcamento|"
    r"proposta|"
    r"previa|estimativa|nocao|base|prazo|vezes|numeros|planos?|opc\w+|ficari?am?|pagamentos?|prev\w+",
    "objection_expensive": r"car[oa]s?|jur\w+|taxas?|parcelas?|prestac\w+|valor\w*|pag\w+|salario|aposentadoria|"
    r"benefici\w+|"
    r"pesad\w+|puxad\w+|salgad\w+|alt[oa]s?|menos|barat\w+|melhor\w*|a?baix\w+|desconto|facada|sobra|cabe|banco|"
    r"compensa|oferta|inviavel|dificil|realidade|alcance|dobr\w+|demais|esperava|mes",
    "greet": r"o+i+e*|ola|opa|bo[amn]|dia|tarde|noite|alo|ei|fala|salve|paz|benca|bao|aqui|vim|cheg\w+|saudac\w+|"
    r"buenas|beleza|tudo|prazer",
}  # fmt: skip
_TURNED_DOWN = re.compile(
    r"\bnao (?:consegui|deu|passei|passou|foi|fui|me|quis|quiser\w+|aprov\w+|liber\w+|deix\w+ eu)\b"
)
_PLEASED = re.compile(r"\b(?:gostei|gostando|adorei|amei|otim[oa]|maravilh\w+|excelente|boa noticia|feliz|legal)\b")
_HANDED_IN = re.compile(
    r"\b(?:mandei|enviei|apaguei|perdi|roubaram|(?:vou|deixa eu|para) (?:te )?(?:mandar|enviar|ver))\b"
)
_CUE = {intent: re.compile(rf"\b(?:{words})\b") for intent, words in _CUES.items()}


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
    cue = _CUE.get(intent)
    if (cue and not cue.search(core)) or (intent in _NO_QUESTION and "?" in core):
        return False
    if intent in {"objection_expensive", "ask_human", "abuse"} and _PLEASED.search(core):
        return False
    if intent == "not_interested":  # "não consegui em nenhum banco" is why they write
        return not _TURNED_DOWN.search(core)
    if intent == "ask_human":
        return not speaks_of_another(core)
    if intent == "ask_docs":
        return not _HANDED_IN.search(core)
    return intent != "abuse" or (" " in core and not names_insult(core))  # the rules have weighed the insult already


@cache
def learned() -> Likeness:
    lines = _PHRASES.read_text(encoding="utf-8").splitlines()
    return Likeness((intent, text) for intent, _, text in (line.partition("\t") for line in lines))
