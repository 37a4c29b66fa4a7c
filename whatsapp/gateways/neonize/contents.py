"""What a message says, read from WhatsApp's protobuf. Whatever is not understood is kept as `unknown`."""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from whatsapp.gateways.neonize.library import e2e

CONTACTS_MAX = 20
_WRAPPERS = (
    "deviceSentMessage",
    "ephemeralMessage",
    "viewOnceMessage",
    "viewOnceMessageV2",
    "viewOnceMessageV2Extension",
    "documentWithCaptionMessage",
    "editedMessage",
    "lottieStickerMessage",
    "groupMentionedMessage",
)
# Bookkeeping between devices: nobody said anything.
_SILENT = {
    "senderKeyDistributionMessage",
    "fastRatchetKeySenderKeyDistributionMessage",
    "messageContextInfo",
    "protocolMessage",
    "stickerSyncRmrMessage",
    "encReactionMessage",
    "pollUpdateMessage",
    "keepInChatMessage",
    "pinInChatMessage",
    "messageHistoryBundle",
    "messageHistoryNotice",
    "placeholderMessage",
}


@dataclass(frozen=True)
class Content:
    """`kind` as in MessageArrived; `quoted` and `target` are ids of other messages."""

    kind: str
    text: str = ""
    quoted: str = ""
    target: str = ""
    media: dict[str, Any] | None = None


def content_of(message: e2e.Message) -> Content | None:
    """None if nobody said anything."""
    message = unwrap(message)
    if message.HasField("protocolMessage"):
        return _protocol(message.protocolMessage)
    for name, read in _READERS.items():
        if message.HasField(name):
            return read(getattr(message, name), name)
    named = {field.name for field, _ in message.ListFields()}
    return None if named and named <= _SILENT else Content("unknown")  # a kind newer than the library comes empty


def unwrap(message: e2e.Message) -> e2e.Message:
    """The message inside "disappears later", "view once", "sent from another device" and the like."""
    for _ in range(8):  # nesting is shallow; a hostile one ends here
        name = next((name for name in _WRAPPERS if message.HasField(name)), None)
        if name is None:
            break
        message = getattr(message, name).message
    return message


def _protocol(message: e2e.ProtocolMessage) -> Content | None:
    """A message about another message: taken back, or corrected."""
    if message.type == e2e.ProtocolMessage.REVOKE:
        return Content("revoke", target=message.key.ID)
    if message.type == e2e.ProtocolMessage.MESSAGE_EDIT:
        new = content_of(message.editedMessage)
        return Content("edit", new.text if new else "", target=message.key.ID)
    return None


# ---- one reader a kind
def _plain(text: str, _name: str) -> Content:
    return Content("text", text)


def _extended(part: e2e.ExtendedTextMessage, _name: str) -> Content:
    return Content("text", part.text, quoted=_quoted(part))


def _reaction(part: e2e.ReactionMessage, _name: str) -> Content:
    return Content("reaction", part.text, target=part.key.ID)


def _file(kind: str) -> Callable[[Any, str], Content]:
    def read(part: Any, name: str) -> Content:
        media = {"mime": part.mimetype.partition(";")[0], "size": part.fileLength, "ref": _reference(part, name)}
        for ours, theirs in (("seconds", "seconds"), ("name", "fileName"), ("voice", "PTT")):
            if value := getattr(part, theirs, None):
                media[ours] = value
        if kind == "document" and not media.get("name") and part.title:
            media["name"] = part.title
        return Content(kind, getattr(part, "caption", ""), quoted=_quoted(part), media=media)

    return read


def _reference(part: Any, name: str) -> str:
    """All that fetching the file needs, without thumbnails and quotes."""
    slim = type(part)()
    for field in ("URL", "directPath", "mediaKey", "fileSHA256", "fileEncSHA256", "fileLength", "mimetype"):
        if part.HasField(field):
            setattr(slim, field, getattr(part, field))
    return base64.b64encode(e2e.Message(**{name: slim}).SerializeToString()).decode()


def _location(part: Any, name: str) -> Content:
    live = name == "liveLocationMessage"
    place = {"latitude": part.degreesLatitude, "longitude": part.degreesLongitude}
    if live:
        return Content("location", part.caption, quoted=_quoted(part), media=place | {"live": True})
    place |= {key: value for key, value in (("name", part.name), ("address", part.address)) if value}
    return Content("location", quoted=_quoted(part), media=place)


def _contact(part: e2e.ContactMessage, _name: str) -> Content:
    return Content("contact", quoted=_quoted(part), media={"contacts": [_card(part)]})


def _contacts(part: e2e.ContactsArrayMessage, _name: str) -> Content:
    cards = [_card(contact) for contact in part.contacts[:CONTACTS_MAX]]
    return Content("contact", quoted=_quoted(part), media={"contacts": cards})


_TEL = re.compile(r"^(?:item\d+\.)?TEL[^:]*:(.*)$", re.MULTILINE | re.IGNORECASE)


def _card(part: e2e.ContactMessage) -> dict[str, Any]:
    phones = [phone.strip()[:40] for phone in _TEL.findall(part.vcard[:20_000])][:5]
    return {"name": part.displayName[:200], "phones": phones}


def _chosen(field: str) -> Callable[[Any, str], Content]:
    """The client pressed one of the buttons of an earlier message."""
    return lambda part, _name: Content("text", getattr(part, field), quoted=_quoted(part))


def _poll(part: Any, _name: str) -> Content:
    return Content("unknown", part.name)


def _quoted(part: Any) -> str:
    return part.contextInfo.stanzaID if part.HasField("contextInfo") else ""


_READERS: dict[str, Callable[[Any, str], Content]] = {
    "conversation": _plain,
    "extendedTextMessage": _extended,
    "reactionMessage": _reaction,
    "imageMessage": _file("image"),
    "videoMessage": _file("video"),
    "ptvMessage": _file("video"),
    "audioMessage": _file("audio"),
    "documentMessage": _file("document"),
    "stickerMessage": _file("sticker"),
    "locationMessage": _location,
    "liveLocationMessage": _location,
    "contactMessage": _contact,
    "contactsArrayMessage": _contacts,
    "buttonsResponseMessage": _chosen("selectedDisplayText"),
    "listResponseMessage": _chosen("title"),
    "templateButtonReplyMessage": _chosen("selectedDisplayText"),
    "pollCreationMessage": _poll,
    "pollCreationMessageV2": _poll,
    "pollCreationMessageV3": _poll,
}
