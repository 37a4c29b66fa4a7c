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
    MessageKind.PENDING: "⏳",
    MessageKind.UNKNOWN: "✉️",
}
_TAKEN_BACK = "🚫"


def preview(message: Message) -> str:
    """One line of at most 200 characters for lists and cards; a picture's says what it is without words."""
    if message.revoked_at:
        return _TAKEN_BACK
    icon = _ICONS.get(MessageKind(message.kind), "")
    text = " ".join((message.words or named(message)).split())
    return f"{icon} {text}".strip()[:200]


def quote_line(message: Message) -> str:
    """What a client sees of a message that is quoted to them: what was written, never a machine's transcript."""
    return message.text or f"{_ICONS.get(MessageKind(message.kind), '')} {named(message)}".strip()


def named(message: Message) -> str:
    """What a message without words is called: its file, its place, its people."""
    media = message.media or {}
    if message.kind == MessageKind.CONTACT:
        return ", ".join(card["name"] for card in media.get("contacts", []) if card["name"])
    if message.kind in (MessageKind.DOCUMENT, MessageKind.LOCATION):
        return media.get("name", "")
    return ""
