"""A model's words in Maria's turns: used where they fit, replaced where they do not, never in charge."""

from dataclasses import replace

import pytest

from agent.brain import replies
from agent.brain.dialogue import DialogueState, Incoming, decide, hear
from agent.brain.handover import HUMAN
from agent.brain.known import known_simulation
from agent.brain.model_reply import ModelReply
from agent.brain.products import DEFAULT_PRODUCTS
from agent.brain.stages import Stage
from agent.tests.chat import BUSINESS, HOME, TODAY, Chat

ASKED = DialogueState(
    stage=Stage.QUALIFICATION,
    slots={"name": "Maria", "product": "home_equity"},
    asked="credit_amount",
    times_asked={"name": 1, "product": 1, "credit_amount": 1},
    last_reply="Qual valor você precisa, Maria?",
)


def asked(**changes):
    return Chat(state=replace(ASKED, **changes))


def test_an_ordinary_turn_is_said_in_the_models_words():
    decision = asked().answered("preciso de 90 mil", "Anotado, Maria! Quanto vale o seu imóvel?")
    assert decision.replies == ("Anotado, Maria! Quanto vale o seu imóvel?",)
    assert decision.path == ("rules", "model")
    assert decision.model_used
    assert decision.state.last_reply == decision.replies[0]
    assert (decision.state.asked, decision.state.times_asked["property_value"]) == ("property_value", 1)


def test_the_slot_the_model_asks_for_is_the_one_the_next_answer_fills():
    chat = asked()
    decision = chat.answered("preciso de 90 mil", "Anotado, Maria! Qual é a sua renda mensal?")
    assert decision.state.asked == "monthly_income"
    assert "property_value" not in decision.state.times_asked
    assert chat.say("8 mil").state.slots["monthly_income"] == 800_000


def test_words_that_ask_nothing_are_followed_by_the_rules_question():
    decision = asked().answered("preciso de 90 mil", "Que ótimo, Maria, anotado.")
    assert decision.replies == ("Que ótimo, Maria, anotado. Quanto vale o imóvel hoje, mais ou menos?",)


def test_a_question_about_nothing_needed_is_left_out():
    decision = asked().answered("preciso de 90 mil", "Anotado, Maria! Posso te mandar novidades toda semana?")
    assert decision.replies == ("Anotado, Maria! Quanto vale o imóvel hoje, mais ou menos?",)


def test_two_questions_at_once_become_the_one_of_the_rules():
    decision = asked().answered("preciso de 90 mil", "Certo! Qual é a sua renda? E em qual cidade você mora?")
    assert decision.replies == ("Certo! Quanto vale o imóvel hoje, mais ou menos?",)


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("Tudo bem? Qual é a sua renda mensal?", "Tudo bem? Qual é a sua renda mensal?"),
        ("Qual é a sua renda mensal? Quer falar com um consultor?", "Qual é a sua renda mensal?"),
        ("Quer um consultor? Se não, qual é a sua renda mensal?", "Se não, qual é a sua renda mensal?"),
    ],
)
def test_beside_the_question_about_a_slot_no_other_is_asked(reply, said):
    decision = asked().answered("preciso de 90 mil", reply)
    assert decision.replies == (said,)
    assert decision.state.asked == "monthly_income"


def test_a_known_value_asked_again_is_refused():
    decision = asked().answered("preciso de 90 mil", "Certo! Qual valor você precisa?")
    assert decision.replies[0].endswith("Quanto vale o imóvel hoje, mais ou menos?")
    assert [hit["code"] for hit in decision.guard_hits] == ["asks_known"]
    assert decision.path == ("rules", "template")


def test_what_the_guard_refuses_becomes_the_template_and_is_recorded():
    decision = asked().answered("preciso de 90 mil", "Consigo 0,85% ao mês pra você, Maria!")
    assert "0,85" not in decision.replies[0]
    assert not decision.model_used
    assert decision.guard_hits == ({"code": "figure", "text": "0,85%"},)


