import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.brain.reading import read_burst
from agent.brain.scoring import extract_faults
from agent.brain.understanding import understand
from agent.tests.evaluation import cases
from agent.tests.writings import writings

SAYINGS = {
    "credit_amount": ("quero {}", "preciso de {}", "vocês emprestam {}?", "quero um empréstimo de {}"),
    "property_value": ("minha casa vale {}", "tenho um apartamento de {}", "imóvel avaliado em {}", "casa de {}"),
    "vehicle_value": ("meu carro vale {}", "tenho um onix 2019 que vale {}", "o valor do carro é {}"),
    "monthly_income": ("ganho {} por mês", "minha renda é de {}", "recebo {} de salário", "tiro {} por mês"),
    "down_payment": ("tenho {} de entrada", "entrada de {}", "dou {} de entrada"),
    "max_installment": ("parcela de até {}", "posso pagar até {} por mês"),
    "term_months": ("em {} meses", "quero pagar em {}x", "prazo de {} meses"),
    None: (
        "tenho 45 anos",
        "pago 1.200 de aluguel",
        "devo 15 mil no cartão",
        "tenho 2 filhos",
        "moro no apto 302",
        "meu telefone é 11 98765-4321",
        "nasci em 12/03/1985",
        "trabalho há 8 anos na mesma empresa",
        "faltam 10 parcelas do carro",
        "minha esposa ganha 3 mil",
        "me chama amanhã às 15h",
    ),
}
ROUND = {
    "credit_amount": st.integers(8, 900).map(lambda n: n * 1000),
    "property_value": st.integers(60, 2500).map(lambda n: n * 1000),
    "vehicle_value": st.integers(15, 300).map(lambda n: n * 1000),
    "monthly_income": st.integers(15, 250).map(lambda n: n * 100),
    "down_payment": st.integers(10, 400).map(lambda n: n * 1000),
    "max_installment": st.integers(4, 40).map(lambda n: n * 100),
    "term_months": st.sampled_from([24, 36, 48, 60, 120, 180, 240]),
}


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


@st.composite
def messages(draw):
    """A few things said in one message, and the figures that must come out."""
    topics = draw(st.lists(st.sampled_from([*ROUND, None]), min_size=1, max_size=4, unique=True))
    figures, clauses = {}, []
    for slot in topics:
        saying = draw(st.sampled_from(SAYINGS[slot]))
        if slot is None:
            clauses.append(saying)
            continue
        value = draw(ROUND[slot])
        figures[slot] = value if slot == "term_months" else value * 100
        clauses.append(saying.format(value if slot == "term_months" else draw(st.sampled_from(writings(value)))))
    return draw(st.sampled_from([", ", ". ", "\n", " e "])).join(clauses), figures


@settings(max_examples=400, deadline=None)
@given(messages())
def test_every_figure_goes_to_its_slot_however_it_is_written(message):
    text, figures = message
    assert {slot: value for slot, value in slots(text).items() if slot in ROUND} == figures


def test_figures_are_read_across_a_burst_with_the_message_each_came_from():
    reading = read_burst(["meu ap vale", "330 mil", "quero 90", "em 10 anos"], asked=None, last_bot=None, known={})
    assert dict(reading.slots) | {"product": None} == {
        "property_value": 33_000_000,
        "credit_amount": 9_000_000,
        "term_months": 120,
        "product": None,
    }
    assert {slot: reading.sources[slot] for slot in ("property_value", "credit_amount", "term_months")} == {
        "property_value": 1,
        "credit_amount": 2,
        "term_months": 3,
    }


def test_a_number_that_answered_the_term_is_no_amount_too():
    assert slots("quero parcelar em 48", "term_months") == {"term_months": 48}


@pytest.mark.parametrize(
    "text",
    [
        "o cpf do meu pai é 529.982.247-25",
        "529.982.247-25 é o da minha esposa",
        "liga pro meu marido 21 99876-5432",
        "o whats do corretor é 41 99999-8888",
        "número do benefício 1234567890",
        "email da minha mulher maria@example.com",
    ],
)
def test_documents_of_somebody_else_are_left_alone(text):
    assert not slots(text).keys() & {"cpf", "phone", "email"}


def test_a_correction_around_the_amount_is_read_to_the_end():
    assert slots("não é 80 mil, é 90 mil", credit_amount=8_000_000) == {"credit_amount": 9_000_000}
    assert slots("não é 80 mil, é 90 mil") == {}


def test_the_number_in_place_of_a_term_is_a_term():
    assert slots("quero 80 mil em 60 vezes, aliás 72") == {"credit_amount": 8_000_000, "term_months": 72}
    assert slots("em vez de 10 anos coloca 15", "term_months") == {"term_months": 180}


def test_a_number_a_money_word_leads_to_is_no_term_though_a_term_was_asked():
    known = {"credit_amount": 10_000_000, "property_value": 50_000_000, "product": "home_equity"}
    reading = understand("na verdade são 150 mil e o apto vale 600", asked="term_months", last_bot=None, known=known)
    assert reading.slots == {"credit_amount": 15_000_000, "property_value": 60_000_000}
    assert slots("60, e ganho 5", "term_months") == {"term_months": 60, "monthly_income": 500_000}
    assert slots("quero em 120", "term_months") == {"term_months": 120}


def test_the_noun_after_an_amount_tells_what_it_is():
    expected = {"credit_amount": 18_000_000, "property_value": 50_000_000}
    assert slots("180 mil o empréstimo e 500 mil a casa") == expected
    assert slots("na verdade 180 mil o empréstimo", "property_value") == {"credit_amount": 18_000_000}


def test_a_refused_amount_is_no_wish_but_gives_way_to_the_one_wished_for():
    assert slots("não quero empréstimo de 100 mil não, é muito", "credit_amount") == {}
    assert slots("não quero 100 mil, quero 50 mil") == {"credit_amount": 5_000_000}
