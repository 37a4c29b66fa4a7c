"""Who is on the loopback, what was sent to whom, and what still waits for a client to take it."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import compose
from .binary_xml import JID, Node
from .connection import Connection
from .log import Log
from .media import MediaHost
from .people import Account, Companion, Phone
from .ratchet import Bundle

MAX_RETRIES = 5  # as WhatsApp does: after so many requests a message is given up
TRACE_LINES = 20_000


@dataclass
class Sent:
    """A message somebody sent to one of our phones; `node` without its ciphertext."""

    id: str
    phone: Phone
    sender: Account
    plain: bytes | None  # None: the sender's phone is off, nobody can write it again
    attrs: dict[str, Any]
    enc: dict[str, Any]
    retries: int = 0
    at: float = field(default_factory=time.time)


@dataclass
class Received:
    """A message a client sent. `refused` is the error the server answered: then no phone ever got it."""

    id: str
    phone: Phone
    to: JID
    contact: Account | None
    message: Any
    attrs: dict[str, Any]
    refused: str | None = None
    at: float = field(default_factory=time.time)

    kind = property(lambda self: compose.kind_of(self.message))
    text = property(lambda self: compose.text_of(self.message))
    quoted_id = property(lambda self: compose.quoted_id_of(self.message))
    target_id = property(lambda self: compose.target_id_of(self.message))


@dataclass(frozen=True)
class ClientReceipt:
    """What a client told about messages it got; type "" means delivered."""

    phone: Phone
    type: str
    ids: tuple[str, ...]
    to: JID


@dataclass(frozen=True)
class Shown:
    """One line on the contact's phone; `times` is how often the phone got this id."""

    id: str
    mine: bool
    kind: str
    text: str
    times: int


@dataclass
class Waiting:
    """A stanza in a mailbox, until as many acknowledgements came as there are copies.

    One sent anew on a client's request counts by itself, also while nobody is there to take it."""

    node: Node
    copies: int = 0


