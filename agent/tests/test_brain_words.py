"""What the client says in words: names, places, products, circumstances, documents."""

import pytest

from agent.brain.scoring import extract_faults
from agent.brain.text import normalise
from agent.brain.trimmings import bare
from agent.brain.understanding import understand
from agent.tests.evaluation import cases


def slots(text, asked=None):
    return understand(text, asked=asked, last_bot=None, known={}).slots


@pytest.mark.parametrize("case", cases("extract_words"))
def test_the_words_of_an_evaluation_case_come_out(case):
    assert extract_faults(case, slots(case["text"], case["asked"])) == []


@pytest.mark.parametrize("around", ["oi, {}", "Lívia, {}", "boa tarde\n{}", "{} 😊", "{} kkk", "{} por favor", "{}!!!"])
@pytest.mark.parametrize(
    ("asked", "text"), [("name", "Salvador Pereira"), ("city", "curtiba"), ("city", "MT"), ("product", "1")]
)
def test_courtesies_around_an_answer_change_nothing(around, asked, text):
    assert slots(around.format(text), asked) == slots(text, asked) != {}


def test_a_message_of_courtesies_alone_keeps_them():
    assert bare(normalise("oi, Lívia!")).original == "oi, Lívia"
