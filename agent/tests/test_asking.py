import pytest

from agent.brain import replies
from agent.brain.asking import is_question, sentences, slot_asked, slots_asked
from agent.brain.products import DEFAULT_PRODUCTS


@pytest.mark.parametrize("slot", replies.QUESTIONS)
def test_livias_own_questions_are_recognised(slot):
    for again in (False, True):
        assert slot_asked(replies.question(slot, {}, DEFAULT_PRODUCTS, again=again)) == slot
    for product in DEFAULT_PRODUCTS:
        asked = slots_asked(replies.question(slot, {"product": product}, DEFAULT_PRODUCTS, again=False))
        assert slot in asked


@pytest.mark.parametrize(
    ("reply", "slot"),
    [
        ("Anotado, Bruno! Qual é a sua renda mensal?", "monthly_income"),
        ("Perfeito! E quanto você ganha por mês, mais ou menos?", "monthly_income"),
        ("Me conta: qual a sua renda?", "monthly_income"),
        ("Certo. Me diz a sua renda mensal, por favor.", "monthly_income"),
        ("Qual o valor da sua renda familiar?", "monthly_income"),
        ("De quanto você precisa?", "credit_amount"),
        ("Qual valor você gostaria de pegar?", "credit_amount"),
        ("E qual seria o valor do empréstimo?", "credit_amount"),
        ("Quanto você precisa, Maria?", "credit_amount"),
        ("Qual o valor da carta que você deseja?", "credit_amount"),
        ("E quanto vale o seu imóvel?", "property_value"),
        ("Qual é o valor aproximado da casa?", "property_value"),
        ("A casa está avaliada em quanto?", "property_value"),
        ("Quanto vale o seu carro pela FIPE?", "vehicle_value"),
        ("Qual o valor do veículo hoje?", "vehicle_value"),
        ("Em quantas parcelas você quer pagar?", "term_months"),
        ("Qual prazo fica bom para você?", "term_months"),
        ("Em quanto tempo pretende pagar?", "term_months"),
        ("Em qual cidade você mora?", "city"),
        ("De onde você fala?", "city"),
        ("Onde você mora?", "city"),
        ("Como posso te chamar?", "name"),
        ("Qual o seu nome?", "name"),
        ("Com quem eu falo?", "name"),
        ("Você trabalha com carteira assinada?", "occupation"),
        ("Qual é a sua profissão?", "occupation"),
        ("Como você trabalha: CLT, autônoma ou empresária?", "occupation"),
        ("Para que vai usar o dinheiro?", "purpose"),
        ("Qual é o objetivo do empréstimo?", "purpose"),
        ("O imóvel está quitado?", "collateral_paid_off"),
        ("Seu carro já está quitado?", "collateral_paid_off"),
        ("Que tipo de crédito você procura?", "product"),
        ("Como posso te ajudar hoje?", "product"),
        ("Para quando você precisa do dinheiro?", "urgency"),
        ("Quanto entra por mês na sua casa?", "monthly_income"),
        ("E a renda de vocês, é de quanto?", "monthly_income"),
        ("Qual a sua média de ganhos mensais?", "monthly_income"),
        ("Quanto costuma tirar por mês?", "monthly_income"),
        ("Qual seu salário atual?", "monthly_income"),
        ("Qual o valor que você está buscando?", "credit_amount"),
        ("Quanto de crédito você procura?", "credit_amount"),
        ("Qual seria o valor ideal para você?", "credit_amount"),
        ("Você tem um valor em mente?", "credit_amount"),
        ("Quanto você gostaria de financiar?", "credit_amount"),
        ("Quanto quer pegar?", "credit_amount"),
        ("Precisa de quanto?", "credit_amount"),
        ("Sabe me dizer quanto vale seu apartamento?", "property_value"),
        ("Qual o valor estimado do imóvel?", "property_value"),
        ("Quanto você acha que a casa vale?", "property_value"),
        ("Por quanto o imóvel está avaliado?", "property_value"),
        ("Qual o valor do imóvel que deseja comprar?", "property_value"),
        ("Qual é o valor do carro na tabela FIPE?", "vehicle_value"),
        ("E o carro, vale quanto?", "vehicle_value"),
        ("Qual o modelo e o valor do seu carro?", "vehicle_value"),
        ("Em quantos meses gostaria de pagar?", "term_months"),
        ("Por quanto tempo quer parcelar?", "term_months"),
        ("Você prefere pagar em quantas vezes?", "term_months"),
        ("Qual seria o prazo ideal?", "term_months"),
        ("Quer pagar em quantos anos?", "term_months"),
        ("Você é de qual cidade?", "city"),
        ("Em que cidade você está?", "city"),
        ("Qual a sua cidade?", "city"),
        ("Você mora em qual cidade e estado?", "city"),
        ("De qual região você é?", "city"),
        ("Qual é o seu nome, por favor?", "name"),
        ("Posso saber seu nome?", "name"),
        ("Como você gostaria de ser chamado?", "name"),
        ("Com quem estou falando?", "name"),
        ("Como prefere que eu te chame?", "name"),
        ("Você trabalha registrado ou por conta própria?", "occupation"),
        ("Qual a sua ocupação atual?", "occupation"),
        ("Você é CLT, autônomo ou empresário?", "occupation"),
        ("Com o que você trabalha?", "occupation"),
        ("Qual é a sua situação profissional?", "occupation"),
        ("E qual o motivo do empréstimo?", "purpose"),
        ("Vai usar esse valor para quê?", "purpose"),
        ("Qual vai ser o uso do dinheiro?", "purpose"),
        ("O que você pretende fazer com esse valor?", "purpose"),
        ("Para qual finalidade?", "purpose"),
        ("Ele já está quitado ou ainda é financiado?", "collateral_paid_off"),
        ("O imóvel tem alguma dívida ou financiamento em aberto?", "collateral_paid_off"),
        ("Seu carro ainda tem parcelas?", "collateral_paid_off"),
        ("Você quer usar um imóvel ou um veículo como garantia?", "product"),
        ("Qual dessas modalidades te interessa?", "product"),
        ("O que você está procurando?", "product"),
        ("Qual opção faz mais sentido para você?", "product"),
        ("Você prefere empréstimo pessoal, consignado ou com garantia?", "product"),
        ("Pode me passar o seu CPF?", "cpf"),
        ("Qual é o seu e-mail?", "email"),
    ],
)
def test_a_models_question_is_about_a_slot(reply, slot):
    assert slot_asked(reply) == slot


@pytest.mark.parametrize(
    "reply",
    [
        "Tudo bem com você?",
        "Anotado, obrigada!",
        "Posso te ajudar em algo mais?",
        "Combinado?",
        "A renda conta.",
        "Faz sentido para você?",
        "Posso seguir com a simulação?",
        "Ficou alguma dúvida?",
        "Tudo certo por aí?",
        "Podemos continuar?",
        "Quer que eu explique melhor como funciona a taxa?",
        "Você já conhece essa modalidade?",
        "Quer saber mais sobre o prazo?",
    ],
)
def test_other_sentences_ask_for_none(reply):
    assert slot_asked(reply) is None


def test_several_questions_are_told_in_order():
    assert slots_asked("Qual a sua renda? E em qual cidade você mora?") == ("monthly_income", "city")


def test_sentences_lose_nothing_and_keep_figures_whole():
    text = "São R$ 1.200,50 por mês. Ok? Sim!\nMe diz o prazo: 12 ou 24 meses."
    assert "".join(sentences(text)) == text
    assert len(sentences(text)) == 4
    assert [is_question(sentence) for sentence in sentences(text)] == [False, True, False, True]
