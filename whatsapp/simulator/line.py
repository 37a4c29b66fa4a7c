"""The gateway's side of the simulated WhatsApp: the session's line into the network."""

import json
import secrets

import redis

from crm.core.clock import now
from whatsapp.gateways.base import Left, Media, SendFailed, Sent
from whatsapp.simulator.keys import Line, Ticks, new_provider_id
from whatsapp.simulator.network import Network

GROUP = "session"
CONSUMER = "child"


class SessionLine(Network):
    """What the session may do on the network; the phones see its effects through `Network`."""

    # ---- pairing
    def offer_qr(self, seconds: float) -> str:
        content = "2@" + secrets.token_urlsafe(48)
        self.redis.set(self.key("qr"), content, px=int(seconds * 1000))
        return content

    def offer_code(self, seconds: float) -> str:
        letters = "".join(secrets.choice("ABCDEFGHJKLMNPQRSTVWXYZ123456789") for _ in range(8))
        code = f"{letters[:4]}-{letters[4:]}"
        self.redis.set(self.key("code"), code, px=int(seconds * 1000))
        return code

    def link(self) -> str:
        """The phone accepted: this device belongs to it from now on. Returns the credential."""
        device = secrets.token_hex(16)
        self.redis.delete(self.key("qr"), self.key("code"))
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self.key("server"), "device", device)
            pipe.hdel(self.key("server"), "accepted")
            pipe.execute()
        return device

    def unlink(self) -> None:
        self.redis.hdel(self.key("server"), "device", "accepted")

    def consume(self, fact: str) -> None:
        """What happened once and was noticed."""
        self.redis.hdel(self.key("server"), fact)

    # ---- inbound
    def open(self) -> None:
        try:
            self.redis.xgroup_create(self.key("up"), GROUP, id="0", mkstream=True)
        except redis.ResponseError as error:
            if "BUSYGROUP" not in str(error):
                raise

    def take(self, *, again: bool, wait: float, count: int = 200) -> list[tuple[bytes, bytes]]:
        """(id, event) pairs. `again`: those taken before and never acknowledged. An empty event is only a wake-up."""
        reply = self.redis.xreadgroup(
            GROUP,
            CONSUMER,
            {self.key("up"): "0" if again else ">"},
            count=count,
            block=None if again else int(wait * 1000),
        )
        return [(entry, fields[b"event"]) for _, entries in reply or [] for entry, fields in entries if fields]

    def acknowledge(self, entries: list[bytes]) -> None:
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.xack(self.key("up"), GROUP, *entries)
            pipe.xdel(self.key("up"), *entries)
            pipe.execute()

    # ---- outbound
    def deliver(self, chat: str, text: str, *, quoted: str = "", media: Media | None = None) -> Sent:
        """Put a message on the phone's screen and answer with the ticks the phones are set to."""
        server = self.server()
        chat = self.chat_of(chat)
        self._refuse(server, chat)
        own_id = new_provider_id()
        kind, facts = (media.kind, self._keep(own_id, media)) if media else ("text", {})
        line = Line(own_id, False, text, now(), kind=kind, quoted=quoted, facts=facts)
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.rpush(self.key("lines", chat), json.dumps(line.as_dict()))
            pipe.delete(self.key("typing", chat))
            pipe.zadd(self.key("chats"), {chat: line.at.timestamp()})
            pipe.hsetnx(self.key("people"), chat, json.dumps(self._stranger(chat)))
            pipe.execute()
        mode = server.get("ticks", Ticks.READ)
        for state in {Ticks.READ: ("delivered", "read"), Ticks.DELIVERED: ("delivered",)}.get(mode, ()):
            self.receipt(chat, [line.id], state)
        return Sent(line.id, line.at)

    def react(self, chat: str, emoji: str, target: str) -> Sent:
        """Our sign on a message of the phone's screen, in the place of the one before."""
        chat = self.chat_of(chat)
        self._refuse(self.server(), chat)
        self._mark(chat, target, {"reaction-True": emoji})
        return Sent(new_provider_id(), now())

    def show_typing(self, chat: str, on: bool) -> None:
        name = self.key("typing", self.chat_of(chat))
        if on:
            self.redis.set(name, 1, ex=10)
        else:
            self.redis.delete(name)

    def show_read(self, chat: str, provider_ids: list[str]) -> None:
        self._tick(self.chat_of(chat), provider_ids, "read")

    def exists(self, phone: str) -> str | None:
        chat = self.chat_of(phone)
        return None if self.redis.sismember(self.key("absent"), chat) else chat

    def media(self, ref: str) -> bytes:
        content = self.redis.get(self.key("media", ref))
        if content is None:
            raise LookupError(ref)
        return content

    def _refuse(self, server: dict[str, str], chat: str) -> None:
        if server.get("line") == "down":
            raise SendFailed("not_connected", left=Left.NO)
        if server.get("refuse"):
            raise SendFailed(server["refuse"])
        if self.redis.sismember(self.key("absent"), chat):
            raise SendFailed("not_on_whatsapp")

    def _stranger(self, chat: str) -> dict[str, str]:
        phone = "" if chat.endswith("@lid") else chat.split("@")[0]
        return {"chat": chat, "phone": phone, "name": "", "lid": chat.split("@")[0] if not phone else ""}
