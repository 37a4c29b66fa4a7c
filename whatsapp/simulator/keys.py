"""Where the simulated network lies in Redis, and the small vocabulary both of its sides share."""

import re
import uuid
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import redis

from crm.core.redis import client, key

KEPT_LINES = 500
KEPT_SECONDS = 7 * 24 * 3600
SERVER = "s.whatsapp.net"


class Ticks(StrEnum):
    """What the phones do by themselves with a message they get."""

    READ = "read"
    DELIVERED = "delivered"
    NONE = "none"


TICK_ORDER = ("sent", "delivered", "read", "played")


@dataclass(frozen=True)
class Line:
    """One message on a phone's screen; `mine` means typed by the person holding it. `facts` tells of a file or place;
    `edited`, `revoked` and `reactions` of what became of it."""

    id: str
    mine: bool
    text: str
    at: datetime
    kind: str = "text"
    quoted: str = ""
    own_phone: bool = False
    tick: str = "sent"
    facts: dict[str, Any] = field(default_factory=dict)
    edited: bool = False
    revoked: bool = False
    reactions: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"at": self.at.isoformat()}

    @classmethod
    def from_dict(cls, body: dict) -> "Line":
        return replace(cls(**body), at=datetime.fromisoformat(body["at"]))


@dataclass(frozen=True)
class Person:
    chat: str
    phone: str
    name: str
    lid: str = ""


class Keys:
    """The names of one session's keys and the connection to them."""

    def __init__(self, session_id: int) -> None:
        self.session_id = session_id
        self.redis: redis.Redis = client()

    def key(self, *parts: str) -> str:
        return key("simulator", self.session_id, *parts)

    @property
    def own_phone(self) -> str:
        return f"551190{self.session_id:07d}"

    @property
    def own_jid(self) -> str:
        return f"{self.own_phone}@{SERVER}"

    def server(self) -> dict[str, str]:
        """What the network knows of the session: its device, the line, bans."""
        return {name.decode(): value.decode() for name, value in self.redis.hgetall(self.key("server")).items()}

    def chat_of(self, phone: str) -> str:
        """The chat of a phone, given as digits or as a JID."""
        if phone.endswith("@lid"):
            return phone
        digits = re.sub(r"\D", "", phone.split("@")[0])
        known = self.redis.hget(self.key("book"), digits)
        return known.decode() if known else f"{digits}@{SERVER}"


def new_provider_id() -> str:
    return "3EB0" + uuid.uuid4().hex[:18].upper()
