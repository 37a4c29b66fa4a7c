"""People on the loopback: a phone we pair with, and the contacts who write to it."""

import hashlib
from dataclasses import dataclass, field

from .binary_xml import JID
from .ratchet import Bundle, Endpoint


@dataclass
class Companion:
    """A device linked to a phone: here, a neonize client. `once` are the one-time keys it uploaded."""

    identity: bytes
    signed: tuple[int, bytes]
    registration: int
    once: list[tuple[int, bytes]] = field(default_factory=list)

    def bundle(self) -> Bundle:
        return Bundle(self.identity, self.signed, self.once.pop(0) if self.once else None)


class Account:
    """Somebody with WhatsApp: a phone number, a LID and a device of their own.

    A LID (linked identity) is fifteen digits that say nothing about the number.
    """

    def __init__(self, number: str, name: str = "", lid: str | None = None) -> None:
        self.number, self.name = number, name or type(self).__name__
        hashed = int.from_bytes(hashlib.sha256(number.encode()).digest()[:6], "big")
        self.lid = lid or str(10**14 + hashed % (9 * 10**14))
        self.endpoint = Endpoint()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name} {self.number}>"

    def pn(self, device: int = 0) -> JID:
        return JID(self.number, "s.whatsapp.net", device)

    def lid_jid(self, device: int = 0) -> JID:
        return JID(self.lid, "lid", device)


class Contact(Account):
    """Somebody who writes to us and reads what we write."""


class Phone(Account):
    """The phone of one of our numbers: it scans QR codes, and the clients it linked are its companions."""

    def __init__(self, number: str, name: str = "", lid: str | None = None) -> None:
        super().__init__(number, name, lid)
        self.companions: dict[int, Companion] = {}
        self.next_device = 1

    def link(self, companion: Companion) -> int:
        device, self.next_device = self.next_device, self.next_device + 1
        self.companions[device] = companion
        return device
