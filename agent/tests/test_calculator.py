"""Maria asks what a loan costs; every figure must be the one a bank would print."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal, getcontext, localcontext
from time import perf_counter

import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.brain.calculator import (
    LEAST_CREDIT,
    MAX_MONEY,
    LimitExceeded,
    SimulationRequest,
    SimulationResult,
    best_offer,
    fits_income,
    greatest_credit,
    simulate,
)
from agent.brain.finance import internal_rate, yearly_from_monthly
from agent.brain.offers import attempt
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.tests.loans import AUTO, CONSORCIO, FINANCING, HOME, PERSONAL, ask, loan, percent

# Worked examples


def test_home_equity_by_price_before_costs():
    result = simulate(HOME, ask(30_000_000, 180, collateral_value=80_000_000, finance_costs=False))
    assert (result.instalment, result.last_instalment, result.total) == (405_182, 405_021, 72_932_599)
    assert (result.ltv, result.min_income) == (Decimal("0.375"), 1_350_607)


def test_home_equity_with_the_iof_financed():
    result = simulate(HOME, ask(30_000_000, 180, collateral_value=80_000_000))
    assert (result.iof, result.financed_amount, result.instalment) == (1_038_350, 31_038_350, 419_206)
    assert (percent(result.cet_year), percent(result.ltv, "0.1")) == ("16.04", "37.5")


def test_an_income_of_8000_carries_177698_03_over_180_months():
    wish = ask(30_000_000, 180, collateral_value=80_000_000, monthly_income=800_000, finance_costs=False)
    assert greatest_credit(HOME, wish) == 17_769_803
    assert fits_income(simulate(HOME, replace(wish, credit_amount=17_769_803)))
    assert not fits_income(simulate(HOME, wish))


def test_financing_by_sac():
    result = simulate(FINANCING, ask(40_000_000, 360, collateral_value=50_000_000))
    assert percent(result.rate_month, "0.000001") == "0.872702"
    assert (result.first_instalment, result.second_instalment, result.last_instalment) == (460_192, 459_222, 112_121)
    assert (result.interest_total, result.min_income, result.iof) == (63_009_142, 1_533_973, 0)


def test_the_same_financing_by_price():
    result = simulate(FINANCING, ask(40_000_000, 360, system="price"))
    assert result.instalment == 365_071


def test_auto_equity_with_a_financed_fee():
    result = simulate(replace(AUTO, fee_financed=60_000), ask(4_500_000, 48))
    assert (result.financed_amount, result.iof, result.instalment) == (4_708_042, 148_042, 150_075)
    assert (percent(result.cet_month, "0.0001"), percent(result.cet_year)) == ("2.1121", "28.51")


def test_consorcio_has_no_interest_and_no_cet():
    result = simulate(CONSORCIO, ask(20_000_000, 200))
    assert (result.instalment, result.total, result.fees) == (120_000, 24_000_000, 4_000_000)
    assert (result.interest_total, result.cet_year, result.rate_month) == (0, None, None)


def test_the_published_cet_of_five_instalments_for_940_net():
    rate = internal_rate(94_000, [20_573] * 5, guess=Decimal("0.01"))
    assert (percent(rate), percent(yearly_from_monthly(rate))) == ("3.08", "43.93")


# Oracle and properties

systems = st.sampled_from(["price", "sac"])
rates = st.decimals(min_value="0.0001", max_value="0.2", places=6)
credits = st.integers(1_000_00, 5_000_000_00)
terms_months = st.integers(1, 420)


@settings(max_examples=60, deadline=None)
@given(rate=rates, credit=credits, term=terms_months, system=systems, iof=st.booleans(), financed=st.booleans())
def test_cet_agrees_with_an_independent_library(rate, credit, term, system, iof, financed):
    result = simulate(loan(rate, iof=iof), ask(credit, term, system=system, finance_costs=financed))
    received = credit if financed else credit - result.iof
    flows = [-received, *(row.instalment for row in result.schedule())]
    oracle = pyxirr.irr(flows)
    assume(oracle is not None)
    assert float(result.cet_month) == pytest.approx(oracle, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(rate=rates, credit=credits, term=terms_months, system=systems)
def test_the_debt_is_repaid_exactly(rate, credit, term, system):
    result = simulate(loan(rate, iof=True), ask(credit, term, system=system))
    rows = result.schedule()
    assert rows[-1].balance == 0
    assert sum(row.amortisation for row in rows) == result.financed_amount == credit + result.iof
    assert result.total == sum(row.instalment for row in rows) == result.financed_amount + result.interest_total
    assert all(before.balance >= after.balance >= 0 for before, after in zip(rows, rows[1:], strict=False))
    assert min(row.amortisation for row in rows) >= 0


@settings(max_examples=60, deadline=None)
@given(rate=rates, credit=st.integers(1_000_000, 500_000_000), term=st.integers(2, 360), system=systems)
def test_costs_make_the_cet_exceed_the_nominal_rate(rate, credit, term, system):
    result = simulate(loan(rate, iof=True), ask(credit, term, system=system))
    assert result.cet_month >= rate


@settings(max_examples=60, deadline=None)
@given(rate=rates, credit=credits, term=st.integers(1, 419), system=systems)
def test_more_credit_costs_more_and_a_longer_term_less_a_month(rate, credit, term, system):
    terms = loan(rate)
    base = simulate(terms, ask(credit, term, system=system))
    assert simulate(terms, ask(credit + 100_00, term, system=system)).first_instalment >= base.first_instalment
    longer = simulate(terms, ask(credit, term + 1, system=system))
    assert longer.first_instalment <= base.first_instalment
    assert longer.interest_total >= base.interest_total - term  # a cent of rounding an instalment


# Dates, snapshots, speed


def test_due_dates_keep_the_day_of_the_month_where_it_exists():
    result = simulate(PERSONAL, ask(1_000_000, 6, contract_date=date(2027, 10, 31)))
    days = [row.due for row in result.schedule()]
    assert days[:4] == [date(2027, 11, 30), date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]


def test_a_later_first_due_date_accrues_interest_and_moves_every_date():
    base = simulate(HOME, ask(10_000_000, 120))
    later = simulate(HOME, ask(10_000_000, 120, first_due=date(2027, 2, 20)))
    assert later.instalment > base.instalment
    assert later.schedule()[0].due == date(2027, 2, 20)
    assert later.schedule()[-1].balance == 0
    assert HOME.rate_month < later.cet_month < base.cet_month


def test_a_zero_rate_only_divides():
    result = simulate(loan(Decimal(0)), ask(120_000, 12))
    assert (result.instalment, result.interest_total, result.cet_month) == (10_000, 0, 0)


@pytest.mark.parametrize("code", sorted(DEFAULT_PRODUCTS))
def test_a_snapshot_survives_json(code):
    terms = replace(DEFAULT_PRODUCTS[code], version_id=7)
    wish = ask(1_000_000, terms.max_term, monthly_income=900_000, first_due=date(2027, 1, 10))
    result = simulate(terms, wish)
    again = SimulationResult.from_dict(json.loads(json.dumps(result.as_dict())))
    assert again == result
    assert again.schedule() == result.schedule()


def test_a_careless_decimal_context_changes_nothing():
    wish = ask(30_000_000, 180)
    expected = simulate(HOME, wish)
    with localcontext() as context:
        context.prec = 6
        assert simulate(HOME, wish) == expected
        assert expected.schedule()[-1].balance == 0
        assert getcontext().prec == 6


def test_the_figures_are_all_a_reply_may_quote():
    result = simulate(HOME, ask(30_000_000, 180, collateral_value=80_000_000))
    figures = result.figures()
    assert {30_000_000, 80_000_000, 419_206, result.total, result.min_income} <= figures.money
    assert figures.months == {180}
    assert all(figures.has_percent(Decimal(shown)) for shown in ("1.19", "16.04", "37.5", "37.50", "15.25"))
    assert not any(figures.has_percent(Decimal(shown)) for shown in ("1.2", "16", "0.99", "15.26"))


def test_a_sac_of_420_months_takes_less_than_20_ms():
    terms, wish = replace(FINANCING, iof=True), ask(40_000_000, 420)
    best = min(_seconds(terms, wish) for _ in range(5))
    assert best < 0.020


def _seconds(terms: ProductTerms, wish: SimulationRequest) -> float:
    start = perf_counter()
    simulate(terms, wish)
    return perf_counter() - start


# Beyond reason


@pytest.mark.parametrize("code", sorted(DEFAULT_PRODUCTS))
@pytest.mark.parametrize("fee", [0, 10_000_000, MAX_MONEY])
@pytest.mark.parametrize("financed", [True, False])
def test_the_smallest_and_the_largest_credit_give_printable_figures_or_none(code, fee, financed):
    terms = replace(DEFAULT_PRODUCTS[code], fee_financed=fee)
    for credit in (LEAST_CREDIT, LEAST_CREDIT * 50, MAX_MONEY):
        for term in (terms.min_term, terms.max_term):
            try:
                result = simulate(terms, ask(credit, term, finance_costs=financed))
            except ValueError:
                continue
            assert result.cet_month is None or result.cet_month <= 1


def test_less_than_the_least_credit_is_refused_with_the_nearest():
    with pytest.raises(LimitExceeded) as refused:
        simulate(PERSONAL, ask(LEAST_CREDIT - 1, 12))
    assert (refused.value.code, refused.value.limit) == ("credit_min", LEAST_CREDIT)
    assert refused.value.best.credit_amount == LEAST_CREDIT
    said = attempt(PERSONAL, ask(1, 12))
    assert "R$ 100" in said.refusal and said.best.credit_amount == LEAST_CREDIT


def test_an_income_that_carries_less_than_the_least_credit_is_offered_none():
    assert best_offer(PERSONAL, ask(1_000_000, 12, monthly_income=1_000)) is None
