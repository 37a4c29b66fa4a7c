"""What Lívia writes to a client who stopped answering: the open question again, without figures or pressure."""

from agent.brain.replies import first_name
from agent.brain.state import DialogueState

# By the yes/no question that waits, else by the slot last asked for.
_PENDING = {
    "transfer": "Quer que eu chame um consultor para seguir com a sua simulação?",
    "offer": "Quer ver a simulação que eu te propus?",
    "offer_person": "Quer que um consultor continue com você por aqui?",
}
_ASKED = {
    "name": "Como posso te chamar?",
    "product": "Você procura empréstimo, financiamento ou consórcio?",
    "credit_amount": "De quanto você precisa, mais ou menos?",
    "property_value": "Quanto vale o imóvel, mais ou menos?",
    "vehicle_value": "Quanto vale o veículo, mais ou menos?",
    "monthly_income": "Qual é a sua renda mensal, mais ou menos?",
    "term_months": "Em quanto tempo você gostaria de pagar?",
    "city": "Em qual cidade você mora?",
    "occupation": "Você trabalha como? CLT, autônomo, empresário, servidor público ou aposentado?",
    "purpose": "Você pretende usar o dinheiro para quê?",
    "collateral_paid_off": "O bem já está quitado?",
    "urgency": "Para quando você precisa?",
}
_ANYTHING = "Posso te ajudar a continuar?"
_FIRST = (
    "Oi{name}! Continuo por aqui para te ajudar com o seu pedido. 😊 {question}",
    "Oi{name}, tudo bem? Quando puder, seguimos de onde paramos. {question}",
)
_LAST = (
    "Oi{name}! Não quero te incomodar, então fico por aqui. Se ainda fizer sentido para você, é só me responder: "
    "{question}\n\nSe preferir não receber mais mensagens, responda SAIR.",
    "Olá{name}! Esta é minha última mensagem por enquanto. Quando quiser continuar, é só me escrever. {question}\n\n"
    "Se preferir não receber mais mensagens, responda SAIR.",
)


def reminder(state: DialogueState, *, last: bool, variant: int) -> str:
    """The words of a reminder; `variant` picks one of the ways to say it."""
    question = _PENDING.get(state.pending or "") or _ASKED.get(state.asked or "", _ANYTHING)
    name = first_name(state.slots)
    ways = _LAST if last else _FIRST
    return ways[variant % len(ways)].format(name=f", {name}" if name else "", question=question)
