"""Facts of conversations."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageReceived:
    """Of several that came together it is the last; the others are `earlier_ids`."""

    conversation_id: int
    message_id: int
    earlier_ids: tuple[int, ...] = ()


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


@dataclass(frozen=True)
class LiviaSwitchedOff:
    """She answers on this number no more."""

    inbox_id: int


@dataclass(frozen=True)
class FileStored:
    """The file of a message is there: fetched, or sent by us."""

    conversation_id: int
    message_id: int


@dataclass(frozen=True)
class ConversationsMerged:
    """Two threads of one person in one inbox became one. Inside the transaction: rows about `gone_id` follow by
    themselves, but what there may be only one of must be settled now. `gone_id` is deleted."""

    kept_id: int
    gone_id: int


@dataclass(frozen=True)
class ContactsMerged:
    """Two contacts turned out to be one person. Inside the transaction: what is known of `gone_id` must be settled now,
    the row is deleted."""

    kept_id: int
    gone_id: int
