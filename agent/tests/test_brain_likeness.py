import random
from pathlib import Path

import pytest

import agent.brain.likeness as likeness
from agent.brain.intents import INTENTS, classify_intent
from agent.brain.likeness import Likeness, learned
from agent.brain.text import normalise
from agent.brain.trimmings import core_of
from agent.brain.understanding import understand

PHRASES = [
    tuple(line.split("\t"))
    for line in (Path(likeness.__file__).parent / "data" / "phrases.tsv").read_text(encoding="utf-8").splitlines()
]
FOLDS = 5


def core(text):
    return core_of(normalise(text).text)


def intent(text, last_bot=None):
    return understand(text, asked=None, last_bot=last_bot, known={}).intent


def test_every_sentence_stands_once_under_an_intent_we_know():
    assert {said for said, _ in PHRASES} <= set(INTENTS)
    texts = [text.lower() for _, text in PHRASES]
    assert len(texts) == len(set(texts))


def test_of_the_sentences_it_never_saw_it_is_right_far_more_often_than_wrong():
    order = random.Random(7).sample(PHRASES, len(PHRASES))
    right = wrong = 0
    for fold in range(FOLDS):
        model = Likeness(pair for at, pair in enumerate(order) if at % FOLDS != fold)
        for said, text in order[fold::FOLDS]:
            pending = said in {"affirm", "deny"}
            if classify_intent(normalise(text).text, yes_no=pending) == "other":
                seen = model.intent(core(text), pending=pending)
                right, wrong = right + (seen == said), wrong + (seen not in {None, said})
    assert right >= 150
    assert right >= 3 * wrong


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("me dá um valor aproximado de quanto ia ser por mês", "ask_simulation"),
        ("vixi mas esse juro aí é salgadinho demais", "objection_expensive"),
        ("arrumei emprestado com minha cunhada já", "not_interested"),
        ("queria ouvir a voz de uma pessoa", "ask_human"),
        ("robozinho burro demais", "abuse"),
        ("e aí, como foi a semana?", "smalltalk"),
    ],
)
def test_a_turn_of_phrase_without_a_rule_is_read_by_its_like(said, seen):
    assert intent(said) == seen


@pytest.mark.parametrize("text", [text for said, text in PHRASES if said == "opt_out"])
def test_it_never_speaks_of_leaving_the_list(text):
    assert learned().intent(core(text), pending=False) != "opt_out"


def test_a_yes_or_a_no_answers_a_pending_question_only():
    assert learned().intent(core("tá tudo certim"), pending=True) == "affirm"
    assert learned().intent(core("tá tudo certim"), pending=False) is None


@pytest.mark.parametrize(
    "text",
    [
        "quero um empréstimo", "já tentei em três bancos e não consegui", "mandei os documentos ontem",
        "falei com o gerente do meu banco", "meu patrão é um animal", "precisa de fiador?", "sou viúva", "Itaim Bibi",
    ],
)  # fmt: skip
def test_what_clients_tell_about_themselves_stays_other(text):
    assert intent(text) == "other"


@pytest.mark.parametrize("text", ["", "   ", "😀", "1234", "juros de 2% ao mês", "xyzw qwpt"])
def test_figures_and_nothing_known_are_like_nothing(text):
    assert learned().intent(core(text), pending=True) is None


def test_not_wanting_to_go_on_is_more_than_a_no_when_nothing_was_asked():
    assert intent("não vou mexer mais com isso") == "not_interested"
    assert intent("não precisa", "Posso simular para você?") == "deny"
