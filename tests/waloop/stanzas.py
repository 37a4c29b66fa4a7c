"""What a client says, and what the server answers."""

import time
from typing import Any

from . import compose
from .binary_xml import JID, Node
from .connection import Connection
from .network import ClientReceipt, Received
from .pairing import SERVER, Pairing
from .people import Account
from .ratchet import KEY_TYPE, Undecryptable

MEDIA_SECONDS = 3600


class Stanzas(Pairing):
    def handle(self, connection: Connection, node: Node) -> None:
        if connection.muted:
            return
        answer = getattr(self, f"on_{node.tag}", None)
        if answer is not None:
            answer(connection, node)

    def on_ack(self, connection: Connection, node: Node) -> None:
        tag = str(node.attrs.get("class"))
        self.settle(connection, (tag, str(node.attrs["id"]), "" if tag == "message" else node.attrs.get("type") or ""))

    def on_presence(self, connection: Connection, node: Node) -> None:
        self.presences.append(str(node.attrs.get("type")))

    def on_chatstate(self, connection: Connection, node: Node) -> None:
        self.chatstates.append((node.attrs["to"], node.children()[0].tag))

    def on_receipt(self, connection: Connection, node: Node) -> None:
        kind = str(node.attrs.get("type") or "")
        listed = node.child("list")
        ids = (str(node.attrs["id"]), *(str(item.attrs["id"]) for item in (listed.children() if listed else [])))
        if connection.phone is not None:
            self.client_receipts.append(ClientReceipt(connection.phone, kind, ids, node.attrs.get("to", SERVER)))
        if kind == "retry":
            self.retry(connection, node)
        else:
            for one in ids:
                self.settle(connection, ("message", one, ""), wholly=True)
        attrs = {"class": "receipt", "id": ids[0], "type": kind or None, "t": int(time.time())}
        connection.send(Node("ack", {"from": node.attrs.get("to", SERVER), **attrs}))

    # --- messages

    def on_message(self, connection: Connection, node: Node) -> None:
        phone = connection.phone
        assert phone is not None
        received = None
        for jid, enc in envelopes(node):
            who = self.who(jid)
            if who is None:
                self.errors.append(f"a message for nobody: {jid}")
                continue
            try:
                peer = (phone.number, connection.device)
                plain = who.endpoint.decrypt(peer, enc.attrs["type"], enc.content)
            except Undecryptable as error:
                self.errors.append(f"message {node.attrs['id']} to {jid}: {error}")
                continue
            message = compose.bare(compose.Message.FromString(plain))
            if received is None or who is not phone:
                contact = who if who is not phone else self.who(node.attrs["to"])
                received = Received(str(node.attrs["id"]), phone, node.attrs["to"], contact, message, dict(node.attrs))
        if received is not None:
            self._take(connection, received)

    def _take(self, connection: Connection, received: Received) -> None:
        if received.attrs.get("category") == "peer":  # from the client to its own phone: a request for old messages
            extra: dict[str, Any] | None = {}
        else:
            extra = self.acks(received)
            received.refused = str(extra["error"]) if extra and "error" in extra else None
            self.received.append(received)
        if extra is None:
            return
        attrs = {"class": "message", "id": received.id, "from": received.to, "t": int(time.time()), **extra}
        connection.send(Node("ack", attrs))
        if (
            received.refused is None
            and isinstance(received.contact, Account)
            and received.contact is not received.phone
        ):
            for kind in self.auto_receipts:
                self.receipt(received.phone, received.contact, received.id, kind)

    # --- questions

    def on_iq(self, connection: Connection, node: Node) -> None:
        if node.attrs.get("type") in ("result", "error"):
            if node.child("pair-device-sign") is not None:  # paired: WhatsApp asks to log in anew
                connection.send(Node("stream:error", {"code": "515"}))
                connection.close()
            return
        attrs = {"from": SERVER, "type": "result", "id": node.attrs["id"]}
        space = str(node.attrs.get("xmlns")).replace(":", "_")
        answer = getattr(self, f"ask_{space}", None)
        children = answer(connection, node) if answer is not None else None
        if isinstance(children, Node) and children.tag == "error":
            attrs["type"] = "error"
        connection.send(Node("iq", attrs, [children] if isinstance(children, Node) else children))
        if node.child("remove-companion-device") is not None:
            self.unlink(connection)
        stage = node.child("link_code_companion_reg")
        if stage is not None and stage.attrs.get("stage") == "companion_finish":
            self.code_finish(connection, stage)

    def unlink(self, connection: Connection) -> None:
        """The companion is no longer one: its store is worthless."""
        if connection.phone is not None:
            connection.phone.companions.pop(connection.device, None)
        connection.send(Node("stream:error", {"code": "401"}, [Node("conflict", {"type": "device_removed"})]))
        connection.close()

    def ask_md(self, connection: Connection, node: Node) -> Node | None:
        stage = node.child("link_code_companion_reg")
        if stage is not None and stage.attrs.get("stage") == "companion_hello":
            return self.code_hello(connection, stage)
        return None

    def ask_encrypt(self, connection: Connection, node: Node) -> Node | None:
        """One-time keys: how many are left, more of them, or those of somebody else."""
        companion = connection.phone.companions[connection.device] if connection.phone else None
        listed, asked = node.child("list"), node.child("key")
        if asked is not None and node.attrs["type"] == "get":
            return Node("list", {}, [self._keys_of(user.attrs["jid"]) for user in asked.children()])
        if companion is not None and listed is not None:
            for one in listed.children():
                companion.once.append((int.from_bytes(one.bytes_of("id"), "big"), one.bytes_of("value")))
        if companion is not None and node.child("count") is not None:
            return Node("count", {"value": len(companion.once)})
        return None

    def _keys_of(self, jid: JID) -> Node:
        who = self.who(jid)
        if who is None or jid.device:
            return Node("user", {"jid": jid}, [Node("error", {"code": "404", "text": "item-not-found"})])
        device = who.endpoint
        number, public = device.new_once()
        signed = [
            Node("id", {}, device.signed_id.to_bytes(3, "big")),
            Node("value", {}, device.signed.public),
            Node("signature", {}, device.signature),
        ]
        once = [Node("id", {}, number.to_bytes(3, "big")), Node("value", {}, public)]
        children = [
            Node("registration", {}, device.registration.to_bytes(4, "big")),
            Node("type", {}, KEY_TYPE),
            Node("identity", {}, device.identity.public),
            Node("skey", {}, signed),
            Node("key", {}, once),
        ]
        return Node("user", {"jid": jid, "t": int(time.time())}, children)

    def ask_usync(self, connection: Connection, node: Node) -> Node:
        """Who has WhatsApp, which devices they have, and which LID belongs to a number."""
        usync, query, listed = node.child("usync"), node.child("usync", "query"), node.child("usync", "list")
        assert usync is not None and query is not None and listed is not None
        wanted = {one.tag for one in query.children()}
        users = [self._number(user) or self._user(user.attrs["jid"], wanted) for user in listed.children()]
        self.note("??", f"usync {sorted(wanted)}")
        return Node("usync", dict(usync.attrs), [Node("result", {}, []), Node("list", {}, users)])

    def _number(self, user: Node) -> Node | None:
        """The answer to a number check; None when a JID was asked."""
        asked = user.child("contact")
        if asked is None or user.attrs.get("jid") is not None:
            return None
        raw = asked.content if isinstance(asked.content, str) else bytes(asked.content).decode()
        number = raw.split("@")[0].lstrip("+")
        who = self.who(JID(number))
        attrs = {"jid": who.lid_jid(), "pn_jid": who.pn()} if who else {"jid": JID(number)}
        return Node("user", attrs, [Node("contact", {"type": "in" if who else "out"}, raw.encode())])

    def _user(self, jid: JID, wanted: set[str]) -> Node:
        who = self.who(jid)
        children = []
        if "devices" in wanted:
            devices = [0, *getattr(who, "companions", [])] if who else []
            listed = Node("device-list", {"hash": "2:x"}, [Node("device", {"id": device}) for device in devices])
            children.append(Node("devices", {}, [listed]))
        if "lid" in wanted and who:
            children.append(Node("lid", {"val": who.lid_jid()}))
        return Node("user", {"jid": jid}, children)

    def ask_w_m(self, connection: Connection, node: Node) -> Node:
        """Where media lies."""
        attrs = {"auth": "loopback", "ttl": MEDIA_SECONDS, "auth_ttl": MEDIA_SECONDS, "max_buckets": 12}
        return Node("media_conn", attrs, [Node("host", {"hostname": "mmg.whatsapp.net"})])

    def ask_privacy(self, connection: Connection, node: Node) -> Node:
        return Node("privacy", {}, [])

    def ask_w_profile_picture(self, connection: Connection, node: Node) -> Node:
        return Node("error", {"code": "404", "text": "item-not-found"})


def envelopes(node: Node) -> list[tuple[JID, Node]]:
    """Each device a message is for, with its ciphertext; a retry and a message to oneself have only one."""
    single, many = node.child("enc"), node.child("participants")
    if single is not None:
        return [(node.attrs["to"], single)]
    found = [(one.attrs["jid"], one.child("enc")) for one in (many.children() if many else [])]
    return [(jid, enc) for jid, enc in found if enc is not None]
