"""What the client hears when a person takes over."""

from collections.abc import Mapping
from typing import Any

from agent.brain.replies import first_name

DATA_REQUEST = "Recebi o seu pedido sobre os seus dados. Uma pessoa da nossa equipe vai cuidar dele."
_HANDED_OVER = {
    "asked": (
        "Claro! Já estou chamando um consultor da nossa equipe. Ele continua com você por aqui, "
        "com tudo o que conversamos.",
        "Claro! Já deixei tudo anotado para a nossa equipe.",
    ),
    "misses": (
        "Combinado! Vou chamar um consultor para te ajudar por aqui. Ele já recebe o que conversamos.",
        "Combinado! Já deixei tudo anotado para a nossa equipe.",
    ),
    "abuse": (
        "Vou pedir para um consultor da nossa equipe continuar com você por aqui.",
        "Vou deixar a nossa conversa com a equipe.",
    ),
    "data": (
        f"{DATA_REQUEST} Ela continua com você por aqui.",
        DATA_REQUEST,
    ),
    "qualified": (
        "Perfeito{name}! Já passei tudo para um consultor da nossa equipe. Ele continua com você por aqui. "
        "Obrigada! 😊",
        "Perfeito{name}! Já passei tudo para a nossa equipe. Obrigada! 😊",
    ),
}
# Whatever the hour; the numbers are the helpline and the ambulance of Brazil.
DISTRESS = (
    "Sinto muito que você esteja passando por isso. Você não precisa enfrentar isso sem ajuda: o CVV ouve você de "
    "graça, a qualquer hora, pelo telefone *188*. Se houver perigo agora, ligue *192*. Já avisei uma pessoa da nossa "
    "equipe, que fala com você por aqui assim que puder."
)
HUMAN = _HANDED_OVER["asked"][0]


def handed_over(kind: str, slots: Mapping[str, Any], open_now: bool, next_open: str) -> str:
    """`kind`: asked, misses, abuse, data or qualified."""
    here, away = _HANDED_OVER[kind]
    name = first_name(slots)
    words = (here if open_now else away).replace("{name}", f", {name}" if name else "")
    return words if open_now else f"{words} {closed_note(next_open)}"


def closed_note(next_open: str) -> str:
    """`next_open` in words: "amanhã às 9h"."""
    when = next_open or "assim que o atendimento abrir"
    return f"Agora estamos fora do horário de atendimento: um consultor continua com você por aqui {when}."
