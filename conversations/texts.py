"""Short texts about messages."""

from conversations.models import Message, MessageKind

_ICONS = {
    MessageKind.IMAGE: "📷",
    MessageKind.AUDIO: "🎤",
    MessageKind.VIDEO: "🎬",
    MessageKind.DOCUMENT: "📄",
    MessageKind.STICKER: "🙂",
    MessageKind.LOCATION: "📍",
    MessageKind.CONTACT: "👤",
    MessageKind.REACTION: "👍",
    MessageKind.UNKNOWN: "✉️",
}


def preview(message: Message) -> str:
    """One line of at most 200 characters for lists and cards; a picture's says what it is without words."""
    icon = _ICONS.get(MessageKind(message.kind), "")
    text = " ".join(message.text.split())
    return f"{icon} {text}".strip()[:200]
