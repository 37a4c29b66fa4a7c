import pytest

from agent.brain.intents import INTENTS
from agent.brain.scoring import intent_passes
from agent.brain.understanding import understand
from agent.tests.evaluation import cases


def intent(text, last_bot=None):
    return understand(text, asked=None, last_bot=last_bot, known={}).intent


@pytest.mark.parametrize("case", cases("intent"))
def test_the_intent_of_an_evaluation_case_is_seen(case):
    seen = intent(case["text"], case["last_bot"])
    assert intent_passes(case, seen), seen
    assert seen in INTENTS


@pytest.mark.parametrize("verb", ["sair", "parar", "cancelar", "remover", "tirar", "excluir"])
@pytest.mark.parametrize("what", ["do aluguel", "das dívidas", "o cartão", "do banco", "do vermelho", "a dívida"])
def test_a_bare_verb_inside_a_sentence_is_no_opt_out(verb, what):
    assert intent(f"quero {verb} {what}") != "opt_out"


@pytest.mark.parametrize("text", ["SAIR", "sair.", "Parar!", "stop", "por favor me tira da lista de vocês"])
def test_exact_words_and_patterns_about_the_list_are_opt_outs(text):
    assert intent(text) == "opt_out"


@pytest.mark.parametrize(
    ("said", "seen"), [("já quitei", "affirm"), ("tá no meu nome sim", "affirm"), ("falta um ano pra quitar", "deny")]
)
def test_a_fact_about_the_collateral_answers_a_question_about_it_only(said, seen):
    assert intent(said, "O imóvel está quitado?") == seen
    assert intent(said, "Qual a sua renda?") not in {"affirm", "deny"}
