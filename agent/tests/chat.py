"""A chat with Lívia for tests: says things as Maria and remembers what came back."""

from datetime import date

from agent.brain.business import BusinessInfo, Faq
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide
from agent.brain.products import DEFAULT_PRODUCTS

TODAY = date(2026, 11, 20)
BUSINESS = BusinessInfo(
    name="Horizonte Crédito",
    faq=(Faq("Onde fica a empresa? Qual o endereço?", "Ficamos na Avenida Central, em Curitiba."),),
)
HOME = (
    "oi, sou a Maria, de Campinas SP",
    "quero um empréstimo com garantia da minha casa",
    "300 mil",
    "a casa vale 800 mil",
    "ganho 20 mil",
    "15 anos",
    "está quitada",
    "para reformar",
    "clt",
)


class Chat:
    def __init__(self, *said: str, state: DialogueState | None = None) -> None:
        self.state = state or DialogueState()
        self.decisions: list[Decision] = []
        for text in said:
            self.say(text)

    def say(self, *texts: str) -> Decision:
        return self.send(*(Incoming(text) for text in texts))

    def send(self, *incoming: Incoming) -> Decision:
        decision = decide(self.state, incoming, products=DEFAULT_PRODUCTS, business=BUSINESS, today=TODAY)
        self.decisions.append(decision)
        self.state = decision.state
        return decision
