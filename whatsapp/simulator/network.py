"""The phones' side of the simulated WhatsApp: for the page, for tests, and for generating load.

A phone writes into a stream that the session's gateway reads and acknowledges only when the message is in the
spool, so a killed process finds it again under the same provider id. The gateway's side is `line.py`.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.core.clock import now
from crm.core.errors import Conflict
from whatsapp.gateways.base import Media, MessageArrived, ReceiptArrived, Spooled, to_bytes
from whatsapp.simulator.keys import KEPT_LINES, KEPT_SECONDS, TICK_ORDER, Keys, Line, Person, Ticks, new_provider_id


class Network(Keys):
    """One session's WhatsApp: any number of phones around it, and the hand on its plug."""

    # ---- the phone that is being paired
    def scan(self) -> None:
        """Point the phone at the QR code now on the page. Raises Conflict if there is none."""
        shown = self.redis.get(self.key("qr"))
        if not shown:
            raise Conflict(_("No QR code is shown."), code="no_qr")
        self._tell(accepted=shown.decode())

    def enter_code(self, code: str) -> None:
        """Type the phone code. Raises Conflict if it is not the one shown."""
        shown = self.redis.get(self.key("code"))
        if not shown or shown.decode() != code:
            raise Conflict(_("This is not the code shown."), code="wrong_code")
        self._tell(accepted=code)

    def qr_shown(self) -> bool:
        return bool(self.redis.exists(self.key("qr")))

    # ---- people who write
    def meet(self, phone: str, name: str) -> Person:
        """A phone comes into play before it wrote anything."""
        person = Person(chat=self.chat_of(phone), phone=phone, name=name)
        self.redis.hset(self.key("people"), person.chat, json.dumps(vars(person)))
        self.redis.zadd(self.key("chats"), {person.chat: now().timestamp()})
        return person

    def say(
        self, phone: str, name: str, text: str, *, provider_id: str | None = None, lid: str | None = None,
        kind: str = "text", media: Media | None = None, facts: dict[str, Any] | None = None, quoted: str = "",
    ) -> str:  # fmt: skip
        """A client writes to the session, `facts` being a place or contacts. Returns the message's provider id."""
        digits = "".join(filter(str.isdigit, phone))
        chat = f"{lid}@lid" if lid else self.chat_of(digits)
        person = Person(chat=chat, phone=digits, name=name, lid=lid or "")
        own_id = provider_id or new_provider_id()
        kind, facts = (media.kind, self._keep(own_id, media)) if media else (kind, facts)
        line = Line(own_id, True, text, now(), kind=kind, quoted=quoted, facts=facts or {})
        event = MessageArrived(
            provider_id=own_id, chat=chat, phone=digits or None, lid=lid, push_name=name, kind=kind, text=text,
            sent_at=line.at, quoted_provider_id=quoted, media=facts,
        )  # fmt: skip
        self._enter(person, line, event)
        return own_id

    def change(self, phone: str, kind: str, target: str, text: str = "", *, own_phone: bool = False) -> str:
        """A line is reacted to (`reaction`, without text taken back), corrected (`edit`) or deleted (`revoke`) by the
        client, or on our own phone. Returns the provider id of the change."""
        chat = self.chat_of(phone)
        person = self.person(chat) or Person(chat=chat, phone=chat.split("@")[0], name="")
        change_id = new_provider_id()
        mark = {"reaction": {f"reaction-{own_phone}": text}, "edit": {"text": text, "edited": True}}
        self._mark(chat, target, mark.get(kind, {"revoked": True}))
        self._send(
            MessageArrived(
                provider_id=change_id,
                chat=chat,
                phone=person.phone or None,
                lid=person.lid or None,
                push_name=person.name,
                from_me=own_phone,
                kind=kind,
                text=text,
                sent_at=now(),
                target_provider_id=target,
            )
        )
        return change_id

    def say_own_phone(self, phone: str, text: str, *, provider_id: str | None = None) -> str:
        """The consultant types on the paired phone itself, to a client."""
        chat = self.chat_of(phone)
        line = Line(provider_id or new_provider_id(), False, text, now(), own_phone=True)
        known = self.person(chat)
        person = known or Person(chat=chat, phone=chat.split("@")[0], name="")
        event = MessageArrived(
            provider_id=line.id,
            chat=chat,
            phone=person.phone or None,
            lid=person.lid or None,
            from_me=True,
            text=text,
            sent_at=line.at,
        )
        self._enter(person, line, event)
        return line.id

    def receipt(self, phone: str, provider_ids: Iterable[str], state: str, *, at: datetime | None = None) -> None:
        """The phone tells that messages came (`delivered`) or were seen (`read`, `played`)."""
        ids = tuple(provider_ids)
        chat = self.chat_of(phone)
        self._tick(chat, ids, state)
        self._send(ReceiptArrived(chat=chat, provider_ids=ids, state=state, at=at or now()))

    def read(self, phone: str) -> None:
        """The person opens the chat: everything that came is read now."""
        unread = [line.id for line in self.transcript(phone) if not line.mine and line.tick in TICK_ORDER[:2]]
        if unread:
            self.receipt(phone, unread, "read")

    # ---- what the screens show
    def transcript(self, phone: str) -> list[Line]:
        """The chat on this phone's screen, oldest first."""
        chat = self.chat_of(phone)
        ticks = self.redis.hgetall(self.key("ticks", chat))
        marks = self.redis.hgetall(self.key("marks", chat))
        rows = (json.loads(row) for row in self.redis.lrange(self.key("lines", chat), 0, -1))
        return [
            Line.from_dict(
                row
                | {"tick": ticks.get(row["id"].encode(), b"sent").decode()}
                | _as_marked(json.loads(marks.get(row["id"].encode(), "{}")))
            )
            for row in rows
        ]

    def is_typing(self, phone: str) -> bool:
        return bool(self.redis.exists(self.key("typing", self.chat_of(phone))))

    def chats(self, limit: int = 200) -> list[Person]:
        """Who has talked with the session, the latest first."""
        chats = self.redis.zrevrange(self.key("chats"), 0, limit - 1)
        rows = self.redis.hmget(self.key("people"), chats) if chats else []
        return [Person(**json.loads(row)) for row in rows if row]

    def person(self, phone: str) -> Person | None:
        row = self.redis.hget(self.key("people"), self.chat_of(phone))
        return Person(**json.loads(row)) if row else None

    # ---- the hand on the plug
    def set_ticks(self, mode: Ticks | str) -> None:
        self._tell(ticks=Ticks(mode))

    def drop(self) -> None:
        """Cut the line. Messages wait on the network's side."""
        self._tell(line="down")

    def restore(self) -> None:
        """The line is back; a ban, an old version or a refusal is forgotten. The pairing stays as it is."""
        self.redis.hdel(self.key("server"), "line", "banned_until", "outdated", "refuse", "replaced")
        self._tell()

    def ban(self, seconds: float) -> None:
        self._tell(banned_until=(now() + timedelta(seconds=seconds)).isoformat())

    def logout(self) -> None:
        """The phone removes this device."""
        self.redis.hdel(self.key("server"), "device")
        self._tell()

    def outdate(self) -> None:
        self._tell(outdated="1")

    def conflict(self) -> None:
        """Somebody opens the same session elsewhere."""
        self._tell(replaced="1")

    def refuse_sends(self, code: str) -> None:
        """Every send fails with this code until `restore()`."""
        self._tell(refuse=code)

    def set_absent(self, phone: str) -> None:
        """This phone is not on WhatsApp."""
        self.redis.sadd(self.key("absent"), self.chat_of(phone))

    def forget(self) -> None:
        """The network as on the first day."""
        for name in self.redis.scan_iter(match=self.key("*"), count=1000):
            self.redis.delete(name)

    # ---- within
    def _tell(self, **facts: str) -> None:
        """Change what the network knows and wake the gateway."""
        if facts:
            self.redis.hset(self.key("server"), mapping=facts)
        self.redis.xadd(self.key("up"), {"event": b""})

    def _send(self, event: Spooled) -> None:
        self.redis.xadd(self.key("up"), {"event": to_bytes(event)})

    def _enter(self, person: Person, line: Line, event: MessageArrived) -> None:
        lines = self.key("lines", person.chat)
        with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self.key("people"), person.chat, json.dumps(vars(person)))
            if person.phone:
                pipe.hset(self.key("book"), person.phone, person.chat)
            pipe.zadd(self.key("chats"), {person.chat: line.at.timestamp()})
            pipe.rpush(lines, json.dumps(line.as_dict()))
            pipe.ltrim(lines, -KEPT_LINES, -1)
            pipe.expire(lines, KEPT_SECONDS)
            pipe.xadd(self.key("up"), {"event": to_bytes(event)})
            pipe.execute()

    def _tick(self, chat: str, provider_ids: Iterable[str], state: str) -> None:
        ticks = self.key("ticks", chat)
        for provider_id in provider_ids:
            old = (self.redis.hget(ticks, provider_id) or b"sent").decode()
            if TICK_ORDER.index(state) > TICK_ORDER.index(old):
                self.redis.hset(ticks, provider_id, state)
        self.redis.expire(ticks, KEPT_SECONDS)

    def _mark(self, chat: str, line_id: str, mark: dict[str, Any]) -> None:
        """What became of a line; one phone at a time does that."""
        marks = self.key("marks", chat)
        known = json.loads(self.redis.hget(marks, line_id) or "{}")
        self.redis.hset(marks, line_id, json.dumps(known | mark))
        self.redis.expire(marks, KEPT_SECONDS)

    def _keep(self, provider_id: str, media: Media) -> dict[str, Any]:
        self.redis.set(self.key("media", provider_id), media.content, ex=KEPT_SECONDS)
        facts = {"ref": provider_id, "mime": media.mime, "name": media.name, "size": len(media.content)}
        return facts | ({"voice": True} if media.kind == "audio" else {})


def _as_marked(mark: dict[str, Any]) -> dict[str, Any]:
    """The fields of a line that its marks change."""
    emojis = [mark.pop(name) for name in list(mark) if name.startswith("reaction-")]
    return mark | {"reactions": [emoji for emoji in emojis if emoji]}
