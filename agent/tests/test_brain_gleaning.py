"""What clients answer out of turn: a lone amount, a late name, a correction of its own, a share of the price."""

import pytest

from agent.brain import replies
from agent.brain.reading import read_burst
from agent.tests.chat import HOME, Chat

PURCHASE = ("oi", "Maria", "quero financiar um apartamento de 500 mil")


def slots_after(*said):
    return Chat(*said).state.slots


@pytest.mark.parametrize(
    ("said", "slot", "value"),
    [
        (("quero empréstimo consignado", "10 mil"), "credit_amount", 1_000_000),
        (("empréstimo com garantia do carro", "uns 25 mil"), "credit_amount", 2_500_000),
        (("garantia do carro, 20 mil",), "credit_amount", 2_000_000),
        (("consignado", "40 mil em 84 vezes"), "credit_amount", 4_000_000),
        (("quero financiar um apê", "ele é 450 mil"), "property_value", 45_000_000),
        (("oi", "30 mil"), "credit_amount", 3_000_000),
    ],
)
def test_a_lone_amount_is_the_next_one_needed_whatever_was_asked(said, slot, value):
    assert slots_after(*said)[slot] == value


def test_an_amount_that_was_read_is_not_taken_twice():
    assert "credit_amount" not in slots_after("garantia do carro", "meu carro vale 65 mil")


@pytest.mark.parametrize("text", ["Lindalva", "seu Raimundo", "Ana Paula", "é Sérgio"])
def test_a_first_name_alone_answers_the_question_before(text):
    chat = Chat("quero consignado", "8 mil", "sou aposentada")
    assert chat.state.asked == "monthly_income"
    assert "name" in chat.say(text).state.slots


@pytest.mark.parametrize(
    ("burst", "slot", "value"),
    [
        (("quero 60 mil com garantia do carro", "opa", "50 mil", "*50"), "credit_amount", 5_000_000),
        (("garantia do carro", "quero 30 mil", "não, 35 mil"), "credit_amount", 3_500_000),
        (("meu carro vale 60 mil", "ops", "65 mil"), "vehicle_value", 6_500_000),
        (("quero 80 mil", "em 24x", "*36x"), "term_months", 36),
        (("ganho 5", "mil"), "monthly_income", 500_000),
    ],
)
def test_a_slip_is_corrected_in_a_message_of_its_own(burst, slot, value):
    assert read_burst(burst, asked=None, last_bot=None, known={}).slots[slot] == value


@pytest.mark.parametrize(
    ("said", "down", "credit"),
    [
        (("20% de entrada",), 10_000_000, 40_000_000),
        (("entrada de vinte por cento",), 10_000_000, 40_000_000),
        (("dou 100 mil de entrada",), 10_000_000, 40_000_000),
        (("dou 100 mil de entrada", "na verdade a entrada é 150 mil"), 15_000_000, 35_000_000),
        (("20% de entrada", "o apartamento é 600 mil na verdade"), 12_000_000, 48_000_000),
    ],
)
def test_price_and_entrada_give_the_credit_which_is_kept_with_the_simulation(said, down, credit):
    chat = Chat(*PURCHASE, *said, "ganho 25 mil", "30 anos", "Campinas SP", "clt")
    assert chat.decisions[-1].outcome == "simulated"
    assert (chat.state.slots["down_payment"], chat.state.slots["credit_amount"]) == (down, credit)
    chat.say("hmm")
    assert chat.state.slots["credit_amount"] == credit


def test_a_share_of_the_price_may_be_what_is_financed():
    assert slots_after(*PURCHASE, "quero financiar 80%")["credit_amount"] == 40_000_000


def test_the_name_is_asked_twice_at_most_and_once_more_before_the_simulation():
    chat = Chat("oi", "hmm")
    assert chat.decisions[-1].replies == (replies.QUESTIONS["name"][1],)
    assert chat.say("tá").state.asked == "product"
    for text in ("empréstimo pessoal", "5 mil", "ganho 4 mil", "18x", "Franca SP", "reformar", "clt"):
        chat.say(text)
    assert chat.decisions[-1].replies[0].endswith(replies.NAME_AT_LAST)
    assert chat.say("Maria").outcome == "simulated"
    said = [reply for decision in chat.decisions for reply in decision.replies]
    assert len(said) == len(set(said))


def test_who_tells_something_else_instead_of_the_name_is_asked_for_the_next_thing():
    chat = Chat("quero um empréstimo pessoal", "5 mil")
    assert chat.state.asked == "monthly_income"


def test_who_keeps_the_name_is_not_asked_again():
    chat = Chat("empréstimo pessoal 5 mil", "prefiro não dizer", "ganho 4 mil", "18x", "Franca SP", "reformar", "clt")
    assert chat.decisions[-1].outcome == "simulated"


@pytest.mark.parametrize(
    ("said", "product"),
    [
        (("quero um consórcio", "não, consórcio demora muito, quero financiar mesmo"), "real_estate_financing"),
        (("empréstimo pessoal", "na verdade tenho um carro quitado, prefiro com garantia dele"), "auto_equity"),
        (("empréstimo pessoal", "me explica melhor o consórcio"), "personal_loan"),
    ],
)
def test_a_product_changes_where_the_client_says_so(said, product):
    assert slots_after("oi", "Maria", *said)["product"] == product


def test_the_whole_conversation_never_says_the_same_twice():
    said = [reply for decision in Chat(*HOME).decisions for reply in decision.replies]
    assert len(said) == len(set(said))
