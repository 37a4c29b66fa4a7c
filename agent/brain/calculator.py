"""Simulations: from a product's terms and a client's wish to every figure Lívia may say.

Conventions, the ones of the worked examples in the tests: the first instalment falls due one month after the
contract; the IOF is counted over real calendar days; financed costs follow F = net / (1 − IOF); CET is the rate
of return of the client's monthly flows (Res. CMN 4.881/2020); LTV compares the credit the client receives with
the value of the collateral.
"""

from bisect import bisect_left
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from agent.brain.finance import (
    ONE,
    amortisations,
    cents,
    floor_cents,
    internal_rate,
    iof_rate,
    precise,
    price_factor,
    schedule,
    yearly_from_monthly,
)
from agent.brain.products import ProductTerms, System
from agent.brain.simulation import (
    LEAST_CREDIT,
    MAX_MONEY,
    Figures,
    LimitCode,
    LimitExceeded,
    ScheduleRow,
    SimulationRequest,
    SimulationResult,
)

__all__ = [
    "LEAST_CREDIT",
    "MAX_MONEY",
    "NOTICE",
    "Figures",
    "LimitExceeded",
    "ScheduleRow",
    "SimulationRequest",
    "SimulationResult",
    "best_offer",
    "fits_income",
    "greatest_credit",
    "simulate",
]

NOTICE = "simulação, sujeita a análise de crédito"


@precise
def simulate(terms: ProductTerms, request: SimulationRequest) -> SimulationResult:
    """Compute every figure. Raises LimitExceeded where the product refuses (a tight income is no refusal), and
    ValueError for what no loan can be."""
    _check_limits(terms, request)
    try:
        return _compute(terms, request)
    except ArithmeticError as error:
        raise ValueError("the figures are beyond all reason") from error


def fits_income(result: SimulationResult) -> bool:
    """True if the income is unknown or carries the highest instalment."""
    income = result.request.monthly_income
    return income is None or income >= result.min_income


@precise
def greatest_credit(terms: ProductTerms, request: SimulationRequest) -> int:
    """The most that income, LTV and ceilings allow for the requested term, at least 0; MAX_MONEY if unlimited."""
    ceiling = _credit_ceiling(terms, request)
    return ceiling if request.monthly_income is None else min(ceiling, _credit_by_income(terms, request))


@precise
def best_offer(terms: ProductTerms, request: SimulationRequest) -> SimulationRequest | None:
    """The nearest request that passes: the wished amount over the shortest term, from the wished one on, that
    the income carries; else the greatest amount over the longest term. None where nothing passes."""
    if terms.max_collateral is not None and (request.collateral_value or 0) > terms.max_collateral:
        return None
    wished = min(max(request.credit_amount, LEAST_CREDIT), _credit_ceiling(terms, request))
    term = min(max(request.term_months, terms.min_term), terms.max_term)
    if request.monthly_income is not None and wished > 0:
        choices = range(term, terms.max_term)
        longer = bisect_left(choices, wished, key=lambda n: _credit_by_income(terms, replace(request, term_months=n)))
        term += longer
        wished = min(wished, _credit_by_income(terms, replace(request, term_months=term)))
    return replace(request, credit_amount=wished, term_months=term) if wished >= LEAST_CREDIT else None


def _check_limits(terms: ProductTerms, request: SimulationRequest) -> None:
    value, ltv = request.collateral_value, terms.ltv_limit(_system(terms, request))
    rules: tuple[tuple[bool, LimitCode, Decimal | int | None], ...] = (
        (request.monthly_income == 0, "income", 0),
        (request.term_months < terms.min_term, "term_min", terms.min_term),
        (request.term_months > terms.max_term, "term_max", terms.max_term),
        (request.credit_amount < LEAST_CREDIT, "credit_min", LEAST_CREDIT),
        (_over(value, terms.max_collateral), "collateral_max", terms.max_collateral),
        (_over(request.credit_amount, terms.max_credit), "credit_max", terms.max_credit),
        (bool(value and ltv and request.credit_amount > ltv * value), "ltv", ltv),
    )
    for broken, code, limit in rules:
        if broken and limit is not None:
            raise LimitExceeded(code, limit, best_offer(terms, request))


def _over(value: int | None, limit: int | None) -> bool:
    return value is not None and limit is not None and value > limit


def _credit_ceiling(terms: ProductTerms, request: SimulationRequest) -> int:
    """What LTV and the product's own ceiling allow, whatever the income."""
    ceiling, ltv = MAX_MONEY, terms.ltv_limit(_system(terms, request))
    if request.collateral_value is not None and ltv is not None:
        ceiling = floor_cents(ltv * request.collateral_value)
    return ceiling if terms.max_credit is None else min(ceiling, terms.max_credit)


