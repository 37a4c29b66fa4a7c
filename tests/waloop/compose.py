"""The messages people write, as WhatsApp's protocol buffers, and what to call the ones that come back."""

from typing import Any

from . import protos
from .wire import pack

Message = protos.e2e.Message
Protocol = protos.e2e.ProtocolMessage

# Fields that only wrap another message.
WRAPPERS = (
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "editedMessage",
)
KINDS = {
    "conversation": "text",
    "extendedTextMessage": "text",
    "imageMessage": "image",
    "documentMessage": "document",
    "videoMessage": "video",
    "stickerMessage": "sticker",
    "locationMessage": "location",
    "contactMessage": "contact",
    "contactsArrayMessage": "contacts",
    "reactionMessage": "reaction",
}
ASIDE = ("messageContextInfo", "senderKeyDistributionMessage")  # fields that travel beside the message proper


def quote(message: Any, *, quoted_id: str, author: str, text: str = "") -> None:
    """Make a message answer another one; plain text becomes extended text, which can carry the quotation."""
    if message.HasField("conversation"):
        message.extendedTextMessage.text = message.conversation
        message.ClearField("conversation")
    context = body(message)[1].contextInfo
    context.stanzaID, context.participant = quoted_id, author
    context.quotedMessage.conversation = text


def key(chat: str, message_id: str, *, from_me: bool, participant: str | None = None) -> dict[str, Any]:
    """How one message points at another; `from_me` is said by the person who writes."""
    return {"remoteJID": chat, "ID": message_id, "fromMe": from_me, "participant": participant}


def unknown() -> bytes:
    """A message of a kind that no library knows yet."""
    return pack({9999: b"from the future"})


def bare(message: Any) -> Any:
    """The message without its wrappers."""
    if message.HasField("deviceSentMessage"):
        return bare(message.deviceSentMessage.message)
    for name in WRAPPERS:
        if message.HasField(name):
            return bare(getattr(message, name).message)
    return message


def body(message: Any) -> tuple[str, Any]:
    """The field that says what a message is, and its value."""
    for field, value in message.ListFields():
        if field.name not in ASIDE:
            return field.name, value
    return "", None


def kind_of(message: Any) -> str:
    name, value = body(message)
    if name == "audioMessage":
        return "voice" if value.PTT else "audio"
    if name == "protocolMessage":
        return {Protocol.MESSAGE_EDIT: "edit", Protocol.REVOKE: "revoke"}.get(value.type, "protocol")
    return KINDS.get(name, name) or "unknown"


def text_of(message: Any) -> str:
    """What a person reads: the text, the caption, the reaction's emoji or the text after an edit."""
    name, value = body(message)
    if name == "conversation":
        return str(value)
    if name == "protocolMessage":
        return text_of(bare(value.editedMessage)) if value.HasField("editedMessage") else ""
    for field in ("text", "caption", "name", "displayName"):
        if getattr(value, field, ""):
            return str(getattr(value, field))
    return ""


def quoted_id_of(message: Any) -> str:
    context = getattr(body(message)[1], "contextInfo", None)
    return str(context.stanzaID) if context is not None else ""


def target_id_of(message: Any) -> str:
    """The message that a reaction, an edit or a revocation is about."""
    name, value = body(message)
    return str(value.key.ID) if name in ("reactionMessage", "protocolMessage") else ""
