"""WhatsApp's addresses (JIDs): `digits@s.whatsapp.net` is a phone, `digits@lid` a person whose phone is not shown."""

from whatsapp.gateways.neonize.library import proto

PHONE, LID = "s.whatsapp.net", "lid"
OFFICIAL = "0"  # WhatsApp's own announcements


def parse(chat: str) -> proto.JID:
    """The address behind a chat: a JID as text, or bare digits of a phone."""
    user, _, server = chat.partition("@")
    return proto.JID(User=user, Server=server or PHONE, Device=0, RawAgent=0, Integrator=0, IsEmpty=False)


def text(jid: proto.JID) -> str:
    """The person, without the device."""
    return f"{jid.User}@{jid.Server}"


def phone(*jids: proto.JID) -> str | None:
    return next((jid.User for jid in jids if jid.Server == PHONE and jid.User), None)


def lid(*jids: proto.JID) -> str | None:
    return next((jid.User for jid in jids if jid.Server == LID and jid.User), None)