def test_a_rate_the_client_named_is_not_given_back_as_ours():
    decision = asked().answered("vi 0,85% ao mês em outro banco, preciso de 90 mil", "Consigo 0,85% ao mês pra você!")
    assert "0,85" not in decision.replies[0]


@pytest.mark.parametrize("stage", ["TRANSFERRED", "CONVERSION", "OPTED_OUT", "SIMULATION"])
def test_a_stage_the_model_proposes_is_only_advice(stage):
    decision = asked().answered("preciso de 90 mil", "Anotado! Qual é a sua renda?", next_stage=Stage(stage))
    assert decision.state.stage == Stage.QUALIFICATION
    assert decision.outcome == "continue"


def test_a_figure_of_the_model_never_beats_the_rules():
    decision = asked().answered("preciso de 90 mil", "Anotado! Qual é a sua renda?", slots={"credit_amount": 90_000})
    assert decision.state.slots["credit_amount"] == 9_000_000
    assert decision.rejected == ({"slot": "credit_amount", "value": 90_000, "why": "figures_belong_to_rules"},)


def test_a_grounded_word_of_the_model_joins_what_the_rules_read():
    chat = asked(slots={"name": "Maria"}, asked="product")
    text = "queria dinheiro, posso usar meu sobradinho que herdei, o sobrado da família"
    decision = chat.answered(text, "Entendi! Qual valor você precisa?", slots={"product": "home_equity"})
    assert decision.state.slots["product"] == "home_equity"
    assert decision.rejected == ()


def test_an_invented_word_of_the_model_does_not():
    chat = asked(slots={}, asked="name")
    decision = chat.answered(
        "oi, tudo certo?", "Oi! Como posso te chamar?", slots={"name": "Fernanda", "city": "Natal"}
    )
    assert "name" not in decision.state.slots
    assert {entry["slot"] for entry in decision.rejected} == {"name", "city"}


def test_a_handoff_the_client_did_not_ask_for_is_offered():
    decision = asked().answered("que confuso isso tudo", "Vou ajudar você.", handoff=True, handoff_reason="confusa")
    assert decision.replies[0].endswith(replies.OFFER_PERSON)
    assert decision.state.pending == "offer_person"
    assert decision.state.stage == Stage.QUALIFICATION


def test_a_handoff_in_the_clients_words_is_granted():
    decision = asked().answered("da pra ter um humano nessa conversa", "Claro, Maria!", handoff=True)
    assert (decision.outcome, decision.reason, decision.state.stage) == ("handoff", "asked_person", Stage.HANDED_OVER)
    assert decision.replies == (HUMAN,)


@pytest.mark.parametrize("text", ["não quero falar com consultor", "meu corretor falou 90 mil", "sou vendedora"])
def test_a_person_only_mentioned_is_not_asked_for(text):
    decision = asked().answered(text, "Certo, Maria.", handoff=True)
    assert decision.outcome == "continue"
    assert decision.state.stage == Stage.QUALIFICATION


def test_a_handoff_promised_only_in_words_is_refused():
    decision = asked().answered("preciso de 90 mil", "Vou te passar para um consultor agora mesmo.")
    assert [hit["code"] for hit in decision.guard_hits] == ["handoff_promise"]
    assert "consultor" not in decision.replies[0]


@pytest.mark.parametrize("text", ["quero parar de receber mensagens", "quero falar com um atendente", "seus ladrões"])
def test_hard_decisions_need_no_model_and_hear_none(text):
    chat = asked()
    heard = hear(chat.state, [Incoming(text)], products=DEFAULT_PRODUCTS, business=BUSINESS, today=TODAY)
    assert heard.hard
    decision = chat.answered(text, "Fica mais um pouco, Maria! Qual é a sua renda?")
    assert not decision.model_used


def test_the_simulation_and_its_question_are_always_templates():
    chat = Chat(*HOME[:-1])
    decision = chat.answered(HOME[-1], "Sua parcela fica em R$ 1,00, aprovadíssimo!")
    assert decision.outcome == "simulated"
    assert "R$ 300.000" in decision.replies[0]
    assert decision.path == ("rules", "calculator", "template")


