"""From the outbox to WhatsApp. Typing shows in many chats at once; the messages leave one by one.

A row is claimed, "typing…" shows for what is left of its time, it is asked once more whether the message is still
wanted, then it leaves and is settled.
"""

import heapq
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from django.core.files.storage import default_storage

from conversations.models import Message, MessageState
from conversations.outbox import (
    OutgoingMessage,
    outbox_claim,
    outbox_failed,
    outbox_recover,
    outbox_sent,
    outbox_still_wanted,
    outbox_unknown,
)
from whatsapp.gateways.base import Gateway, Left, Media, SendFailed, Sent
from whatsapp.leaving import Leaving
from whatsapp.patience import AWAY, Interrupted, once, patiently

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
TYPING_CHATS = 100


class Sender(threading.Thread):
    """The inbox's one sender. `wake` rings for a new row, `online` is set while messages may leave."""

    def __init__(self, *, gateway: Gateway, inbox_id: int, leaving: Path) -> None:
        super().__init__(name="sender", daemon=True)
        self.gateway, self.inbox_id = gateway, inbox_id
        self.leaving = Leaving(leaving)
        self.wake, self.online, self.stopping = threading.Event(), threading.Event(), threading.Event()
        self.giving_up = threading.Event()
        self.due: list[tuple[float, int, OutgoingMessage]] = []
        self.resume_at = 0.0  # after a send that did not leave, the line gets a moment

    def run(self) -> None:
        try:
            patiently(self._recover, stop=self.stopping)
            while not self.stopping.is_set():
                self.wake.clear()
                self.wake.wait(self._turn())
            self._hand_back()
        except Interrupted:
            log.warning("sender_interrupted", inbox=self.inbox_id, claimed=len(self.due))

    def finish(self, seconds: float) -> bool:
        """End: the message on its way is settled, those only being typed go back. False if time did not suffice."""
        self.stopping.set()
        self.wake.set()
        self.join(seconds)
        self.giving_up.set()
        return not self.is_alive()

    def _recover(self) -> None:
        """Rows of a dead process: what surely did not leave goes out again, the rest is for a person to judge."""
        if self.leaving.known:
            taken = Message.objects.filter(conversation__inbox_id=self.inbox_id, state=MessageState.SENDING)
            for message_id in taken.exclude(pk=self.leaving.at_start).order_by("pk").values_list("pk", flat=True):
                outbox_failed(message_id=message_id, code="interrupted", retry=True)
        unknown = outbox_recover(inbox_id=self.inbox_id)
        self.leaving.clear()
        if unknown:
            log.warning("outbox_unknown", inbox=self.inbox_id, messages=unknown)

    def _turn(self) -> float:
        """Claim and send what is due; seconds until it makes sense to look again."""
        if not self.online.is_set() or time.monotonic() < self.resume_at:
            return POLL_SECONDS / 4
        try:
            self._claim()
            self._send_due()
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            return POLL_SECONDS
        if not self.due:
            return POLL_SECONDS
        return min(max(self.due[0][0] - time.monotonic(), 0), POLL_SECONDS)

    # ---- claim, type
    def _claim(self) -> None:
        while len(self.due) < TYPING_CHATS and not self.stopping.is_set():
            message = once(lambda: outbox_claim(inbox_id=self.inbox_id))
            if message is None:
                return
            if message.typing_ms > 0:
                self._type(message.chat)
            at = time.monotonic() + message.typing_ms / 1000
            heapq.heappush(self.due, (at, message.message_id, message))

    def _type(self, chat: str) -> None:
        try:
            self.gateway.typing(chat, True)
        except Exception as error:  # decoration: the message goes without it
            log.info("typing_not_shown", error=type(error).__name__)

    # ---- send
    def _send_due(self) -> None:
        while self.due and self.due[0][0] <= time.monotonic() and self._may_send():
            message = self.due[0][2]
            wanted = once(lambda message=message: outbox_still_wanted(message_id=message.message_id))
            heapq.heappop(self.due)
            if wanted:
                self._send(message)

    def _may_send(self) -> bool:
        return self.online.is_set() and not self.stopping.is_set() and time.monotonic() >= self.resume_at

    def _send(self, message: OutgoingMessage) -> None:
        message_id = message.message_id
        self.leaving.note(message_id)
        try:
            sent = self._call(message)
        except SendFailed as error:
            self._failed(message_id, error)
        except Exception as error:
            log.exception("send_broke", message=message_id)
            self._failed(message_id, SendFailed("error", type(error).__name__, left=Left.PERHAPS))
        else:
            self._settle(lambda: outbox_sent(message_id=message_id, provider_id=sent.provider_id, sent_at=sent.sent_at))
        self.leaving.clear()

    def _call(self, message: OutgoingMessage) -> Sent:
        if message.media:
            return self.gateway.send_media(message.chat, _media(message), message.text)
        if message.quoted_provider_id:
            return self.gateway.reply(message.chat, message.text, message.quoted_provider_id)
        return self.gateway.send_text(message.chat, message.text)

    def _failed(self, message_id: int, error: SendFailed) -> None:
        log.warning("send_failed", message=message_id, code=error.code, left=error.left)
        if error.left is Left.PERHAPS:
            self._settle(lambda: outbox_unknown(message_id=message_id, code=error.code, detail=error.detail))
            return
        retry = error.left is Left.NO
        self._settle(lambda: outbox_failed(message_id=message_id, code=error.code, detail=error.detail, retry=retry))
        if retry:
            self.resume_at = time.monotonic() + POLL_SECONDS

    def _hand_back(self) -> None:
        for _at, message_id, _message in self.due:
            self._settle(
                lambda message_id=message_id: outbox_failed(message_id=message_id, code="interrupted", retry=True)
            )
        self.due.clear()

    def _settle(self, call: Callable[[], None]) -> None:
        """What became of a message is written down, however long the database is away."""
        patiently(call, stop=self.giving_up)


def _media(message: OutgoingMessage) -> Media:
    """The file of a message, from where uploads are kept."""
    facts = message.media or {}
    with default_storage.open(facts["path"]) as file:
        return Media(content=file.read(), kind=message.kind, mime=facts.get("mime", ""), name=facts.get("name", ""))
