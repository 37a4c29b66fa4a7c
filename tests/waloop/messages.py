"""Everything a person can send to one of our phones."""

import os
import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, TypedDict, Unpack

from . import compose
from .binary_xml import JID, Node
from .network import Network, Sent
from .people import Account, Phone

# How a sender is named: by LID with or without the number beside it, by number with or without the LID beside it.
Via = Literal["lid", "lid-only", "pn", "pn-only"]
STATUS = JID("status", "broadcast")


class How(TypedDict, total=False):
    """What can be said about any message: `name` is the push name, `at` its time (seconds or datetime)."""

    id: str
    via: Via
    name: str
    at: float | datetime
    group: JID  # a group, a broadcast list or STATUS
    quotes: str  # the id of the message it answers
    quotes_own: bool  # that message is the contact's own; else ours
    ephemeral: bool  # wrapped as a message that disappears
    view_once: bool


class Messages(Network):
    """Methods named after what is sent; each returns the message's id."""

    def text(self, phone: Phone, sender: Account, text: str, **how: Unpack[How]) -> str:
        return self.send(phone, sender, compose.Message(conversation=text), **how)

    def media_message(
        self,
        phone: Phone,
        sender: Account,
        kind: str,
        data: bytes,
        fields: dict[str, Any],
        *,
        fault: str | None = None,
        declared_length: int | None = None,
        **how: Unpack[How],
    ) -> str:
        """A file. `fault` is one of media.FAULTS; `declared_length` is what the message says instead of the truth."""
        stored = self.media.put(kind, data, fault=fault, length=declared_length)
        return self.send(phone, sender, compose.Message(**{f"{kind}Message": {**stored, **fields}}), **how)

    def image(self, phone: Phone, sender: Account, data: bytes, caption: str = "", **how: Any) -> str:
        return self.media_message(phone, sender, "image", data, {"mimetype": "image/jpeg", "caption": caption}, **how)

    def video(self, phone: Phone, sender: Account, data: bytes, caption: str = "", **how: Any) -> str:
        return self.media_message(phone, sender, "video", data, {"mimetype": "video/mp4", "caption": caption}, **how)

    def document(
        self,
        phone: Phone,
        sender: Account,
        data: bytes,
        file_name: str = "holerite.pdf",
        mimetype: str = "application/pdf",
        caption: str = "",
        **how: Any,
    ) -> str:
        fields = {"mimetype": mimetype, "fileName": file_name, "title": file_name, "caption": caption}
        return self.media_message(phone, sender, "document", data, fields, **how)

    def voice(self, phone: Phone, sender: Account, data: bytes, seconds: int = 3, **how: Any) -> str:
        """A voice note (push to talk)."""
        fields = {"mimetype": "audio/ogg; codecs=opus", "seconds": seconds, "PTT": True}
        return self.media_message(phone, sender, "audio", data, fields, **how)

    def audio(self, phone: Phone, sender: Account, data: bytes, seconds: int = 180, **how: Any) -> str:
        return self.media_message(phone, sender, "audio", data, {"mimetype": "audio/mpeg", "seconds": seconds}, **how)

    def sticker(self, phone: Phone, sender: Account, data: bytes, **how: Any) -> str:
        return self.media_message(phone, sender, "sticker", data, {"mimetype": "image/webp"}, **how)

    def location(
        self, phone: Phone, sender: Account, latitude: float, longitude: float, place: str = "", **how: Unpack[How]
    ) -> str:
        spot = {"degreesLatitude": latitude, "degreesLongitude": longitude, "name": place}
        return self.send(phone, sender, compose.Message(locationMessage=spot), **how)

    def contact_card(self, phone: Phone, sender: Account, people: Sequence[tuple[str, str]], **how: Unpack[How]) -> str:
        """One or more (name, number): one is a contact message, several are an array."""
        cards = [
            {
                "displayName": name,
                "vcard": f"BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nTEL;type=CELL;waid={number}:+{number}\nEND:VCARD",
            }
            for name, number in people
        ]
        if len(cards) == 1:
            return self.send(phone, sender, compose.Message(contactMessage=cards[0]), **how)
        several = {"displayName": f"{len(cards)} contacts", "contacts": cards}
        return self.send(phone, sender, compose.Message(contactsArrayMessage=several), **how)

    def reaction(
        self, phone: Phone, sender: Account, target: str, emoji: str, *, to_own: bool = False, **how: Unpack[How]
    ) -> str:
        """To one of our messages, or to one of the sender's own. An empty emoji takes the reaction back."""
        reaction = {"key": self._key(phone, sender, target, own=to_own, how=how), "text": emoji}
        return self.send(phone, sender, compose.Message(reactionMessage=reaction), **how)

    def edit(self, phone: Phone, sender: Account, target: str, text: str, **how: Unpack[How]) -> str:
        """The sender corrects a message of their own."""
        change = {
            "key": self._key(phone, sender, target, own=True, how=how),
            "type": compose.Protocol.MESSAGE_EDIT,
            "editedMessage": {"conversation": text},
            "timestampMS": int(time.time() * 1000),
        }
        return self.send(phone, sender, compose.Message(protocolMessage=change), edit="1", **how)

    def revoke(self, phone: Phone, sender: Account, target: str, **how: Unpack[How]) -> str:
        """The sender deletes a message of their own for everyone."""
        change = {"key": self._key(phone, sender, target, own=True, how=how), "type": compose.Protocol.REVOKE}
        return self.send(phone, sender, compose.Message(protocolMessage=change), edit="7", **how)

    def unknown(self, phone: Phone, sender: Account, **how: Unpack[How]) -> str:
        """A kind of message that does not exist yet."""
        return self.send(phone, sender, compose.unknown(), **how)

    def from_phone(self, phone: Phone, contact: Account, message: Any, **how: Unpack[How]) -> str:
        """What the owner typed (or any message) on the phone itself, as its companions are told."""
        self.meet(contact)
        message = compose.Message(conversation=message) if isinstance(message, str) else message
        by_lid = how.get("via", "lid").startswith("lid")
        chat = contact.lid_jid() if by_lid else contact.pn()
        attrs = {"from": phone.lid_jid() if by_lid else phone.pn(), "recipient": chat}
        if how.get("via", "lid") == "lid":
            attrs["peer_recipient_pn"] = contact.pn()
        wrapped = compose.Message(deviceSentMessage={"destinationJID": str(chat), "message": message})
        return self._post(phone, phone, wrapped, attrs, how)

    def garbage(self, phone: Phone, sender: Account, *, then: str | None = None, **how: Unpack[How]) -> str:
        """A message whose ciphertext nobody can read. Asked to retry, the sender writes `then`, or never answers."""
        self.meet(sender)
        attrs = self._attrs(phone, sender, how)
        plain = None if then is None else compose.Message(conversation=then).SerializeToString()
        with self.lock:
            self.sent[phone.number, attrs["id"]] = Sent(attrs["id"], phone, sender, plain, attrs, {})
            enc = Node("enc", {"v": "2", "type": "msg"}, b"\x33" + os.urandom(64))
            for device in phone.companions:
                self.push(phone, device, Node("message", attrs, [enc]))
        return str(attrs["id"])

    def again(self, phone: Phone, message_id: str) -> None:
        """The same message once more, encrypted anew: what a sender's retry after a lost answer looks like."""
        self.deliver(self.sent[phone.number, message_id])

    def send(self, phone: Phone, sender: Account, message: Any, edit: str | None = None, **how: Unpack[How]) -> str:
        """Any message, as a protocol buffer or its bytes."""
        self.meet(sender)
        if how.get("quotes"):
            author = sender if how.get("quotes_own") else phone
            compose.quote(message, quoted_id=how["quotes"], author=str(author.lid_jid()))
        if how.get("view_once"):
            message = compose.Message(viewOnceMessageV2={"message": message})
        if how.get("ephemeral"):
            message = compose.Message(ephemeralMessage={"message": message})
        return self._post(phone, sender, message, self._sender(phone, sender, how) | {"edit": edit}, how)

    def _post(self, phone: Phone, sender: Account, message: Any, address: dict[str, Any], how: How) -> str:
        plain = message if isinstance(message, bytes) else message.SerializeToString()
        parsed = compose.bare(compose.Message.FromString(plain))
        attrs = self._attrs(phone, sender, how) | address
        name, _ = compose.body(parsed)
        enc = {"decrypt-fail": "hide" if attrs.get("edit") else None}
        if name.endswith("Message") and hasattr(getattr(parsed, name), "mediaKey"):
            attrs["type"], enc["mediatype"] = "media", compose.kind_of(parsed).replace("voice", "ptt")
        if name == "reactionMessage":
            attrs["type"] = "reaction"
        self.deliver(Sent(attrs["id"], phone, sender, plain, attrs, enc))
        return str(attrs["id"])

    def _attrs(self, phone: Phone, sender: Account, how: How) -> dict[str, Any]:
        at = how.get("at", time.time())
        seconds = at.timestamp() if isinstance(at, datetime) else at
        message_id = how.get("id") or os.urandom(10).hex().upper()
        attrs = {"id": message_id, "t": int(seconds), "type": "text", "notify": how.get("name", sender.name)}
        return attrs | self._sender(phone, sender, how)

    def _sender(self, phone: Phone, sender: Account, how: How) -> dict[str, Any]:
        via = how.get("via", "lid")
        jid, other = (sender.lid_jid(), sender.pn()) if via.startswith("lid") else (sender.pn(), sender.lid_jid())
        alternative = "pn" if via == "lid" else "lid"
        mode = {"addressing_mode": "lid"} if via.startswith("lid") else {}
        known = not via.endswith("only")
        if "group" in how:
            beside = {f"participant_{alternative}": other} if known else {}
            return {"from": how["group"], "participant": jid} | beside | mode
        return {"from": jid} | ({f"sender_{alternative}": other} if known else {}) | mode

    def _key(self, phone: Phone, sender: Account, target: str, *, own: bool, how: How) -> dict[str, Any]:
        chat = how.get("group") or phone.lid_jid()
        participant = str(sender.lid_jid() if own else phone.lid_jid()) if "group" in how else None
        return compose.key(str(chat), target, from_me=own, participant=participant)

    # --- what is not a message

    def receipt(
        self, phone: Phone, contact: Account, ids: str | Sequence[str], type: str = "delivery", *, via: Via = "lid"
    ) -> None:
        """The contact's phone tells what became of our messages: delivery, read, played, or a type nobody knows."""
        self.meet(contact)
        first, *others = [ids] if isinstance(ids, str) else ids
        attrs = {"from": contact.lid_jid() if via.startswith("lid") else contact.pn(), "id": first}
        attrs |= {"t": int(time.time()), "type": None if type == "delivery" else type}
        more = [Node("list", {}, [Node("item", {"id": one}) for one in others])] if others else None
        for device in list(phone.companions):
            self.push(phone, device, Node("receipt", attrs, more))

    def typing(self, phone: Phone, contact: Account, state: str = "composing", *, audio: bool = False) -> None:
        """The contact types, records or pauses; a client that is offline never hears of it."""
        child = Node(state, {"media": "audio"} if audio else {})
        for device in list(phone.companions):
            self.push(phone, device, Node("chatstate", {"from": contact.lid_jid()}, [child]), keep=False)
