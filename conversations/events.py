"""Facts of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageReceived:
    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class MessageQueued:
    conversation_id: int
    inbox_id: int
    message_id: int


@dataclass(frozen=True)
class MessageSettled:
    conversation_id: int
    message_id: int
    state: str


@dataclass(frozen=True)
class ConversationTaken:
    """A person took the conversation from Lívia; `user_id` is None when they did it on the paired phone."""

    conversation_id: int
    user_id: int | None


@dataclass(frozen=True)
class ConversationHandedBack:
    conversation_id: int
    user_id: int
