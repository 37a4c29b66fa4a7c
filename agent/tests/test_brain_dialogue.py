import json

import pytest

from agent.brain import replies
from agent.brain.dialogue import DialogueState, Incoming
from agent.brain.stages import Stage
from agent.brain.summary import transfer_summary
from agent.tests.chat import HOME, Chat


def test_livia_introduces_herself_and_asks_for_the_name():
    decision = Chat().say("oi")
    assert decision.replies == (
        "Olá! Eu sou a Lívia, assistente virtual da *Horizonte Crédito*. 😊 Como posso te chamar?",
    )
    assert (decision.state.stage, decision.state.asked) == (Stage.QUALIFICATION, "name")


def test_a_burst_skips_ahead_and_links_each_value_to_its_message():
    decision = Chat().say("oi, sou a Maria", "meu carro vale", "65 mil", "quero 30 mil com garantia do carro")
    assert decision.slot_sources == {"name": 0, "vehicle_value": 2, "credit_amount": 3, "product": 3}
    assert decision.state.asked == "monthly_income"


def test_what_is_known_is_never_asked():
    chat = Chat(*HOME)
    asked = [d.state.asked for d in chat.decisions if d.state.asked]
    assert len(asked) == len(set(asked))
    assert "name" not in asked
    assert "city" not in asked


def test_complete_slots_are_simulated_with_every_figure_the_law_wants():
    decision = Chat(*HOME).decisions[-1]
    assert decision.outcome == "simulated"
    assert decision.state.stage == Stage.CONVERSION
    simulation, question = decision.replies
    for piece in ("R$ 300.000", "37,50%", "180x de R$ 4.192,06", "1,19% ao mês", "15,25% ao ano", "16,04% ao ano"):
        assert piece in simulation
    assert "Total a pagar" in simulation
    assert "Simulação, sujeita a análise de crédito." in simulation
    assert question == replies.ASK_TRANSFER


def test_yes_after_the_simulation_transfers():
    decision = Chat(*HOME).say("sim, pode")
    assert (decision.outcome, decision.reason, decision.state.stage) == ("handoff", "qualified", Stage.TRANSFERRED)


def test_no_after_the_simulation_asks_what_to_change_and_simulates_again():
    chat = Chat(*HOME, "não")
    assert chat.decisions[-1].replies == (replies.ASK_CHANGE,)
    decision = chat.say("250 mil")
    assert decision.outcome == "simulated"
    assert decision.simulation.credit_amount == 25_000_000


def test_too_dear_brings_the_honest_answer_and_a_longer_term():
    chat = Chat(*HOME)
    decision = chat.say("achei caro")
    assert "o total pago aumenta" in decision.replies[0]
    assert "240 meses" in decision.replies[0]
    assert chat.say("quero").simulation.term_months == 240


def test_more_than_the_collateral_allows_is_explained_and_the_best_is_offered():
    chat = Chat(*HOME[:2], "600 mil", *HOME[3:4], "ganho 60 mil", *HOME[5:])
    assert "60% do valor do imóvel" in chat.decisions[-1].replies[0]
    assert "R$ 480.000" in chat.decisions[-1].replies[0]
    assert (chat.state.stage, chat.state.pending) == (Stage.SIMULATION, "offer")
    decision = chat.say("sim")
    assert decision.simulation.credit_amount == 48_000_000
    assert chat.state.slots["credit_amount"] == 60_000_000
    assert "queria R$ 600.000" in transfer_summary(chat.state, decision.simulation)


def test_an_offer_waits_for_its_answer():
    chat = Chat(*HOME[:2], "600 mil", *HOME[3:4], "ganho 60 mil", *HOME[5:])
    decision = chat.say("hmm")
    assert decision.simulation is None
    assert "R$ 480.000" in decision.replies[0]
    assert chat.say("não").replies == (replies.OFFER_AGAIN,)
    decision = chat.say("pode ser")
    assert (decision.outcome, decision.reason) == ("handoff", "asked_person")


def test_an_income_too_low_is_said_kindly_with_what_fits():
    chat = Chat(*HOME[:4], "ganho 8 mil", *HOME[5:])
    said = chat.decisions[-1].replies[0]
    assert "30% da sua renda" in said
    assert "Consigo simular" in said
    assert chat.state.pending == "offer"


