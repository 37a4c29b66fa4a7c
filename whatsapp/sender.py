"""From the outbox to WhatsApp. Typing shows in many chats at once; the messages leave one by one.

A row is claimed as soon as the number's pace allows one more, "typing…" shows for what is left of its time, it is
asked once more whether the message is still wanted, then it leaves and is settled.
"""

import heapq
import threading
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from django.core.files.storage import default_storage
from django.db.models import QuerySet

from conversations.claims import OutgoingMessage, outbox_claim, outbox_still_wanted
from conversations.models import Message, MessageKind, MessageState
from conversations.outbox import outbox_failed, outbox_recover, outbox_sent, outbox_unknown
from crm.core.tracing import span, traced
from crm.logs import told
from whatsapp.admission import Admission
from whatsapp.gateways.base import Gateway, Left, Media, Quoted, SendFailed, Sent
from whatsapp.incidents import cold_refused
from whatsapp.leaving import Leaving
from whatsapp.numbers import Numbers
from whatsapp.patience import AWAY, Interrupted, once, patiently

log = structlog.get_logger(__name__)

POLL_SECONDS = 1.0
TYPING_CHATS = 100
NEW_CHATS_REFUSED = "463"


class Sender(threading.Thread):
    """The inbox's one sender. `wake` rings for a new row, `online` is set while messages may leave.

    `held` says that nothing may leave though the line is up, `ours` that no other process has taken over.
    """

    def __init__(
        self, *, gateway: Gateway, inbox_id: int, leaving: Path, numbers: Numbers,
        held: Callable[[], bool] = lambda: False, ours: Callable[[], bool] = lambda: True,
    ) -> None:  # fmt: skip
        super().__init__(name="sender", daemon=True)
        self.gateway, self.inbox_id, self.held, self.ours = gateway, inbox_id, held, ours
        self.leaving = Leaving(leaving)
        self.admission = Admission(inbox_id=inbox_id, numbers=numbers)
        self.wake, self.online, self.stopping = threading.Event(), threading.Event(), threading.Event()
        self.giving_up = threading.Event()
        self.fresh: OutgoingMessage | None = None  # claimed, not yet admitted
        self.due: list[tuple[float, int, OutgoingMessage]] = []
        self.unsure = False  # whether a row was claimed whose number we never got
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
            self._requeue(Message.objects.exclude(pk=self.leaving.at_start))
        unknown = outbox_recover(inbox_id=self.inbox_id)
        self.leaving.clear()
        self.admission.recall()
        if unknown:
            log.warning("outbox_unknown", inbox=self.inbox_id, messages=unknown)

    def _turn(self) -> float:
        """Claim and send what is due; seconds until it makes sense to look again."""
        if not self._may_send():
            return POLL_SECONDS / 4
        try:
            more = self._claim()
            self._send_due()
        except AWAY as error:
            log.warning("database_away", error=type(error).__name__)
            return POLL_SECONDS
        waits = [POLL_SECONDS]
        if more and len(self.due) < TYPING_CHATS:
            waits.append(self.admission.wait())
        if self.due:
            waits.append(max(self.due[0][0] - time.monotonic(), 0))
        return min(waits)

    # ---- claim, type
    def _claim(self) -> bool:
        """Take what may leave now; False when nothing more waits."""
        while len(self.due) < TYPING_CHATS and self.admission.wait() == 0 and not self.stopping.is_set():
            if not self._next():
                return False
            message = once(lambda fresh=self.fresh: self.admission.admit(fresh))
            self.fresh = None
            if message is not None:
                self._begin(message)
            if self._is_due():
                break
        return True

    def _next(self) -> bool:
        """Have `fresh` be the next message; False if there is none."""
        if self.unsure:
            once(self._put_back)
            self.unsure = False
        if self.fresh is None:
            self.unsure = True  # until the answer is here: it may get lost after the commit
            self.fresh = once(lambda: outbox_claim(inbox_id=self.inbox_id))
            self.unsure = False
        return self.fresh is not None

    def _put_back(self) -> None:
        """Rows that count as claimed though nobody holds them. None of them is leaving: sends are this thread's too."""
        if not self.ours():
            return
        self._requeue(Message.objects.exclude(pk__in=[message_id for _at, message_id, _message in self.due]))

    def _requeue(self, rows: QuerySet[Message]) -> None:
        taken = rows.filter(conversation__inbox_id=self.inbox_id, state=MessageState.SENDING)
        for message_id in taken.order_by("pk").values_list("pk", flat=True):
            outbox_failed(message_id=message_id, code="interrupted", retry=True)

    def _begin(self, message: OutgoingMessage) -> None:
        if message.typing_ms > 0:
            self._type(message.chat)
        heapq.heappush(self.due, (time.monotonic() + message.typing_ms / 1000, message.message_id, message))

    def _is_due(self) -> bool:
        return bool(self.due) and self.due[0][0] <= time.monotonic()

    def _type(self, chat: str) -> None:
        try:
            self.gateway.typing(chat, True)
        except Exception as error:  # decoration: the message goes without it
            log.info("typing_not_shown", error=type(error).__name__)

    # ---- send
    def _send_due(self) -> None:
        while self._is_due() and self._may_send():
            message = self.due[0][2]
            wanted = once(lambda message=message: outbox_still_wanted(message_id=message.message_id))
            if wanted and not self._noted(message):
                return
            heapq.heappop(self.due)
            if wanted:
                self._send(message)
            else:
                self.admission.stayed(message)

    def _noted(self, message: OutgoingMessage) -> bool:
        """False on a full disk: without the note a crash could not tell what left, so nothing leaves."""
        try:
            self.leaving.note(message.message_id)
        except OSError as error:
            log.critical("leaving_not_noted", error=str(error))
            self.resume_at = time.monotonic() + POLL_SECONDS
            return False
        return True

    def _may_send(self) -> bool:
        ready = self.online.is_set() and not self.held() and not self.stopping.is_set()
        return ready and time.monotonic() >= self.resume_at

    def _send(self, message: OutgoingMessage) -> None:
        with traced(message.trace_id), span("whatsapp.send", kind=message.kind):
            self._send_and_settle(message)

    def _send_and_settle(self, message: OutgoingMessage) -> None:
        message_id = message.message_id
        try:
            sent = self._call(message)
        except SendFailed as error:
            self._failed(message, error)
        except Exception as error:
            log.error("send_broke", message=message_id, **told(error))
            self._failed(message, SendFailed("error", type(error).__name__, left=Left.PERHAPS))
        else:
            self.admission.left(message)
            self._settle(lambda: outbox_sent(message_id=message_id, provider_id=sent.provider_id, sent_at=sent.sent_at))
            log.info("message_sent", inbox=self.inbox_id, message=message_id, kind=message.kind)
        self.leaving.clear()

    def _call(self, message: OutgoingMessage) -> Sent:
        quote = _quote(message)
        if message.kind == MessageKind.REACTION:
            return self.gateway.react(message.chat, message.text, quote or Quoted(""))
        if message.media:
            return self.gateway.send_media(message.chat, _media(message), message.text, quote)
        if quote:
            return self.gateway.reply(message.chat, message.text, quote)
        return self.gateway.send_text(message.chat, message.text)

    def _failed(self, message: OutgoingMessage, error: SendFailed) -> None:
        message_id, retry = message.message_id, error.left is Left.NO
        log.warning("send_failed", message=message_id, code=error.code, left=error.left)
        if error.left is Left.PERHAPS:
            self.admission.left(message)
            self._settle(lambda: outbox_unknown(message_id=message_id, code=error.code, detail=error.detail))
            return
        self.admission.stayed(message, asked=not retry)
        self._settle(lambda: outbox_failed(message_id=message_id, code=error.code, detail=error.detail, retry=retry))
        if error.code == NEW_CHATS_REFUSED:
            self._settle(lambda: cold_refused(inbox_id=self.inbox_id))
        if retry:
            self.resume_at = time.monotonic() + POLL_SECONDS

    def _hand_back(self) -> None:
        claimed = [message for _at, _id, message in self.due] + ([self.fresh] if self.fresh else [])
        for message in claimed:
            self._settle(
                lambda message_id=message.message_id: outbox_failed(
                    message_id=message_id, code="interrupted", retry=True
                )
            )
        self.due.clear()
        self.fresh = None

    def _settle(self, call: Callable[[], None]) -> None:
        """What became of a message is written down, however long the database is away."""
        patiently(call, stop=self.giving_up)


def _quote(message: OutgoingMessage) -> Quoted | None:
    quoted = message.quoted
    return Quoted(quoted.provider_id, text=quoted.text, from_me=quoted.from_me) if quoted else None


def _media(message: OutgoingMessage) -> Media:
    """The file of a message, from where uploads are kept. Raises SendFailed."""
    facts = message.media or {}
    try:
        with default_storage.open(facts["path"]) as file:
            content = file.read()
    except (KeyError, FileNotFoundError) as error:
        raise SendFailed("file_missing") from error
    except Exception as error:  # a storage has errors of its own, and may be back in a moment
        raise SendFailed("storage", type(error).__name__, left=Left.NO) from error
    return Media(
        content=content,
        kind=message.kind,
        mime=facts.get("mime", ""),
        name=facts.get("name", ""),
        voice=bool(facts.get("voice")),
        seconds=int(facts.get("seconds") or 0),
        waveform=bytes(facts.get("peaks") or ()),
    )
