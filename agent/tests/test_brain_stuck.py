"""Maria says nothing of use, asks for the most, or names what she has instead of a product."""

import pytest

from agent.brain import replies
from agent.brain.questions import IN_REAIS
from agent.brain.stages import Stage
from agent.tests.chat import Chat

LOAN = ("oi, sou a Maria", "quero 300 mil no pessoal")


def test_a_person_offered_twice_in_vain_is_called():
    chat = Chat(*LOAN, "sei lá", "sei lá", "sei lá")
    assert [decision.outcome for decision in chat.decisions[-2:]] == ["continue", "continue"]
    called = chat.say("sei lá")
    assert (called.outcome, called.reason) == ("handoff", "too_many_misses")


def test_a_greeting_time_after_time_does_not_turn_the_list_for_ever():
    chat = Chat("oi", *["oi"] * 9)
    assert chat.state.stage == Stage.HANDED_OVER or chat.state.pending == "offer_person"
    said = [reply for decision in chat.decisions for reply in decision.replies]
    assert max(said.count(reply) for reply in said) <= 2


def test_an_income_in_wages_is_asked_for_in_reais():
    chat = Chat(*LOAN)
    assert chat.say("ganho dois salários mínimos").replies[-1].endswith(IN_REAIS)
    assert chat.say("uns 3.200").state.slots["monthly_income"] == 320_000


def test_the_example_of_an_income_fits_a_pension():
    chat = Chat("sou a Maria, quero um consignado de 10 mil", "sou aposentada")
    assert replies.PENSION in chat.say("não sei bem").replies[-1]


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("quero 300 mil, meu apartamento vale 900 mil", "home_equity"),
        ("preciso de 40 mil, meu carro vale 90 mil", "auto_equity"),
        ("quero 300 mil para comprar um apartamento, ele vale 900 mil", "real_estate_financing"),
        ("quero 20 mil, moro na rua Augusta 1500 apto 42", None),
        ("preciso de 80 mil para reformar a casa", None),
    ],
)
def test_an_own_home_or_car_is_the_collateral(text, product):
    assert Chat("sou a Maria", text).state.slots.get("product") == product


def test_the_most_she_can_get_is_offered():
    chat = Chat(*LOAN, "ganho 5 mil", "24 meses", "Poá SP", "reforma", "clt")
    assert chat.state.pending == "offer"
    most = chat.say("quanto eu consigo então?")
    assert most.replies[-1].startswith("Consigo simular *R$ 28.000*")
    assert most.state.pending == "offer" and replies.UNKNOWN not in " ".join(most.replies)


def test_a_smiley_goes_with_the_hello_it_stood_behind():
    said = Chat().answered("Boa tarde", "Boa tarde! 😊 Que bom falar com você.").replies[0]
    assert "😊 😊" not in said and "😊 Que bom falar" in said


def test_a_list_that_leads_to_nothing_is_left_out():
    chat = Chat("oi", "Maria")
    words = "Temos garantia de imóvel ou de veículo, consórcio e consignado. Qual dessas opções combina com você? 😊"
    said = " ".join(chat.answered("hum", words).replies)
    assert said.count("consórcio") + said.count("Consórcio") == 1 and not said.startswith("😊")


def test_the_rates_stand_where_a_model_evades():
    chat = Chat(*LOAN)
    said = chat.answered("qual a taxa?", "Boa pergunta! O consultor te explica com calma.").replies
    assert "4,50% ao mês" in " ".join(said)
