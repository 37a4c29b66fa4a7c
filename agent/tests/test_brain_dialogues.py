import pytest

from agent.brain.guard import AllowedFigures, check
from agent.brain.player import play
from agent.brain.products import DEFAULT_PRODUCTS
from agent.brain.replies import EXAMPLES, MAX_CHARS
from agent.brain.scoring import slot_equals
from agent.tests.evaluation import cases


@pytest.mark.parametrize("case", cases("dialogues"))
def test_a_scripted_client_gets_where_they_should(case):
    game = play(case)
    assert game.outcome == case["outcome"], game.transcript
    slots = game.state.slots
    wrong = {s: slots.get(s) for s, want in case["expect"]["slots"].items() if not slot_equals(s, slots.get(s), want)}
    assert wrong == {}


@pytest.mark.parametrize("case", cases("dialogues"))
def test_every_reply_of_livia_passes_her_own_guard(case):
    game = play(case)
    allowed = AllowedFigures.of_products(DEFAULT_PRODUCTS.values()) | AllowedFigures.of_texts(EXAMPLES)
    last = ""
    for decision in game.decisions:
        allowed |= AllowedFigures.of_slots(decision.state.slots)
        if decision.state.pending == "offer":  # figures of the calculator's best request
            offered = decision.state.adjusted
            money = frozenset(v for k, v in offered.items() if k != "term_months")
            allowed |= AllowedFigures(money=money, terms=frozenset({offered["term_months"]}))
        for result in filter(None, (decision.simulation, decision.refused)):
            allowed |= AllowedFigures.of_simulation(result)
        for reply in decision.replies:
            assert check(reply, allowed, last_reply=last) == [], reply
            assert len(reply) <= MAX_CHARS
            last = reply
