"""Inboxes, contacts, threads and messages, and what consultants keep at hand for them."""

from conversations.models.desk import CannedReply, ScheduledMessage, ScheduledState
from conversations.models.messages import (
    Author,
    Direction,
    MediaState,
    Message,
    MessageKind,
    MessageState,
    OrphanReceipt,
    TranscriptState,
)
from conversations.models.people import Contact, Inbox, InboxRole
from conversations.models.threads import (
    ConsultantsConversations,
    Conversation,
    ConversationStatus,
    Label,
    LabelColor,
    WhatsAppConversation,
)

__all__ = [
    "Author",
    "CannedReply",
    "ConsultantsConversations",
    "Contact",
    "Conversation",
    "ConversationStatus",
    "Direction",
    "Inbox",
    "InboxRole",
    "Label",
    "LabelColor",
    "MediaState",
    "Message",
    "MessageKind",
    "MessageState",
    "OrphanReceipt",
    "ScheduledMessage",
    "ScheduledState",
    "TranscriptState",
    "WhatsAppConversation",
]
