"""Machines on the other side: told from people who repeat themselves."""

import json
from pathlib import Path

import pytest

from agent.brain.loops import Line, LoopLimits, is_automatic, loop_sign

LIMITS = LoopLimits()


def talk(*said: str) -> list[Line]:
    """What the client wrote, with an answer of Lívia after each but the last."""
    lines = [line for text in said for line in (Line(text), Line("Qual valor você precisa?", mine=True))]
    return lines[:-1]


@pytest.mark.parametrize(
    "text",
    [
        "Olá! Obrigado pelo contato, em breve retornaremos.",
        "Agradecemos sua mensagem. No momento não estamos disponíveis.",
        "Agradecemos o seu contato! Nosso horário de atendimento é de segunda a sexta.",
        "Esta é uma mensagem automática, não responda.",
        "Bem-vindo! Digite 1 para vendas ou 2 para suporte",
        "Seja bem-vindo à Padaria Central! Escolha uma das opções:",
        "Opção inválida. Digite o número da opção desejada",
        "Olá, eu sou o assistente virtual da Loja X",
        "Responderemos o mais breve possível!",
        "Em breve um de nossos atendentes vai te atender",
        "Estamos fora do horário de atendimento",
    ],
)
def test_automatic_replies_are_known(text):
    assert is_automatic(text)


@pytest.mark.parametrize(
    "text",
    [
        "obrigado", "em breve te aviso", "qual o horário de atendimento de vocês?", "quero falar com um atendente",
        "no momento estou desempregado", "logo eu te mando os documentos", "escolho a primeira opção",
        "obrigada pela atenção", "tem menu?", "vou digitar meu cpf", "já entrei em contato antes", "não entendi",
    ],
)  # fmt: skip
def test_people_are_not_taken_for_machines(text):
    assert not is_automatic(text)


def test_two_automatic_replies_in_a_row_give_a_machine_away():
    auto = "Obrigado pelo contato! Em breve retornaremos."
    assert loop_sign(talk(auto), LIMITS) == ""
    assert loop_sign(talk("oi", auto, "Agradecemos sua mensagem, responderemos em breve"), LIMITS) == "auto_reply"


def test_a_persons_words_between_two_automatic_replies_prove_a_person():
    auto = "Obrigado pelo contato! Em breve retornaremos."
    assert loop_sign(talk(auto, "quero 50 mil", auto), LIMITS) == ""
    assert loop_sign(talk(auto, auto, "oi, sou eu mesmo, quero 50 mil"), LIMITS) == ""


def test_the_same_long_message_again_and_again_is_a_machine():
    said = [f"Promoção imperdível na nossa loja! Confira já. Pedido {number}" for number in range(4)]
    assert loop_sign(talk(*said[:3]), LIMITS) == ""
    assert loop_sign(talk(*said), LIMITS) == "repeats"


def test_a_word_may_be_repeated_more_often():
    assert loop_sign(talk(*["sim"] * 5), LIMITS) == ""
    assert loop_sign(talk(*["oi"] * 6), LIMITS) == "repeats"


def test_impatience_before_an_answer_is_one_message():
    assert loop_sign([Line("tem alguém aí, por favor?")] * 8, LIMITS) == ""


def test_nothing_said_is_no_loop():
    assert loop_sign([], LIMITS) == ""
    assert loop_sign(talk("", " ", "\n", ""), LIMITS) == ""


def test_no_dialogue_of_the_evaluation_set_looks_like_a_machine():
    sets = sorted((Path(__file__).parent.parent / "evaluation").glob("dialogues*.jsonl"))
    assert sets
    for case in (json.loads(row) for path in sets for row in path.read_text().splitlines()):
        said = [text for turn in case["turns"] for text in (turn if isinstance(turn, list) else [turn])]
        said += [*case.get("answers", {}).values(), *case.get("closing", [])]
        assert loop_sign(talk(*said), LIMITS) == "", case["id"]
