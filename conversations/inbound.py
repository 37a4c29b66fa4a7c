"""What a gateway hands in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class InboundMessage:
    """A message as WhatsApp delivered it.

    `chat` is the address (JID) to answer to; `phone` is digits or E.164, None when only the `lid` is known;
    `from_me` means it was typed on our own paired phone. `sent_at` is aware.
    """

    provider_id: str
    chat: str
    phone: str | None
    lid: str | None
    push_name: str
    from_me: bool
    kind: str
    text: str
    sent_at: datetime
    quoted_provider_id: str = ""
    target_provider_id: str = ""
    media: dict[str, Any] | None = None
    trace_id: str = ""
