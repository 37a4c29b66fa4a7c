"""What a manager asks for: from an address to a period and filters, and back. What makes no sense is said and left
out; the page answers for the period it would have shown without it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.analytics.period import Period, today
from crm.analytics.shapes import NOBODY, NONE, Dimension, Filters
from crm.core.errors import Invalid
from crm.core.numbers import whole
from leads.inline import UFS
from leads.models import Product, Source

DATES, USUAL = "dates", "30d"


def _days(number: int) -> Callable[[date], date]:
    return lambda today: today - timedelta(days=number - 1)


def _quarter(today: date) -> date:
    return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)


# code → (name, first day of it as of today); all but the last month end today
PERIODS: dict[str, tuple[Any, Callable[[date], date]]] = {
    "today": (gettext_lazy("Today"), _days(1)),
    "7d": (gettext_lazy("7 days"), _days(7)),
    USUAL: (gettext_lazy("30 days"), _days(30)),
    "month": (gettext_lazy("This month"), lambda today: today.replace(day=1)),
    "last_month": (gettext_lazy("Last month"), lambda today: (today.replace(day=1) - timedelta(days=1)).replace(day=1)),
    "quarter": (gettext_lazy("This quarter"), _quarter),
    "year": (gettext_lazy("This year"), lambda today: today.replace(month=1, day=1)),
}
BY: dict[Dimension, Any] = {
    "source": gettext_lazy("Source"),
    "product": gettext_lazy("Product"),
    "consultant": gettext_lazy("Consultant"),
    "uf": gettext_lazy("State"),
}


@dataclass(frozen=True)
class Asked:
    """`code` names the period, `by` what conversion is split by; `problems` are sentences about what was left out."""

    code: str
    period: Period
    filters: Filters = field(default_factory=Filters)
    compare: bool = True
    by: Dimension = "source"
    problems: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The canonical query string: the same question gives the same text, the usual one none."""
        dates = {"from": self.period.first.isoformat(), "to": self.period.last.isoformat()}
        period = dates if self.code == DATES else {"period": self.code if self.code != USUAL else ""}
        filters = {name: getattr(self.filters, attribute) for name, attribute in _ATTRIBUTES.items()}
        rest = {"compare": "" if self.compare else "0", "by": "" if self.by == "source" else self.by}
        return urlencode(
            {name: value for name, value in {**period, **filters, **rest}.items() if value not in ("", None)}
        )

    @property
    def before(self) -> Period | None:
        """The period to compare with, if any: none before the calendar begins."""
        try:
            return self.period.previous if self.compare else None
        except Invalid:
            return None

    def split(self, by: Dimension) -> "Asked":
        return replace(self, by=by)

    def unfiltered(self) -> "Asked":
        return replace(self, filters=Filters())


_ATTRIBUTES = {"product": "product", "source": "source", "uf": "uf", "consultant": "consultant_id"}


def asked(query: QueryDict, *, consultants: Mapping[int, str]) -> Asked:
    """What this address asks for; `consultants` are those one may choose from, name by id."""
    problems: list[str] = []
    code, period = _period(query, problems)
    return Asked(
        code=code,
        period=period,
        filters=_filters(query, consultants, problems),
        compare=query.get("compare", "1") != "0",
        by=next((name for name in BY if name == query.get("by")), "source"),
        problems=tuple(problems),
    )


def _named(code: str) -> Period:
    until = today()
    first = PERIODS[code][1](until)
    return Period(first, until.replace(day=1) - timedelta(days=1) if code == "last_month" else until)


def _period(query: QueryDict, problems: list[str]) -> tuple[str, Period]:
    code = query.get("period", "")
    if code in PERIODS:
        return code, _named(code)
    if code not in ("", DATES):
        problems.append(_("This period is not known."))
    typed = [query.get(name, "").strip() for name in ("from", "to")]
    if code != DATES and not any(typed):
        return USUAL, _named(USUAL)
    first, last = (_date(text) for text in typed)
    try:
        return DATES, _free(first, last)
    except Invalid as problem:
        problems.append(str(problem.message))
        return USUAL, _named(USUAL)


def _free(first: date | None, last: date | None) -> Period:
    """Raises Invalid for what is no stretch of days that has begun."""
    if first is None or last is None:
        raise Invalid(_("A first and a last day are needed, both real dates."))
    if first <= last and first > today():
        raise Invalid(_("This period has not begun yet."))
    period = Period(first, last)
    return replace(period, last=min(last, today()))


def _date(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:  # 31 February
        return None


def _filters(query: QueryDict, consultants: Mapping[int, str], problems: list[str]) -> Filters:
    known: dict[Dimension, list[str]] = {
        "product": [*Product.values, NONE],
        "source": Source.values,
        "uf": [*UFS, NONE],
    }
    found: dict[str, Any] = {}
    for name, values in known.items():
        text = query.get(name, "")
        if text in values:
            found[name] = text
        elif text:
            problems.append(_("This filter is not known: %(name)s.") % {"name": BY[name]})
    person = query.get("consultant", "")
    if (number := whole(person)) is not None and number in (NOBODY, *consultants):
        found["consultant_id"] = number
    elif person:
        problems.append(_("This filter is not known: %(name)s.") % {"name": BY["consultant"]})
    return Filters(**found)
