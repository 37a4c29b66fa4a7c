"""When a client wants to be spoken to: "me liga amanhã às 15h", "pode ser depois das 18h", "segunda de manhã".

A wish is a day, an hour, or both, beside words that ask for a call or for somebody to come back to them. Without such
words it is one only where the caller knows that somebody will speak with the client next (`expected`).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from agent.brain.text import normalise

_MORNING, _NOON, _AFTERNOON, _EVENING = time(9), time(12), time(15), time(18, 30)
_PARTS = {"manha": _MORNING, "tarde": _AFTERNOON, "noite": _EVENING}
_WEEKDAYS = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4, "sabado": 5, "domingo": 6}

_CALL = re.compile(
    r"\b(?:me|nos) (?:liga|ligue|ligar|ligam|liguem|telefona|telefone|telefonem|da(?:r)? um toque)\b"
    r"|\b(?:pode|podem|podia|poderia|consegue|da pra|da para|quero que|gostaria que|prefiro que) (?:\w+ ){0,2}"
    r"(?:me )?(?:lig\w+|telefon\w+)\b"
    r"|\bliga(?:r)? (?:pra|para) mim\b|^(?:liga|ligue|telefona)\b|\b(?:quero|prefiro) (?:uma )?ligacao\b"
)
_COME_BACK = re.compile(
    r"\bme (?:chama|chame|procura|procure|retorna|retorne|contata|contate|manda|mande|responde|escreve)\b"
    r"|\b(?:pode|podem|podia) (?:me )?(?:chamar|retornar|procurar|mandar mensagem|entrar em contato)\b"
    r"|\b(?:fala|falar|conversar|conversa|conversamos|falamos|falo) comigo\b|\bentr(?:a|e|em) em contato\b"
)
_NOT = re.compile(
    r"\b(?:nao|nem|nunca|para de|pare de|parem de) (?:\w+ ){0,3}(?:lig\w+|telefon\w+|cham\w+|procur\w+)"
    r"|\b(?:eu|vou te|ja te|te) (?:ligo|ligar|chamo|chamar|retorno)\b"
    r"|\bme (?:ligou|ligaram|chamou|chamaram|telefonaram)\b"
)
_HOUR = re.compile(
    r"\b(?P<after>depois|apos|a partir)? ?(?:d?as|ao|la pelas|pelas|por volta das|umas) (?P<hour>\d{1,2})"
    r"(?:(?: ?h(?:oras?|rs)? ?|:)(?P<minute>\d{2})?|\b)(?! ?(?:mil|reais|vezes|meses|anos|x|%))"
    r"|\b(?P<clock>\d{1,2}) ?(?:h(?:oras?|rs)?\b|h(?=\d)|:(?=\d{2}))(?P<past>\d{2})?"
)
_PART = re.compile(r"\b(?:(?:de|da|a|na|no|pela|pelo) (?P<part>manha|tarde|noite)|(?P<noon>meio[ -]dia))\b")
_DAY = re.compile(
    r"\b(?P<near>depois de amanha|amanha|hoje)\b"
    r"|\b(?P<week>segunda|terca|quarta|quinta|sexta|sabado|domingo)(?:[ -]feira)?\b(?! via| mao)"
    r"|\bdia (?P<day>\d{1,2})\b(?! ?(?:mil|reais))"
)
_PAST_NEED = 24  # hours: what is over is meant for the next day


@dataclass(frozen=True)
class Appointment:
    """`due` is local; `call`: a call was asked for rather than a message; `words` is how the client said it."""

    due: datetime
    call: bool
    words: str


def appointment(text: str, *, now: datetime, expected: bool = False) -> Appointment | None:
    """The wish in a message, from the moment `now` (local, aware). None where there is no day and no hour."""
    said = normalise(text)
    folded = " ".join(said.text.split())
    if _NOT.search(folded):
        return None
    call = bool(_CALL.search(folded))
    if not (call or expected or _COME_BACK.search(folded)):
        return None
    day, hour = _day_of(folded, now.date()), _hour_of(folded)
    if day is None and hour is None:
        return None
    due = _moment(day, hour, now)
    return Appointment(due, call, " ".join(said.original.split())[:200]) if due else None


def _moment(day: date | None, hour: time | None, now: datetime) -> datetime | None:
    """An hour alone is today's, or, gone by, tomorrow's; a day alone is its morning, today an hour from now."""
    if hour is None and day == now.date():
        return now + timedelta(hours=1)
    due = datetime.combine(day or now.date(), hour or _MORNING, now.tzinfo)
    if due <= now:
        if day is not None:
            return None
        due += timedelta(hours=_PAST_NEED)
    return due


def _day_of(folded: str, today: date) -> date | None:
    if (found := _DAY.search(folded)) is None:
        return None
    if near := found["near"]:
        return today + timedelta(days={"hoje": 0, "amanha": 1, "depois de amanha": 2}[near])
    if week := found["week"]:
        return today + timedelta(days=(_WEEKDAYS[week] - today.weekday() - 1) % 7 + 1)
    return _next_day(int(found["day"]), today)


def _next_day(number: int, today: date) -> date | None:
    """The next day of the month with that number."""
    for ahead in range(62):
        if (day := today + timedelta(days=ahead)).day == number:
            return day
    return None


def _hour_of(folded: str) -> time | None:
    """ "às 3 da tarde" is 15:00, and so is "às 3": nobody is called at night."""
    part = _PART.search(folded)
    if (found := _HOUR.search(folded)) is None:
        return _PARTS.get(part["part"], _NOON) if part else None
    hour, minute = int(found["hour"] or found["clock"]), int(found["minute"] or found["past"] or 0)
    if hour > 23 or minute > 59:
        return None
    if hour < 7 or (hour < 12 and part and part["part"] in ("tarde", "noite")):
        hour += 12
    return time(hour, minute)