def test_a_question_after_the_simulation_is_answered_by_the_model_and_the_decision_stays_open():
    chat = Chat(*HOME)
    decision = chat.answered(
        "e se eu quiser quitar antes?", "Pode sim, com desconto dos juros proporcionais. Quer quitar antes?"
    )
    assert decision.replies == (
        f"Pode sim, com desconto dos juros proporcionais. {replies.VARIANTS[replies.ASK_TRANSFER]}",
    )
    assert chat.state.pending == "transfer"
    assert chat.say("sim").outcome == "handoff"


def test_the_last_simulation_may_be_quoted_when_it_is_known():
    chat = Chat(*HOME)
    figures = known_simulation(chat.decisions[-1].simulation)
    said = "A parcela da simulação é de R$ 4.192,06, e o CET é de 16,04% ao ano."
    assert not chat.answered("quanto era mesmo a parcela da proposta?", said).model_used
    chat = Chat(*HOME, known=figures)
    decision = chat.answered("o que entra nesse valor todo?", said)
    assert decision.model_used
    assert {figure["source"] for figure in decision.figures} == {"simulation"}


def test_the_first_reply_always_says_who_speaks():
    decision = Chat().answered("oi, boa tarde", "Boa tarde! Como posso te chamar?")
    assert decision.replies == (
        "Olá! Eu sou a Lívia, assistente virtual da *Horizonte Crédito*. 😊 Como posso te chamar?",
    )
    decision = Chat().answered("oi", "Oi! Eu sou a Lívia, assistente virtual da Horizonte. Como posso te chamar?")
    assert decision.replies == ("Oi! Eu sou a Lívia, assistente virtual da Horizonte. Como posso te chamar?",)


def test_the_second_time_comes_with_an_example_whatever_the_model_says():
    decision = asked().answered("não sei direito", "Sem problema! De quanto você precisa?")
    assert decision.replies == (f"Sem problema! {replies.QUESTIONS['credit_amount'][1]}",)


def test_the_third_time_a_person_is_offered_whatever_the_model_says():
    chat = asked(times_asked={"credit_amount": 2})
    assert chat.answered("sei lá", "Tudo bem! De quanto você precisa?").replies == (replies.OFFER_PERSON,)


def test_a_repeat_of_the_last_reply_becomes_the_rules_words():
    decision = asked().answered("oi?", ASKED.last_reply)
    assert decision.replies[0] != ASKED.last_reply
    assert "repeat" in [hit["code"] for hit in decision.guard_hits]


def test_the_name_from_whatsapp_may_be_used_only_where_it_is_given():
    state = replace(ASKED, slots={"product": "home_equity"})
    said = "Prazer, Bruna! Qual é a sua renda mensal?"
    assert not Chat(state=state).answered("preciso de 90 mil", said).model_used
    assert Chat(state=state, names=["Bruna Lima"]).answered("preciso de 90 mil", said).model_used


def test_heard_carries_the_state_the_prompt_is_written_from():
    heard = hear(ASKED, [Incoming("90 mil")], products=DEFAULT_PRODUCTS, business=BUSINESS, today=TODAY)
    assert not heard.hard
    assert (heard.state.slots["credit_amount"], heard.state.asked) == (9_000_000, "property_value")
    again = decide(
        ASKED,
        [Incoming("90 mil")],
        products=DEFAULT_PRODUCTS,
        business=BUSINESS,
        today=TODAY,
        heard=heard,
        proposal=ModelReply(reply="Certo! Quanto vale o imóvel?", repaired=True),
    )
    assert again.path == ("rules", "model", "repaired")


@pytest.mark.parametrize("reply", ["**Anotado**, Maria! Qual é a sua renda?", '"Anotado, Maria! Qual é a sua renda?"'])
def test_markdown_becomes_what_whatsapp_shows(reply):
    decision = asked().answered("preciso de 90 mil", reply)
    assert decision.model_used
    assert "**" not in decision.replies[0]
    assert '"' not in decision.replies[0]
