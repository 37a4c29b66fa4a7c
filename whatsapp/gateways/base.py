"""The port to WhatsApp: what a gateway can do, what it reports, and how a report lies in the spool.

Messages and receipts are written to the spool before anything else happens; changes of the connection act
directly. A gateway calls `on_event` from its own threads; for a spooled event the call returns only when the event
is on disk, and a gateway that can acknowledge does so after that.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol


@dataclass(frozen=True)
class MessageArrived:
    """A message of the client's, or (`from_me`) one typed on our own phone. `phone` is digits, None if unknown.

    The other fields mean what `conversations.inbound.InboundMessage` says. `kind` `pending` is a message that could not
    be read yet: the same `provider_id` may come again with its content. `trace_id` is given when it is taken in.
    """

    kind_of_event: ClassVar[str] = "message"
    provider_id: str
    chat: str
    sent_at: datetime
    phone: str | None = None
    lid: str | None = None
    push_name: str = ""
    from_me: bool = False
    kind: str = "text"
    text: str = ""
    quoted_provider_id: str = ""
    target_provider_id: str = ""
    media: dict[str, Any] | None = None
    trace_id: str = ""


@dataclass(frozen=True)
class ReceiptArrived:
    """`state` is delivered, read or played."""

    kind_of_event: ClassVar[str] = "receipt"
    chat: str
    provider_ids: tuple[str, ...]
    state: str
    at: datetime
    trace_id: str = ""


Spooled = MessageArrived | ReceiptArrived


@dataclass(frozen=True)
class QrShown:
    """A new QR code; `content` is a secret."""

    content: str = field(repr=False)
    seconds: float


@dataclass(frozen=True)
class CodeShown:
    """A code for the phone to type; `code` is a secret."""

    code: str = field(repr=False)


@dataclass(frozen=True)
class Paired:
    jid: str
    phone: str


@dataclass(frozen=True)
class Connected:
    jid: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Disconnected:
    """The line fell; the gateway itself tries to get it back."""

    reason: str = ""


@dataclass(frozen=True)
class LoggedOut:
    reason: str = ""


@dataclass(frozen=True)
class Banned:
    until: datetime
    reason: str = ""


@dataclass(frozen=True)
class Replaced:
    reason: str = ""


@dataclass(frozen=True)
class Outdated:
    reason: str = ""


@dataclass(frozen=True)
class ConnectFailed:
    reason: str = ""


@dataclass(frozen=True)
class Ignored:
    """Something that is no conversation with a client: `kind` is group, broadcast, status, newsletter or other."""

    kind: str


Change = (
    QrShown | CodeShown | Paired | Connected | Disconnected | LoggedOut | Banned | Replaced | Outdated | ConnectFailed
)
Event = Spooled | Change | Ignored


class Left(StrEnum):
    """What is known of a send that did not succeed."""

    NO = "no"  # it surely did not leave and may be tried again
    REFUSED = "refused"  # WhatsApp said no: trying again would make it worse
    PERHAPS = "perhaps"  # nobody can tell: a person or a receipt decides


class SendFailed(Exception):
    def __init__(self, code: str, detail: str = "", *, left: Left = Left.REFUSED) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail, self.left = code, detail, left


class DialFailed(Exception):
    """The first connection did not come about; the process is started again later."""


class StoreCorrupt(Exception):
    """The stored credentials cannot be read: they are set aside and the phone is paired again."""


class DownloadFailed(Exception):
    """A file could not be fetched. `gone` means that it never will be."""

    def __init__(self, reason: str, *, gone: bool = False) -> None:
        super().__init__(reason)
        self.gone = gone


@dataclass(frozen=True)
class Sent:
    provider_id: str
    sent_at: datetime


@dataclass(frozen=True)
class Media:
    content: bytes = field(repr=False)
    kind: str
    mime: str
    name: str = ""
    voice: bool = False
    seconds: int = 0
    waveform: bytes = b""  # of a voice message: 64 loudnesses from 0 to 100


@dataclass(frozen=True)
class Quoted:
    """The message a reply quotes."""

    provider_id: str
    text: str = ""
    from_me: bool = False


class Gateway(Protocol):
    """`chat` is a JID or bare digits. Every call may raise SendFailed."""

    def __init__(self, session_id: int, folder: Any, on_event: Callable[[Event], None]) -> None:
        """`folder` (a Path) holds the credentials. Raises StoreCorrupt."""

    def connect(self) -> None:
        """Blocks until `stop()` or until the session ended (logged out, banned, replaced, outdated, failed).

        Raises DialFailed."""

    def pause(self) -> None:
        """Takes in nothing more; what was taken in has been reported when it returns."""

    def stop(self) -> None: ...
    def log_out(self) -> None: ...
    def pair_code(self, phone: str) -> str: ...
    def send_text(self, chat: str, text: str) -> Sent: ...
    def reply(self, chat: str, text: str, quoted: Quoted) -> Sent: ...
    def send_media(self, chat: str, media: Media, caption: str = "", quoted: Quoted | None = None) -> Sent: ...
    def react(self, chat: str, emoji: str, target: Quoted) -> Sent:
        """Put our one emoji on a message; an empty one takes it back."""

    def typing(self, chat: str, on: bool) -> None: ...
    def mark_read(self, chat: str, provider_ids: list[str]) -> None: ...
    def number_check(self, phone: str) -> str | None:
        """The JID behind a phone, None if it is not on WhatsApp."""

    def phone_of(self, lid: str) -> str | None:
        """The phone (digits) behind a LID, None where it is not known or the line is down. Never raises."""

    def download(self, media: dict[str, Any]) -> bytes:
        """The file behind a message's `media`. Raises DownloadFailed."""


_SPOOLED: dict[str, type[MessageArrived] | type[ReceiptArrived]] = {
    kind.kind_of_event: kind for kind in (MessageArrived, ReceiptArrived)
}
_TIMES = ("sent_at", "at")


def to_bytes(event: Spooled) -> bytes:
    """The event as it lies in the spool."""
    body = {name: value.isoformat() if name in _TIMES else value for name, value in asdict(event).items()}
    return json.dumps({"event": event.kind_of_event, **body}, separators=(",", ":")).encode()


def from_bytes(raw: bytes) -> Spooled:
    """The event again. Raises ValueError for anything else than what `to_bytes` wrote."""
    try:
        body = json.loads(raw)
        kind = _SPOOLED[body.pop("event")]
        values = {name: datetime.fromisoformat(value) if name in _TIMES else value for name, value in body.items()}
        if "provider_ids" in values:
            values["provider_ids"] = tuple(values["provider_ids"])
        return kind(**values)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"not an event: {error!r}") from error
