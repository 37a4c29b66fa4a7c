"""What Maria may have: limits of the products, and the nearest offer that passes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.brain.calculator import LimitExceeded, SimulationRequest, best_offer, fits_income, simulate
from agent.brain.products import DEFAULT_PRODUCTS
from agent.tests.loans import CONSORCIO, FINANCING, HOME, PAYROLL, PERSONAL, SIGNED, ask


@settings(max_examples=60, deadline=None)
@given(
    product=st.sampled_from(sorted(DEFAULT_PRODUCTS)),
    credit=st.integers(100_00, 3_000_000_00),
    term=st.integers(1, 500),
    value=st.none() | st.integers(50_000_00, 2_000_000_00),
    income=st.none() | st.integers(1_000_00, 100_000_00),
)
def test_what_is_offered_passes(product, credit, term, value, income):
    terms = DEFAULT_PRODUCTS[product]
    wish = ask(credit, term, collateral_value=value, monthly_income=income)
    offer = best_offer(terms, wish)
    assume(offer is not None)
    result = simulate(terms, offer)
    assert fits_income(result)
    assert offer.credit_amount <= credit
    if offer.credit_amount < credit and offer.credit_amount > 100_000:
        richer = replace(offer, credit_amount=offer.credit_amount + 1_000)
        with pytest.raises((LimitExceeded, AssertionError)):
            assert fits_income(simulate(terms, richer))


def test_a_tight_income_gets_a_longer_term_before_a_smaller_amount():
    wish = ask(20_000_000, 120, collateral_value=80_000_000, monthly_income=1_000_000)
    offer = best_offer(HOME, wish)
    assert offer is not None
    assert offer.credit_amount == 20_000_000
    assert offer.term_months > 120
    assert not fits_income(simulate(HOME, replace(offer, term_months=offer.term_months - 1)))


def test_an_income_too_small_for_any_term_gets_a_smaller_amount():
    offer = best_offer(HOME, ask(30_000_000, 180, monthly_income=500_000))
    assert offer is not None
    assert offer.term_months == 240
    assert 0 < offer.credit_amount < 30_000_000


def test_a_fitting_wish_is_offered_unchanged():
    wish = ask(10_000_000, 120, collateral_value=80_000_000, monthly_income=2_000_000)
    assert best_offer(HOME, wish) == wish


def test_beyond_the_ltv_the_refusal_carries_what_would_pass():
    with pytest.raises(LimitExceeded) as refusal:
        simulate(HOME, ask(50_000_000, 180, collateral_value=60_000_000))
    assert (refusal.value.code, refusal.value.limit) == ("ltv", Decimal("0.60"))
    assert refusal.value.best is not None
    assert refusal.value.best.credit_amount == 36_000_000


def test_a_credit_of_exactly_the_ltv_passes():
    assert simulate(HOME, ask(36_000_000, 180, collateral_value=60_000_000)).ltv == Decimal("0.6")


def test_price_has_a_tighter_ltv_than_sac():
    wish = ask(40_000_000, 360, collateral_value=50_000_000)
    assert simulate(FINANCING, wish).ltv == Decimal("0.8")
    with pytest.raises(LimitExceeded) as refusal:
        simulate(FINANCING, replace(wish, system="price"))
    assert refusal.value.best.credit_amount == 35_000_000


@pytest.mark.parametrize(("term", "code", "limit"), [(35, "term_min", 36), (241, "term_max", 240)])
def test_a_term_outside_the_product_is_refused_with_the_nearest_one(term, code, limit):
    with pytest.raises(LimitExceeded) as refusal:
        simulate(HOME, ask(10_000_000, term))
    assert (refusal.value.code, refusal.value.limit, refusal.value.best.term_months) == (code, limit, limit)


def test_a_home_above_the_sfh_ceiling_is_refused_without_an_offer():
    with pytest.raises(LimitExceeded) as refusal:
        simulate(FINANCING, ask(100_000_000, 360, collateral_value=225_000_001))
    assert (refusal.value.code, refusal.value.best) == ("collateral_max", None)


def test_a_ceiling_on_the_credit_is_refused_with_the_ceiling():
    with pytest.raises(LimitExceeded) as refusal:
        simulate(replace(PERSONAL, max_credit=5_000_000), ask(6_000_000, 24))
    assert (refusal.value.code, refusal.value.best.credit_amount) == ("credit_max", 5_000_000)


def test_payroll_commits_35_percent_of_the_income():
    result = simulate(PAYROLL, ask(1_000_000, 84, monthly_income=500_000))
    assert result.min_income == round(result.instalment / 0.35)


def test_no_income_is_refused_without_an_offer():
    with pytest.raises(LimitExceeded) as refusal:
        simulate(HOME, ask(10_000_000, 120, monthly_income=0))
    assert (refusal.value.code, refusal.value.best) == ("income", None)


@pytest.mark.parametrize(
    "absurd",
    [
        {"credit_amount": 0},
        {"credit_amount": -1},
        {"credit_amount": 10**30},
        {"credit_amount": 1.5},
        {"term_months": 0},
        {"term_months": -12},
        {"term_months": True},
        {"collateral_value": 0},
        {"monthly_income": -1},
        {"down_payment": -1},
        {"first_due": SIGNED},
        {"first_due": date(2031, 1, 1)},
        {"system": "french"},
    ],
)
def test_absurd_input_is_a_clear_error(absurd):
    with pytest.raises(ValueError, match=next(iter(absurd))):
        SimulationRequest(**{"credit_amount": 1000, "term_months": 12, "contract_date": SIGNED, **absurd})


def test_an_enormous_term_is_refused_and_never_computed():
    with pytest.raises(LimitExceeded):
        simulate(HOME, ask(10_000_000, 10**12, monthly_income=1_000_000))


def test_a_consorcio_cannot_be_simulated_as_a_loan_nor_a_loan_as_a_consorcio():
    with pytest.raises(ValueError, match="cannot be simulated"):
        simulate(CONSORCIO, ask(10_000_000, 100, system="price"))
    with pytest.raises(ValueError, match="cannot be simulated"):
        simulate(HOME, ask(10_000_000, 100, system="consorcio"))


def test_costs_paid_at_once_that_eat_the_whole_credit_are_an_error():
    with pytest.raises(ValueError, match="nothing is left"):
        simulate(replace(PERSONAL, fee_financed=60_000), ask(50_000, 12, finance_costs=False))


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_term": 0},
        {"min_term": 90},
        {"rate_year": Decimal("0.1")},
        {"rate_month": None},
        {"rate_month": Decimal(-1)},
        {"max_ltv": Decimal(60)},
        {"income_commitment": Decimal(0)},
        {"fee_financed": -1},
        {"iof_daily": Decimal("0.01")},
        {"system": "french"},
    ],
)
def test_terms_that_contradict_themselves_are_refused(wrong):
    with pytest.raises(ValueError, match=PAYROLL.code):
        replace(PAYROLL, **wrong)
