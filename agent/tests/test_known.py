from decimal import Decimal

import pytest

from agent.brain.business import BusinessInfo, Faq
from agent.brain.known import (
    Known,
    known_business,
    known_offer,
    known_products,
    known_simulation,
    known_slots,
    known_texts,
    provenance,
)  # fmt: skip
from agent.brain.products import DEFAULT_PRODUCTS
from agent.tests.chat import HOME, Chat


def sources(reply, knowns):
    return {figure["text"]: figure["source"] for figure in provenance(reply, knowns)}


def test_each_figure_tells_where_it_comes_from():
    result = Chat(*HOME).decisions[-1].simulation
    knowns = [
        *known_simulation(result),
        *known_slots({"credit_amount": 30_000_000, "term_months": 180}),
        *known_texts(["pago 2 mil de aluguel"]),
        *known_products([DEFAULT_PRODUCTS["home_equity"]]),
        *known_offer({"credit_amount": 4_800_000}),
        *known_business(BusinessInfo(faq=(Faq("Valor mínimo?", "A partir de R$ 50.000."),))),
    ]
    reply = "180x de R$ 4.192,06, até 60%, R$ 50.000, R$ 48.000, 240 meses, 2 mil e R$ 9,99."
    assert sources(reply, knowns) == {
        "180x": "simulation", "R$ 4.192,06": "simulation", "60%": "product:home_equity", "R$ 50.000": "business",
        "R$ 48.000": "offer", "240 meses": "product:home_equity", "2 mil": "client", "R$ 9,99": "",
    }  # fmt: skip


def test_the_calculator_is_named_before_the_client():
    knowns = [*known_slots({"credit_amount": 100}), Known("money", Decimal(100), "simulation")]
    assert sources("R$ 1,00", knowns) == {"R$ 1,00": "simulation"}


@pytest.mark.parametrize(
    ("kind", "known", "shown", "matches"),
    [
        ("money", "125762", "125762", True),
        ("money", "125762", "125800", True),  # whole reais
        ("money", "125762", "125700", False),
        ("percent", "16.0380", "16.04", True),
        ("percent", "16.0380", "16", False),
        ("percent", "60", "60", True),
        ("term", "180", "180", True),
        ("term", "180", "181", False),
    ],
)
def test_a_figure_may_be_rounded_as_people_do(kind, known, shown, matches):
    assert Known(kind, Decimal(known), "simulation").matches(kind, Decimal(shown)) is matches


def test_a_figure_of_another_kind_never_matches():
    assert not Known("term", Decimal(60), "client").matches("percent", Decimal(60))


def test_every_figure_livia_said_in_a_whole_conversation_is_traced():
    chat = Chat("qual a taxa?", *HOME, "achei caro", "sim", "sim")
    figures = [figure for decision in chat.decisions for figure in decision.figures]
    assert len(figures) > 20
    assert all(figure["source"] for figure in figures)