def test_the_same_question_is_rephrased_and_then_a_person_is_offered():
    chat = Chat("oi", "Maria", "empréstimo pessoal", "hmm")
    assert chat.decisions[-1].replies[0] == replies.QUESTIONS["credit_amount"][1]
    assert chat.say("sei lá").replies == (replies.OFFER_PERSON,)
    assert chat.say("sim").state.stage == Stage.HANDED_OVER


def test_a_client_who_keeps_the_name_is_not_held_up():
    chat = Chat("oi", "prefiro não dizer")
    assert chat.state.asked == "product"


@pytest.mark.parametrize(
    ("question", "piece"),
    [
        ("qual a taxa?", "4,50% ao mês"),
        ("quais documentos?", "comprovante de residência"),
        ("qual o endereço da empresa?", "Avenida Central"),
        ("posso pagar com criptomoeda?", replies.UNKNOWN),
    ],
)
def test_a_question_is_answered_and_the_pending_one_asked_again(question, piece):
    chat = Chat("oi", "Maria", "empréstimo pessoal")
    decision = chat.say(question)
    assert piece in decision.replies[0]
    assert decision.state.asked == "credit_amount"
    assert decision.state.times_asked["credit_amount"] == 1


def test_opt_out_gets_one_short_confirmation_and_then_silence():
    chat = Chat("oi")
    decision = chat.say("não quero receber mais mensagens")
    assert (decision.outcome, decision.replies) == ("opt_out", (replies.OPT_OUT,))
    assert chat.say("oi?").outcome == "silent"
    assert chat.say("sair").replies == ()


def test_a_client_who_left_may_come_back():
    chat = Chat("sair", "voltar")
    assert chat.state.stage == Stage.QUALIFICATION
    assert chat.say("oi").outcome == "continue"


def test_a_transferred_client_may_still_leave_but_hears_nothing_else():
    chat = Chat(*HOME, "sim")
    assert chat.say("obrigada!").outcome == "silent"
    assert chat.say("me tira da lista").outcome == "opt_out"


def test_a_person_is_always_granted_and_what_is_known_stays():
    decision = Chat("oi").say("preciso de 80 mil", "me passa pra um consultor")
    assert (decision.outcome, decision.reason, decision.state.stage) == ("handoff", "asked_person", Stage.HANDED_OVER)
    assert decision.state.slots["credit_amount"] == 8_000_000


def test_abuse_gets_one_calm_sentence_and_the_second_time_a_person():
    chat = Chat("oi", "seu idiota")
    assert chat.decisions[-1].replies == (replies.CALM,)
    assert chat.say("seus ladrões").reason == "abuse"


def test_no_interest_is_accepted_without_pressure():
    decision = Chat("oi").say("agora não tenho interesse, obrigada")
    assert decision.replies == (replies.CLOSE,)
    assert decision.state.cold
    assert "?" not in decision.replies[0]


@pytest.mark.parametrize("kind", ["sticker", "reaction"])
def test_a_sticker_alone_is_ignored(kind):
    assert Chat("oi").send(Incoming("👍", kind)).outcome == "silent"


def test_a_file_goes_to_a_consultant_and_the_question_is_asked_again():
    decision = Chat("oi").send(Incoming("", "document"))
    assert decision.replies[0].startswith(replies.FILE_SEEN)
    assert decision.state.asked == "name"


def test_location_and_contact_are_acknowledged():
    assert replies.LOCATION_SEEN in Chat("oi").send(Incoming("", "location")).replies[0]
    assert replies.CONTACT_SEEN in Chat("oi").send(Incoming("", "contact")).replies[0]


def test_the_state_survives_json():
    chat = Chat(*HOME)
    stored = json.loads(json.dumps(chat.state.as_dict()))
    assert DialogueState.from_dict(stored) == chat.state


def test_the_summary_tells_the_consultant_what_is_known():
    chat = Chat(*HOME)
    summary = transfer_summary(chat.state, chat.decisions[-1].simulation)
    for line in ("Cliente: Maria (Campinas/SP)", "Renda mensal: R$ 20.000", "Bem quitado: sim", "Ocupação: CLT"):
        assert line in summary.splitlines()
    assert "180x de R$ 4.192,06" in summary
    assert "comprometimento 20,96% da renda" in summary
