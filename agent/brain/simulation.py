"""What goes into a simulation and what comes out of it, as frozen values that survive JSON."""

from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal, NamedTuple

from agent.brain.finance import ONE, add_months, months_between, schedule
from agent.brain.products import SYSTEMS, System

MAX_MONEY = 10**13  # cents; anything larger is a slip of the finger
LEAST_CREDIT = 10_000  # cents; below it rounding makes the rates
MAX_FIRST_DUE = 12  # months

LimitCode = Literal["ltv", "term_min", "term_max", "credit_min", "credit_max", "collateral_max", "income"]


@dataclass(frozen=True, kw_only=True)
class SimulationRequest:
    """What the client wants. Raises ValueError for amounts and terms that cannot be."""

    credit_amount: int
    term_months: int
    contract_date: date
    collateral_value: int | None = None
    monthly_income: int | None = None
    down_payment: int | None = None
    first_due: date | None = None  # default: one month after the contract
    finance_costs: bool = True  # IOF and fees join the debt; otherwise they are paid at once
    system: System | None = None  # overrides the product's own

    def __post_init__(self) -> None:
        _check_money("credit_amount", self.credit_amount, least=1)
        _check_money("collateral_value", self.collateral_value, least=1)
        _check_money("monthly_income", self.monthly_income, least=0)
        _check_money("down_payment", self.down_payment, least=0)
        if type(self.term_months) is not int or self.term_months < 1:
            raise ValueError("term_months must be a whole number of months, at least 1")
        if self.system is not None and self.system not in SYSTEMS:
            raise ValueError(f"unknown system {self.system!r}")
        if self.first_due is not None and not 0 < self.first_period <= MAX_FIRST_DUE:
            raise ValueError(f"first_due must lie within {MAX_FIRST_DUE} months after contract_date")

    @property
    def first_period(self) -> Decimal:
        """Months from the contract to the first due date."""
        return ONE if self.first_due is None else months_between(self.contract_date, self.first_due)

    def due_date(self, number: int) -> date:
        """Due date of instalment `number`, counted from 1."""
        if self.first_due is None:
            return add_months(self.contract_date, number)
        return add_months(self.first_due, number - 1)


class LimitExceeded(ValueError):
    """The product does not allow the request. `limit` is in the unit of the rule: an LTV fraction, months or
    cents; `best` is the nearest request that would pass, or None."""

    def __init__(self, code: LimitCode, limit: Decimal | int, best: SimulationRequest | None = None) -> None:
        super().__init__(f"{code}: the limit is {limit}")
        self.code = code
        self.limit = limit
        self.best = best


class ScheduleRow(NamedTuple):
    number: int
    due: date
    instalment: int
    interest: int
    amortisation: int
    balance: int


class Figures(NamedTuple):
    """What a reply may quote: cents, percentages (unrounded, 1.19 means 1.19 %) and months."""

    money: frozenset[int]
    percents: frozenset[Decimal]
    months: frozenset[int]

    def has_percent(self, shown: Decimal) -> bool:
        """True if `shown` is one of the percentages, exactly or rounded half up to two or more decimals."""
        places = -int(shown.as_tuple().exponent)
        if shown in self.percents:
            return True
        return places >= 2 and any(p.quantize(shown, ROUND_HALF_UP) == shown for p in self.percents)


@dataclass(frozen=True, kw_only=True)
class SimulationResult:
    """Every figure of a simulation. Money in cents, rates unrounded fractions (a consórcio has none)."""

    request: SimulationRequest
    code: str
    version_id: int | None
    system: System
    credit_amount: int
    financed_amount: int  # the debt; of a consórcio, all that is to be paid
    iof: int
    fees: int
    term_months: int
    first_instalment: int
    second_instalment: int
    last_instalment: int
    total: int  # sum of the instalments
    interest_total: int
    rate_month: Decimal | None
    rate_year: Decimal | None
    cet_month: Decimal | None
    cet_year: Decimal | None
    ltv: Decimal | None
    min_income: int
    commitment: Decimal | None  # highest instalment over income

    @property
    def instalment(self) -> int:
        """The instalment of Price and consórcio; the first one of SAC."""
        return self.first_instalment

    def schedule(self) -> list[ScheduleRow]:
        """The rows, computed again from the result, so a stored snapshot needs none."""
        first = self.request.first_period
        rows = schedule(self.system, self.financed_amount, self.rate_month or Decimal(0), self.term_months, first)
        return [ScheduleRow(number, self.request.due_date(number), *row) for number, row in enumerate(rows, 1)]

    def figures(self) -> Figures:
        request = self.request
        money = {self.credit_amount, self.financed_amount, self.first_instalment, self.second_instalment}
        money |= {self.last_instalment, self.total, self.interest_total, self.iof, self.fees, self.min_income}
        money |= {request.collateral_value or 0, request.monthly_income or 0, request.down_payment or 0}
        rates = (self.rate_month, self.rate_year, self.cet_month, self.cet_year, self.ltv, self.commitment)
        percents = frozenset(rate * 100 for rate in rates if rate is not None)
        return Figures(frozenset(money - {0}), percents, frozenset({self.term_months}))

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready snapshot; `from_dict` gives an equal result back."""
        return {key: _to_json(value) for key, value in asdict(self).items()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "SimulationResult":
        values = {field.name: data[field.name] for field in fields(cls)}
        request = dict(values.pop("request"))
        for key in ("contract_date", "first_due"):
            request[key] = date.fromisoformat(request[key]) if request[key] else None
        for key in ("rate_month", "rate_year", "cet_month", "cet_year", "ltv", "commitment"):
            values[key] = Decimal(values[key]) if values[key] is not None else None
        return cls(request=SimulationRequest(**request), **values)


def _check_money(name: str, value: int | None, *, least: int) -> None:
    if value is None:
        return
    if type(value) is not int or not least <= value <= MAX_MONEY:
        raise ValueError(f"{name} must be whole cents between {least} and {MAX_MONEY}")


def _to_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _to_json(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