class Network:
    """State shared by all connections. Everything public may be called from any thread."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.people: dict[str, Account] = {}  # by number and by LID
        self.connections: list[Connection] = []
        self.mailboxes: dict[tuple[str, int], dict[tuple[str, ...], Waiting]] = {}
        self.sent: dict[tuple[str, str], Sent] = {}
        self.media = MediaHost()
        self.received: Log[Received] = Log()
        self.client_receipts: Log[ClientReceipt] = Log()
        self.chatstates: Log[tuple[JID, str]] = Log()  # (to whom, composing or paused)
        self.presences: Log[str] = Log()
        self.errors: Log[str] = Log()
        self.trace: Log[tuple[float, str, str]] = Log()
        # The attributes of the acknowledgement of a client's message; None: there is none.
        self.acks: Callable[[Received], dict[str, Any] | None] = lambda received: {}
        self.auto_receipts: tuple[str, ...] = ("delivery",)
        self._issued = 0

    def meet(self, *accounts: Account) -> None:
        """Put people on WhatsApp: number checks find them, clients can write to them."""
        with self.lock:
            for account in accounts:
                self.people[account.number] = self.people[account.lid] = account

    def who(self, jid: JID) -> Account | None:
        return self.people.get(jid.user)

    def next_id(self) -> str:
        with self.lock:
            self._issued += 1
            return f"server-{self._issued}"

    def note(self, direction: str, what: object) -> None:
        if len(self.trace) > TRACE_LINES:
            del self.trace[: TRACE_LINES // 2]
        self.trace.append((time.time(), direction, str(what)))

    def connection_of(self, phone: Phone, device: int | None = None) -> Connection | None:
        """The live connection of a companion; of the phone's newest one when no device is named."""
        with self.lock:
            live = [one for one in self.connections if one.alive and one.phone is phone]
            return next((one for one in reversed(live) if device in (None, one.device)), None)

    def connected(self, phone: Phone) -> Connection:
        connection = self.connection_of(phone)
        assert connection is not None, f"no client of {phone} is connected"
        return connection

    # --- to the clients

    def push(self, phone: Phone, device: int, node: Node, *, keep: bool = True) -> None:
        """Send to a companion, now or at its next login; kept until the client acknowledges it."""
        with self.lock:
            connection = self.connection_of(phone, device)
            if keep:
                mailbox = self.mailboxes.setdefault((phone.number, device), {})
                waiting = mailbox.setdefault(mail_key(node.tag, node.attrs), Waiting(node))
                waiting.node, waiting.copies = node, waiting.copies + 1
            if connection is not None:
                self.note("S>", node)
                connection.send(node)

    def backlog(self, phone: Phone, device: int) -> list[Node]:
        """What a client that logs in has not acknowledged, oldest first, marked as offline."""
        with self.lock:
            mailbox = self.mailboxes.setdefault((phone.number, device), {})
            for waiting in mailbox.values():
                waiting.copies = 1
            return [
                Node(one.node.tag, {**one.node.attrs, "offline": "1"}, one.node.content) for one in mailbox.values()
            ]

    def unacknowledged(self, phone: Phone) -> list[str]:
        """The ids of messages that no client has confirmed."""
        with self.lock:
            return [key[1] for (number, _), box in self.mailboxes.items() if number == phone.number for key in box]

    def settle(self, connection: Connection, key: tuple[str, ...], *, wholly: bool = False) -> None:
        """A client acknowledged a stanza."""
        if connection.phone is None:
            return
        with self.lock:
            mailbox = self.mailboxes.get((connection.phone.number, connection.device), {})
            waiting = mailbox.get(key)
            if waiting is None:
                return
            waiting.copies -= 1
            if wholly or waiting.copies <= 0:
                del mailbox[key]

    def deliver(self, sent: Sent) -> None:
        """Encrypt a message for every companion of its phone and send it."""
        with self.lock:
            self.sent[sent.phone.number, sent.id] = sent
            for device, companion in sent.phone.companions.items():
                self._encrypt(sent, device, companion)

    def _encrypt(self, sent: Sent, device: int, companion: Companion) -> None:
        peer = (sent.phone.number, device)
        if sent.plain is None:
            return
        kind, data = sent.sender.endpoint.encrypt(peer, sent.plain, companion.bundle)
        attrs = {"v": "2", "type": kind, **sent.enc, "count": sent.retries or None}
        self.push(sent.phone, device, Node("message", sent.attrs, [Node("enc", attrs, data)]))

    def retry(self, connection: Connection, receipt: Node) -> None:
        """A client could not read a message: write it again through a new session.

        The receipt carries the client's keys from the second request on; before, the ones it uploaded are used.
        """
        phone, device = connection.phone, connection.device
        with self.lock:
            sent = self.sent.get((phone.number if phone else "", str(receipt.attrs["id"])))
            if phone is None or sent is None:
                self.errors.append(f"a retry for a message nobody sent: {receipt}")
                return
            sent.retries += 1
            if sent.retries > MAX_RETRIES:
                self.errors.append(f"given up after {MAX_RETRIES} retries: {sent.id}")
                return
            companion = phone.companions.get(device)
            if companion is None:
                return
            bundle = bundle_in(receipt.child("keys")) or companion.bundle()
            sent.sender.endpoint.begin((phone.number, device), bundle)
            self._encrypt(sent, device, companion)

    # --- what the contacts see

    def transcript(self, contact: Account, phone: Phone | None = None) -> list[Shown]:
        """What the contact's phone shows, in order: each message once, however often it came."""
        with self.lock:
            lines = [
                (sent.at, Shown(sent.id, True, compose.kind_of(message), compose.text_of(message), 1))
                for sent in self.sent.values()
                if sent.sender is contact and phone in (None, sent.phone) and sent.plain is not None
                for message in [compose.bare(compose.Message.FromString(sent.plain))]
            ]
            arrived = [one for one in self.received if one.contact is contact and one.refused is None]
            arrived = [one for one in arrived if phone in (None, one.phone)]
        times: dict[str, int] = {}
        for one in arrived:
            times[one.id] = times.get(one.id, 0) + 1
        for one in {one.id: one for one in reversed(arrived)}.values():
            lines.append((one.at, Shown(one.id, False, one.kind, one.text, times[one.id])))
        return [line for _, line in sorted(lines, key=lambda pair: pair[0])]

    def media_of(self, received: Received) -> bytes:
        """The plain file behind a message a client sent."""
        kind = "audio" if received.kind == "voice" else received.kind
        return self.media.open(kind, compose.body(received.message)[1])


def mail_key(tag: str, attrs: Any) -> tuple[str, ...]:
    """What identifies a stanza in a mailbox and in its acknowledgement."""
    return (tag, str(attrs["id"]), "" if tag == "message" else str(attrs.get("type") or ""))


def bundle_in(keys: Node | None) -> Bundle | None:
    """The keys inside a retry receipt."""
    if keys is None:
        return None

    def numbered(tag: str) -> tuple[int, bytes]:
        return int.from_bytes(keys.bytes_of(tag, "id"), "big"), keys.bytes_of(tag, "value")

    return Bundle(keys.bytes_of("identity"), numbered("skey"), numbered("key") if keys.child("key") else None)
