"""Whether the other side is a machine: two machines would write to each other for ever.

People repeat themselves too ("sim", "oi?"), so short words need more repeats, and only what came in between Lívia's own
messages counts. How fast somebody answers proves nothing by itself: the best clients answer at once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from rapidfuzz import fuzz

from agent.brain.text import normalise

_ALIKE = 92  # of 100
_SHORT = 15  # characters; a word or two, which people repeat
_MORE_IF_SHORT = 2
_SOON = r"(?:em breve|logo|assim que possivel|o mais (?:breve|rapido) possivel)"
_WE = r"(?:retornaremos|responderemos|atenderemos|entraremos em contato|retornamos|respondemos|te (?:retorno|respondo))"
_SIGNS = (
    r"(?:mensagem|resposta) automatica",
    r"atendimento (?:automatico|virtual|digital)",
    r"nao responda (?:a )?est[ae] (?:mensagem|numero|whatsapp)",
    r"(?:obrigad[oa]|agradec\w+|gratos?)(?: (?:por|pel[oa]|o|a|seu|sua|entrar|em)){1,4} (?:contato|mensagem)",
    rf"{_SOON}[^.!?\n]{{0,40}}\b(?:{_WE}|(?:ira|vai) (?:te |lhe )?(?:atender|responder|retornar))",
    rf"{_WE}[^.!?\n]{{0,40}}\b{_SOON}",
    r"(?:no|neste) momento (?:nao (?:estamos|podemos)|estamos (?:fora|ausentes|fechados))",
    r"nosso horario (?:de (?:atendimento|funcionamento)|e)",
    r"fora do (?:nosso horario|horario de (?:atendimento|expediente))",
    r"(?:digite|tecle|responda com) (?:o (?:numero|codigo)|a opcao|uma? d[ae]s|\d|menu)",
    r"(?:escolha|selecione) (?:uma|a)(?: das)? opc\w+",
    r"menu principal|opcoes de atendimento|opcao invalida",
    r"nao (?:entendi|reconheci) (?:sua|a) (?:opcao|resposta)",
    r"sou (?:o|a) assistente virtual",
    r"(?:seja|sejam) (?:muito )?bem[ -]?vind[oa]s?",
    r"seu protocolo e",
)
_AUTOMATIC = re.compile(rf"\b(?:{'|'.join(_SIGNS)})\b")


@dataclass(frozen=True)
class Line:
    """A message of the thread; `mine` if Lívia's side wrote it."""

    text: str
    mine: bool = False


@dataclass(frozen=True)
class LoopLimits:
    repeats: int = 4
    auto_replies: int = 2


def loop_sign(lines: Sequence[Line], limits: LoopLimits) -> str:
    """What gives a machine away at the end of a thread, oldest line first: "repeats", "auto_reply" or nothing."""
    said = [_joined(run) for mine, run in groupby(lines, key=lambda line: line.mine) if not mine]
    said = [text for text in said if text]
    if _auto_replies(said) >= limits.auto_replies:
        return "auto_reply"
    if said and _repeats(said) >= limits.repeats + (_MORE_IF_SHORT if len(said[-1]) < _SHORT else 0):
        return "repeats"
    return ""


def is_automatic(text: str) -> bool:
    """Whether a message reads like one that a phone or a menu sends by itself."""
    return bool(_AUTOMATIC.search(normalise(text).text))


def _joined(run: Iterable[Line]) -> str:
    return normalise("\n".join(line.text for line in run)).text.strip()


def _auto_replies(said: Sequence[str]) -> int:
    """How many of the last messages in a row: with a person's words between them, a person is there."""
    count = 0
    for text in reversed(said):
        if not _AUTOMATIC.search(text):
            break
        count += 1
    return count


def _repeats(said: Sequence[str]) -> int:
    """How often the last message came in a row, nearly the same."""
    count = 0
    for text in reversed(said):
        if fuzz.ratio(text, said[-1]) < _ALIKE:
            break
        count += 1
    return count
