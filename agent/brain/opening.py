"""When the business is open: its week, the holidays of its state, and days it names itself.

Holidays are the library's for Brazil: national and state ones, and those days on which by custom hardly anybody works
(Carnival, Ash Wednesday, Corpus Christi, the eves of Christmas and New Year). The public servants' day is no such day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from holidays import HolidayBase, country_holidays

_LOOKED_AHEAD = 60  # days; who is closed for longer has no opening to promise
_WEEKDAYS = (*("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira", "sábado", "domingo"),)
_MONTHS = (
    *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
    *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
)
_NOT_KEPT = "Dia do Servidor Público"
_STATES = frozenset("AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split())


@dataclass(frozen=True)
class OpeningHours:
    """`week` maps "0" (Monday) to "6" to spans like ["09:00", "18:00"] of local time; `closed_on` are ISO dates.

    What is no span is left out: a week without any is never open.
    """

    week: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    holidays_uf: str = ""
    closed_on: Sequence[str] = ()

    def is_open(self, at: datetime) -> bool:
        return any(start <= at < end for start, end in self.spans(at))

    def next_open(self, at: datetime) -> datetime | None:
        """`at` itself while open, else when the business next opens; None if it does not within two months."""
        for days in range(_LOOKED_AHEAD):
            for start, end in self.spans(at + timedelta(days=days)):
                if at < end:
                    return max(at, start)
        return None

    def next_open_text(self, at: datetime) -> str:
        """Such as "hoje às 14h", "amanhã às 9h", "segunda-feira às 9h", "dia 4 de janeiro às 9h"; empty while open."""
        opens = self.next_open(at)
        if opens is None or opens == at:
            return ""
        return f"{_day(opens.date(), at.date())} {_hour(opens.time())}"

    def is_holiday(self, day: date) -> bool:
        return day.isoformat() in self.closed_on or _is_kept(day, self.holidays_uf)

    def closed_days(self, first: date, days: int) -> list[tuple[date, str]]:
        """The holidays and days of its own within some days from `first` on, with their names; an own day has none."""
        calendar = _calendar(self.holidays_uf if self.holidays_uf in _STATES else "")
        ahead = (first + timedelta(days=number) for number in range(days))
        return [
            (day, "; ".join(name for name in calendar.get_list(day) if name != _NOT_KEPT))
            for day in ahead
            if self.is_holiday(day)
        ]

    def spans(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Of that day, earliest first."""
        if self.is_holiday(at.date()):
            return
        midnight = datetime.combine(at.date(), time(), at.tzinfo)
        spans = filter(None, map(_minutes, self.week.get(str(at.weekday())) or ()))
        for start, end in sorted(spans):
            yield midnight + timedelta(minutes=start), midnight + timedelta(minutes=end)


def _minutes(span: Sequence[str]) -> tuple[int, int] | None:
    """A span in minutes since midnight; None for what is none."""
    try:
        start, end = (_minute(word) for word in span)
    except (TypeError, ValueError):
        return None
    return (start, end) if 0 <= start < end <= 24 * 60 else None


def _minute(word: str) -> int:
    hours, minutes = (int(part) for part in str(word).split(":"))
    if not 0 <= minutes < 60:
        raise ValueError(word)
    return hours * 60 + minutes


def _is_kept(day: date, uf: str) -> bool:
    names = _calendar(uf if uf in _STATES else "").get_list(day)
    return any(name != _NOT_KEPT for name in names)


@lru_cache(maxsize=32)
def _calendar(uf: str) -> HolidayBase:
    return country_holidays("BR", subdiv=uf or None, categories=("public", "optional"), language="pt_BR")


def _day(day: date, today: date) -> str:
    away = (day - today).days
    if away < 2:
        return ("hoje", "amanhã")[away]
    if away < 7:
        return _WEEKDAYS[day.weekday()]
    return f"dia {day.day} de {_MONTHS[day.month - 1]}"


def _hour(at: time) -> str:
    article = "à" if at.hour == 1 else "às"
    return f"{article} {at.hour}h{f'{at.minute:02}' if at.minute else ''}"
