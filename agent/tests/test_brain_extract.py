import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.brain.scoring import extract_faults
from agent.brain.understanding import understand
from agent.tests.evaluation import cases


def slots(text, asked=None, **known):
    return understand(text, asked=asked, last_bot=None, known=known).slots


@pytest.mark.parametrize("case", cases("extract"))
def test_the_slots_of_an_evaluation_case_come_out(case):
    assert extract_faults(case, slots(case["text"], case["asked"])) == []


def test_left_out_thousands_depend_on_the_product():
    assert slots("500", "credit_amount", product="personal_loan") == {"credit_amount": 50_000}
    assert slots("500", "credit_amount", product="home_equity") == {"credit_amount": 50_000_000}


def test_a_bare_term_means_years_for_a_house_and_months_for_a_personal_loan():
    assert slots("15", "term_months", product="home_equity") == {"term_months": 180}
    assert slots("24", "term_months", product="personal_loan") == {"term_months": 24}


def test_a_bare_correction_is_about_the_value_given_last():
    known = {"credit_amount": 24_000_000, "last_filled": "credit_amount"}
    understood = understand("na verdade 200 mil", asked="monthly_income", last_bot=None, known=known)
    assert understood.slots == {"credit_amount": 20_000_000}
    assert understood.corrected == {"credit_amount"}


def test_after_the_simulation_an_amount_alone_changes_the_credit():
    assert slots("e se fosse 120 mil?", credit_amount=10_000_000) == {"credit_amount": 12_000_000}


def test_a_typical_message_takes_a_few_milliseconds():
    text = "oi, sou a Carla, moro em Maringá PR, quero 150 mil com garantia da casa que vale 500 mil"
    slots(text)
    began = time.perf_counter()
    for _ in range(20):
        slots(text)
    assert (time.perf_counter() - began) / 20 < 0.05


@pytest.mark.parametrize("piece", ["9 ", "meu ap vale 300 mil ", "moro em ", "a@", "garantia ", "não ", "1", "\n"])
def test_hostile_repetition_does_not_hold_a_worker(piece):
    began = time.perf_counter()
    slots(piece * (10_000 // len(piece)), "city")
    assert time.perf_counter() - began < 2


@given(st.text(max_size=200), st.sampled_from([None, "name", "city", "product", "credit_amount", "term_months", "cpf"]))
def test_no_text_breaks_the_reading(text, asked):
    slots(text, asked)
