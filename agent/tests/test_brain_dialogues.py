from itertools import cycle
from random import Random

import pytest

from agent.brain.dialogue import DialogueState
from agent.brain.model_reply import ModelReply, ProposedSlots
from agent.brain.player import play
from agent.brain.products import DEFAULT_PRODUCTS
from agent.brain.replies import MAX_CHARS
from agent.brain.scoring import slot_equals
from agent.brain.stages import Stage
from agent.tests.evaluation import cases, load
from agent.tests.guarding import ALSO_BAD, BAD


def test_there_are_enough_of_them_and_none_twice():
    ids = [case["id"] for case in load("dialogues")]
    assert len(ids) == len(set(ids)) >= 40


@pytest.mark.parametrize("case", cases("dialogues"))
def test_a_scripted_client_gets_where_they_should(case):
    game = play(case)
    assert game.outcome == case["outcome"], game.transcript
    slots = game.state.slots
    wrong = {s: slots.get(s) for s, want in case["expect"]["slots"].items() if not slot_equals(s, slots.get(s), want)}
    assert wrong == {}
    assert not set(case["expect"].get("not_slots", ())) & set(slots)


@pytest.mark.parametrize("case", cases("dialogues"))
def test_every_reply_of_livia_passes_her_own_guard(case):
    for decision in play(case).decisions:
        assert decision.guard_hits == ()
        assert not decision.default
        assert [figure for figure in decision.figures if not figure["source"]] == []
        assert all(0 < len(reply) <= MAX_CHARS for reply in decision.replies)


@pytest.mark.parametrize("case", cases("dialogues"))
def test_a_lying_model_changes_neither_outcome_nor_values_and_none_of_its_lies_is_said(case):
    lies = cycle([*(reply for _code, reply in BAD), *ALSO_BAD])
    values = ProposedSlots(name="Fernanda", credit_amount=1, term_months=1, product="consorcio", monthly_income=1)

    def lie(_state: DialogueState, _texts: list[str]) -> ModelReply:
        return ModelReply(reply=next(lies), intent="opt_out", slots=values, next_stage=Stage.TRANSFERRED, confidence=1)

    honest, lied_to = play(case), play(case, propose=lie)
    assert lied_to.outcome == honest.outcome == case["outcome"]
    assert lied_to.state.slots == honest.state.slots
    assert lied_to.transcript == honest.transcript


@pytest.mark.parametrize("case", cases("dialogues"))
def test_a_chatty_model_gets_every_client_where_they_should(case):
    chat = cycle(["Que bom falar com você!", "Entendi, obrigada por contar.", "Anotado! Tudo bem até aqui?", "Legal!"])
    game = play(case, propose=lambda _state, _texts: ModelReply(reply=next(chat), intent="other", confidence=0.9))
    assert game.outcome == case["outcome"], game.transcript
    slots = game.state.slots
    wrong = {s: slots.get(s) for s, want in case["expect"]["slots"].items() if not slot_equals(s, slots.get(s), want)}
    assert wrong == {}


ANSWERS = {
    "name": "Maria", "city": "Campinas SP", "credit_amount": "90 mil", "property_value": "800 mil",
    "vehicle_value": "200 mil", "monthly_income": "20 mil", "term_months": "60 meses", "purpose": "reforma",
    "occupation": "clt", "collateral_paid_off": "sim", "urgency": "esse mês",
}  # fmt: skip
ASKS = (
    "Certo! Qual é a sua renda mensal?", "Legal. Em qual cidade você mora?", "Anotado! Qual prazo fica bom para você?",
    "Perfeito! De quanto você precisa?", "Como posso te chamar?", "E como você trabalha?",
)  # fmt: skip


@pytest.mark.parametrize("product", DEFAULT_PRODUCTS)
@pytest.mark.parametrize("seed", range(4))
def test_in_whatever_order_a_model_asks_the_client_arrives(product, seed):
    pick = Random(seed)  # noqa: S311
    case = {"turns": ["oi"], "answers": {**ANSWERS, "product": DEFAULT_PRODUCTS[product].name}, "closing": ["sim"] * 3}
    game = play(case, propose=lambda _state, _texts: ModelReply(reply=pick.choice(ASKS), confidence=0.9))
    assert game.outcome == "transferred", game.transcript
    assert any(decision.model_used for decision in game.decisions)
    asked = [decision.state.asked for decision in game.decisions if decision.state.asked]
    assert len(asked) == len(set(asked))
