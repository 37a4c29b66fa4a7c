"""What clients ask beside the open question, and what they hear."""

import pytest

from agent.brain import beside, replies
from agent.tests.chat import Chat


def answer(text):
    return "\n".join(Chat("oi", "Maria", "empréstimo pessoal").say(text).replies)


@pytest.mark.parametrize("text", ["você é um robô?", "tô falando com uma máquina?", "isso é inteligência artificial?"])
def test_she_says_what_she_is_and_offers_a_person(text):
    assert "assistente virtual da *Horizonte Crédito*" in answer(text)
    assert "não uma pessoa" in answer(text)
    assert "*consultor*" in answer(text)


@pytest.mark.parametrize(
    "text", ["isso é golpe?", "é confiável?", "tem que pagar alguma coisa antes?", "vcs pedem pix?", "é de graça?"]
)
def test_a_doubtful_client_hears_that_nothing_is_paid_before(text):
    assert "ninguém cobra nada antes" in answer(text)
    assert "senha" in answer(text)


def test_a_second_doubt_gets_other_words():
    chat = Chat("isso é golpe?")
    assert beside.SAFE_AGAIN in chat.say("tem que pagar antes?").replies[0]


@pytest.mark.parametrize(
    ("text", "piece"),
    [
        ("o que é consórcio?", "contemplado"),
        ("como funciona?", "empréstimo pessoal"),
        ("como faço pra começar?", "Funciona assim"),
        ("qual a diferença entre consórcio e financiamento?", "dá uma entrada"),
        ("tô com o nome sujo, consigo?", "depende da análise"),
        ("quanto tempo demora pra cair?", "depende da análise"),
        ("posso quitar antes do prazo?", "redução"),
        ("não sei", beside.NEVER_MIND),
        ("tô meio perdida", beside.SLOWLY),
        ("posso pagar em dólar?", replies.UNKNOWN),
    ],
)
def test_a_question_beside_the_point_is_answered(text, piece):
    assert piece in answer(text)


@pytest.mark.parametrize("text", ["foi engano, desculpa", "acho que mandei pro número errado"])
def test_a_wrong_number_is_left_in_peace(text):
    chat = Chat("oi", text)
    assert chat.decisions[-1].replies == (replies.WRONG_NUMBER,)
    assert chat.say("desculpa").replies == (replies.THANKS,)


def test_only_a_lone_question_mark_brings_the_question_again():
    assert answer("?") == "E de quanto você precisa?"


def test_a_model_may_ask_whether_to_go_on_before_our_question():
    decision = Chat("oi").answered("boa tarde", "Certo! Vamos seguir?")
    assert decision.replies[0].startswith("Certo! Vamos seguir? ")
    assert decision.model_used
