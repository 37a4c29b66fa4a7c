"""Facts of the agent."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TurnSettled:
    """Lívia answered, or kept silent; the turn is written down."""

    turn_id: int
    conversation_id: int
    contact_id: int


@dataclass(frozen=True)
class ModelKeyRefused:
    """Groq answered 401 or 403: Lívia goes on by rules alone until somebody sees to the key."""

    status: int
