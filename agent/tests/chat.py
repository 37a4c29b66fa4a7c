"""A chat with Lívia for tests: says things as Maria and remembers what came back."""

from datetime import date
from typing import Any

from agent.brain.business import BusinessInfo, Faq
from agent.brain.dialogue import Decision, DialogueState, Incoming, decide
from agent.brain.model_reply import ModelReply, ProposedSlots
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
    """`setting` goes to every `decide`: products, policies, open_now …"""

    def __init__(self, *said: str, state: DialogueState | None = None, **setting: Any) -> None:
        self.state = state or DialogueState()
        self.setting = {"products": DEFAULT_PRODUCTS, "business": BUSINESS, "today": TODAY, **setting}
        self.decisions: list[Decision] = []
        for text in said:
            self.say(text)

    def say(self, *texts: str) -> Decision:
        return self.send(*(Incoming(text) for text in texts))

    def answered(self, text: str, reply: str, **fields: Any) -> Decision:
        """Maria writes `text` and a model proposes `reply`."""
        slots = ProposedSlots(**fields.pop("slots", {}))
        return self.send(Incoming(text), proposal=ModelReply(reply=reply, slots=slots, **fields))

    def send(self, *incoming: Incoming, proposal: ModelReply | None = None) -> Decision:
        decision = decide(self.state, incoming, proposal=proposal, **self.setting)
        self.decisions.append(decision)
        self.state = decision.state
        return decision
