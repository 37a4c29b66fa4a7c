"""Arithmetic of loans: rates, dates, schedules, IOF and the internal rate of return.

Rates are unrounded `Decimal` fractions; money is integer cents, rounded half up. Every function works in its
own decimal context, so a caller's context never changes a figure.
"""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal, localcontext
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

ONE = Decimal(1)
IOF_DAYS = 365  # the daily IOF stops growing after a year
MAX_RATE = 1  # a month; costs beyond it leave no loan worth the name
_CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN)
_CLOSE_ENOUGH = Decimal("1e-24")


class Row(NamedTuple):
    """One instalment of a schedule, in cents; `balance` is what is left after paying it."""

    instalment: int
    interest: int
    amortisation: int
    balance: int


def precise(function: Callable[P, R]) -> Callable[P, R]:
    """Run `function` with 34 significant digits whatever the caller's decimal context says."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with localcontext(_CONTEXT):
            return function(*args, **kwargs)

    return inner


def cents(value: Decimal) -> int:
    """Round half up to whole cents."""
    return int(value.quantize(ONE, ROUND_HALF_UP))


def floor_cents(value: Decimal) -> int:
    return int(value.quantize(ONE, ROUND_FLOOR))


@precise
def monthly_from_yearly(rate: Decimal) -> Decimal:
    return (1 + rate) ** (ONE / 12) - 1


@precise
def yearly_from_monthly(rate: Decimal) -> Decimal:
    return (1 + rate) ** 12 - 1


def add_months(day: date, months: int) -> date:
    """The same day of the month, or the month's last one where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise ValueError("the due dates run past the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@precise
def months_between(start: date, end: date) -> Decimal:
    """Whole months plus the remaining days as a fraction of the month they fall in."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    if add_months(start, whole) > end:
        whole -= 1
    last, following = add_months(start, whole), add_months(start, whole + 1)
    return whole + Decimal((end - last).days) / (following - last).days


@precise
def price_factor(rate: Decimal, term: int, first: Decimal = ONE) -> Decimal:
    """Instalment per unit of principal: i / (1 − (1+i)^−n), carried to a first due date `first` months away."""
    if rate == 0:
        return ONE / term
    return rate / (1 - (1 + rate) ** -term) * (1 + rate) ** (first - 1)


@precise
def amortisations(system: str, rate: Decimal, term: int, first: Decimal = ONE) -> list[Decimal]:
    """Principal in each instalment of a debt of one, unrounded."""
    if system != "price":
        return [ONE / term] * term
    instalment, balance, parts = price_factor(rate, term, first), ONE, []
    for number in range(term):
        part = instalment - balance * _period_rate(rate, number, first)
        parts.append(part)
        balance -= part
    return parts


@precise
def schedule(system: str, principal: int, rate: Decimal, term: int, first: Decimal = ONE) -> list[Row]:
    """The rows of a debt in whole cents; the last instalment absorbs the residue of rounding.

    Price keeps the instalment fixed, SAC the amortisation; a consórcio is a SAC without interest.
    """
    price = system == "price"
    fixed = cents(principal * price_factor(rate, term, first)) if price else cents(Decimal(principal) / term)
    balance, rows = principal, []
    for number in range(term):
        interest = cents(balance * _period_rate(rate, number, first))
        part = balance if number == term - 1 else min(fixed - interest if price else fixed, balance)
        balance -= part
        rows.append(Row(part + interest, interest, part, balance))
    return rows


def _period_rate(rate: Decimal, number: int, first: Decimal) -> Decimal:
    return rate if number or first == 1 else (1 + rate) ** first - 1


@precise
def iof_rate(parts: Sequence[Decimal], days: Sequence[int], fixed: Decimal, daily: Decimal) -> Decimal:
    """IOF per unit of debt: the fixed share plus each instalment's principal times its days, at most 365."""
    return fixed + daily * sum((part * min(IOF_DAYS, n) for part, n in zip(parts, days, strict=True)), Decimal(0))


@precise
def internal_rate(received: int, payments: Sequence[int], *, first: Decimal = ONE, guess: Decimal) -> Decimal:
    """Monthly rate at which monthly `payments`, the first after `first` months, are worth `received`.

    Newton on the discount factor, kept inside a bracket so that it always ends. Raises ValueError where no
    rate of zero or more exists, or one that nobody could print.
    """
    if received <= 0:
        raise ValueError("nothing is left for the client after the costs")
    if sum(payments) < received:
        raise ValueError("the payments do not return what was received")
    coefficients = [Decimal(payment) for payment in reversed(payments)]
    low, high, factor = Decimal(0), ONE, 1 / (1 + guess)
    for _ in range(200):
        worth, slope = _present_worth(coefficients, factor, first)
        low, high = (low, factor) if worth >= received else (factor, high)
        step = factor - (worth - received) / slope
        following = step if low <= step <= high else (low + high) / 2
        if abs(following - factor) < _CLOSE_ENOUGH:
            break
        factor = following
    if following * (1 + MAX_RATE) < 1:
        raise ValueError("the costs are beyond all reason")
    return 1 / following - 1


def _present_worth(coefficients: Sequence[Decimal], factor: Decimal, first: Decimal) -> tuple[Decimal, Decimal]:
    """Present worth of the payments (last one first) and its derivative, by Horner's rule."""
    worth, slope = Decimal(0), Decimal(0)
    for coefficient in coefficients:
        slope = slope * factor + worth
        worth = worth * factor + coefficient
    shift = factor if first == 1 else factor**first
    return worth * shift, slope * shift + worth * first * shift / factor
