"""From the library's events to ours: what kind of message it is, who wrote it, and what it carries."""

from datetime import UTC, datetime

from crm.core.clock import now
from whatsapp.gateways import base
from whatsapp.gateways.neonize import addresses
from whatsapp.gateways.neonize.contents import Content, content_of
from whatsapp.gateways.neonize.library import proto

_EARLIEST = datetime(2009, 1, 1, tzinfo=UTC)  # WhatsApp is no older
_RECEIPTS = {
    proto.Receipt.ReceiptType.DELIVERED: "delivered",
    proto.Receipt.ReceiptType.READ: "read",
    proto.Receipt.ReceiptType.PLAYED: "played",
}


def message(event: proto.Message) -> base.MessageArrived | base.Ignored | None:
    """None for what is no message to anybody, such as the phone's own bookkeeping."""
    if ignored := _ignored(event.Info):
        return ignored
    content = content_of(event.Message)
    return _arrived(event.Info, content) if content else None


def unknown(event: proto.Message) -> base.MessageArrived | base.Ignored:
    """A message that could not be understood, without its content."""
    return _ignored(event.Info) or _arrived(event.Info, Content("unknown"))


def unreadable(event: proto.UndecryptableMessage) -> base.MessageArrived | base.Ignored | None:
    """Its content could not be decrypted yet. WhatsApp asks the sender to send it again by itself."""
    if ignored := _ignored(event.Info):
        return ignored
    hidden = event.DecryptFailMode == proto.UndecryptableMessage.DecryptFailModeT.DECRYPT_FAIL_HIDE
    return None if hidden else _arrived(event.Info, Content("pending"))


def receipt(event: proto.Receipt) -> base.ReceiptArrived | None:
    """None for receipts that say nothing about what the client saw."""
    state = _RECEIPTS.get(event.Type)
    source = event.MessageSource
    if state is None or source.IsGroup or source.IsFromMe or not event.MessageIDs:
        return None
    return base.ReceiptArrived(
        chat=addresses.text(source.Chat),
        provider_ids=tuple(event.MessageIDs),
        state=state,
        at=moment(event.Timestamp),
    )


def _ignored(info: proto.MessageInfo) -> base.Ignored | None:
    """Only conversations with one person are ours. By policy the rest is counted and dropped."""
    source = info.MessageSource
    server = source.Chat.Server
    if server in (addresses.PHONE, addresses.LID) and not source.IsGroup:
        if source.Chat.User == addresses.OFFICIAL or info.Category == "peer":
            return base.Ignored("other")
        return None
    if server == "broadcast":
        return base.Ignored("status" if source.Chat.User == "status" else "broadcast")
    return base.Ignored({"g.us": "group", "newsletter": "newsletter"}.get(server, "other"))


def _arrived(info: proto.MessageInfo, content: Content) -> base.MessageArrived:
    """The other side is the sender, or for a message from our own phone whoever it went to."""
    source = info.MessageSource
    people = (source.Chat, source.RecipientAlt) if source.IsFromMe else (source.Chat, source.Sender, source.SenderAlt)
    return base.MessageArrived(
        provider_id=info.ID,
        chat=addresses.text(source.Chat),
        sent_at=moment(info.Timestamp / 1000),
        phone=addresses.phone(*people),
        lid=addresses.lid(*people),
        push_name="" if source.IsFromMe else info.Pushname,
        from_me=source.IsFromMe,
        kind=content.kind,
        text=content.text,
        quoted_provider_id=content.quoted,
        target_provider_id=content.target,
        media=content.media,
    )


def moment(seconds: float) -> datetime:
    """A time of WhatsApp's, in seconds; now where it makes no sense."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return now()
    return at if at > _EARLIEST else now()