@precise
def _credit_by_income(terms: ProductTerms, request: SimulationRequest) -> int:
    """The greatest credit whose highest instalment stays within the income's commitment."""
    system, term, first = _system(terms, request), request.term_months, request.first_period
    rate, loading, iof = terms.monthly_rate, ONE, Decimal(0)
    if system == "price":
        peak = price_factor(rate, term, first)
    elif system == "sac":
        opening = (1 + rate) ** first - 1
        peak = ONE / term + max(opening, rate * (1 - ONE / term))
    else:
        peak, loading = ONE / term, 1 + terms.admin_fee + terms.reserve_fund
    fee = terms.fee_financed if request.finance_costs and system != "consorcio" else 0
    if request.finance_costs:
        iof = _iof_rate(terms, request, system)
    carried = floor_cents(terms.income_commitment * (request.monthly_income or 0))
    for target in range(carried, max(carried - 3, 0), -1):  # rounding each part may add a cent or two
        credit = min(floor_cents(target / peak * (1 - iof) / loading) - fee, MAX_MONEY)
        if credit > 0 and _peak(terms, replace(request, credit_amount=credit), system) <= carried:
            return credit
    return 0


def _system(terms: ProductTerms, request: SimulationRequest) -> System:
    """The system in force: a loan may be simulated by Price or SAC, a consórcio only as itself."""
    system = request.system or terms.system
    if (system == "consorcio") != (terms.system == "consorcio"):
        raise ValueError(f"{terms.code} cannot be simulated as {system}")
    return system


def _peak(terms: ProductTerms, request: SimulationRequest, system: System) -> int:
    """The highest regular instalment: one of the first two."""
    owed = _debt(terms, request, system).owed
    rows = schedule(system, owed, terms.monthly_rate, request.term_months, request.first_period)
    return max(row.instalment for row in rows[:2])


class _Debt(NamedTuple):
    owed: int
    iof: int
    fees: int
    received: int


def _debt(terms: ProductTerms, request: SimulationRequest, system: System) -> _Debt:
    """What the client owes and receives once IOF and fees are placed."""
    credit = request.credit_amount
    if system == "consorcio":
        owed = cents(credit * (1 + terms.admin_fee + terms.reserve_fund))
        return _Debt(owed, 0, owed - credit, credit)
    share, fee = _iof_rate(terms, request, system), terms.fee_financed
    if request.finance_costs:
        iof = cents((credit + fee) * share / (1 - share))
        return _Debt(credit + fee + iof, iof, fee, credit)
    iof = cents(credit * share)
    return _Debt(credit, iof, fee, credit - iof - fee)


def _iof_rate(terms: ProductTerms, request: SimulationRequest, system: System) -> Decimal:
    if not terms.iof or system == "consorcio":
        return Decimal(0)
    parts = amortisations(system, terms.monthly_rate, request.term_months, request.first_period)
    days = [(request.due_date(n) - request.contract_date).days for n in range(1, request.term_months + 1)]
    return iof_rate(parts, days, terms.iof_fixed, terms.iof_daily)


def _compute(terms: ProductTerms, request: SimulationRequest) -> SimulationResult:
    """The figures, without asking whether the product allows them."""
    system, term, first, rate = _system(terms, request), request.term_months, request.first_period, terms.monthly_rate
    debt = _debt(terms, request, system)
    rows = schedule(system, debt.owed, rate, term, first)
    instalments = [row.instalment for row in rows]
    peak, income, value = max(instalments[:2]), request.monthly_income, request.collateral_value
    loan = system != "consorcio"
    cet = internal_rate(debt.received, instalments, first=first, guess=rate) if loan else None
    return SimulationResult(
        request=request,
        code=terms.code,
        version_id=terms.version_id,
        system=system,
        credit_amount=request.credit_amount,
        financed_amount=debt.owed,
        iof=debt.iof,
        fees=debt.fees,
        term_months=term,
        first_instalment=instalments[0],
        second_instalment=instalments[:2][-1],
        last_instalment=instalments[-1],
        total=sum(instalments),
        interest_total=sum(row.interest for row in rows),
        rate_month=rate if loan else None,
        rate_year=terms.yearly_rate if loan else None,
        cet_month=cet,
        cet_year=None if cet is None else yearly_from_monthly(cet),
        ltv=Decimal(request.credit_amount) / value if value else None,
        min_income=cents(peak / terms.income_commitment),
        commitment=Decimal(peak) / income if income else None,
    )
