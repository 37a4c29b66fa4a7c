"""What Lívia writes to whoever stopped answering: no figure, no pressure, the open question."""

from itertools import product

import pytest

from agent.brain.guard import AllowedFigures, check
from agent.brain.reminders import reminder
from agent.brain.replies import QUESTIONS
from agent.brain.state import DialogueState

PENDING = ("transfer", "offer", "offer_person")


@pytest.mark.parametrize("variant", [0, 1, 7])
@pytest.mark.parametrize("last", [False, True])
def test_every_reminder_passes_the_guard(variant, last):
    states = [DialogueState(asked=slot) for slot in (*QUESTIONS, "urgency", "something_new", None)]
    states += [DialogueState(pending=pending, slots={"name": "Maria Souza"}) for pending in PENDING]
    for state in states:
        text = reminder(state, last=last, variant=variant)
        assert check(text, AllowedFigures()) == [], text
        assert "{" not in text and "?" in text
        assert "Souza" not in text


def test_each_open_question_has_its_own_words():
    states = [*(DialogueState(asked=slot) for slot in QUESTIONS), *(DialogueState(pending=one) for one in PENDING)]
    assert len({reminder(state, last=False, variant=0) for state in states}) == len(states)


def test_the_yes_no_question_comes_before_the_slot_asked():
    both = DialogueState(asked="city", pending="transfer")
    assert "consultor" in reminder(both, last=False, variant=0)


def test_the_last_one_says_so_and_how_to_be_left_alone():
    ways = [
        reminder(DialogueState(asked="city"), last=last, variant=way) for last, way in product((False, True), (0, 1))
    ]
    assert len(set(ways)) == 4
    assert ["SAIR" in text for text in ways] == [False, False, True, True]
