"""Figures in words, for the page; numbers, money and dates the Brazilian way."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core.templatetags.ui import LOCALE, cents, cents_short

NOTHING = "–"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def count(value: int | None) -> str:
    return NOTHING if value is None else format_decimal(value, "#,##0", locale=LOCALE)


def percent(share: float | Decimal | None) -> str:
    """A share as percent, with a decimal place where it says something: 0.034 → `3,4%`, 0.5 → `50%`."""
    if share is None:
        return NOTHING
    value = float(share) * 100
    return format_decimal(value, "0.#" if abs(value) < 10 else "0", locale=LOCALE) + "%"


def money(value: int | None) -> str:
    """Cents as reais, without the cents where there are none."""
    if value is None:
        return NOTHING
    if value % 100:
        return cents(value)
    return format_currency(value // 100, "BRL", "¤\u00a0#,##0", locale=LOCALE, currency_digits=False)


def money_short(value: int | None) -> str:
    """`R$ 3,4 mi`."""
    return NOTHING if value is None else cents_short(value)


def dollars(value: Decimal | None) -> str:
    """As prices of models are: small."""
    if value is None:
        return NOTHING
    return "US$\u00a0" + format_decimal(value, "#,##0.00" if value == 0 or abs(value) >= 1 else "0.00##", locale=LOCALE)


def duration(seconds: float | None) -> str:
    """The two largest units: `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`."""
    if seconds is None:
        return NOTHING
    whole = round(seconds)
    if whole < _MINUTE:
        return f"{whole} s"
    if round(whole / _MINUTE) < 60:
        return f"{round(whole / _MINUTE)} min"
    (unit, part), (name, small) = ((_DAY, _HOUR), ("d", "h")) if whole >= _DAY else ((_HOUR, _MINUTE), ("h", "min"))
    many, rest = divmod(round(whole / part), unit // part)
    return f"{many} {name} {rest} {small}" if rest else f"{many} {name}"


def day(value: date) -> str:
    return date_format(value, "d/m/Y")


def days(first: date, last: date) -> str:
    """A stretch of days: `21/11/2026`, `01/11 – 21/11/2026`."""
    if first == last:
        return day(first)
    return f"{date_format(first, 'd/m' if first.year == last.year else 'd/m/Y')} – {day(last)}"


def listed(names: Sequence[Any]) -> str:
    """`Ana, Bruno and Caio`."""
    if len(names) < 2:
        return str(names[0]) if names else ""
    return _("%(some)s and %(last)s") % {"some": ", ".join(map(str, names[:-1])), "last": names[-1]}
