"""Which messages may leave now: the pace of the number, and the rules for people who never wrote to it."""

from dataclasses import replace
from datetime import timedelta

import structlog
from django.conf import settings

from conversations.claims import (
    BLOCKED,
    CHECKING,
    NOT_ON_WHATSAPP,
    PACED,
    OutgoingMessage,
    chat_settle,
    outbox_cold_since,
    outbox_held,
    outbox_hold,
    outbox_sent_since,
)
from conversations.outbox import outbox_failed
from crm.core.clock import now
from whatsapp.models import Session
from whatsapp.numbers import Numbers
from whatsapp.pacing import DAY, Bucket, DayBudget

log = structlog.get_logger(__name__)

CHECK_AGAIN = timedelta(seconds=60)  # should the answer to a number check get lost


class Admission:
    def __init__(self, *, inbox_id: int, numbers: Numbers) -> None:
        self.inbox_id, self.numbers = inbox_id, numbers
        self.bucket = Bucket(per_minute=settings.WHATSAPP_SEND_PER_MINUTE, burst=settings.WHATSAPP_SEND_BURST)
        self.cold = DayBudget(settings.WHATSAPP_COLD_PER_DAY, [])

    def recall(self) -> None:
        """What left before this process began counts."""
        since = now() - timedelta(seconds=self.bucket.look_back)
        sent = outbox_sent_since(inbox_id=self.inbox_id, since=since)
        cold = outbox_cold_since(inbox_id=self.inbox_id, since=now() - DAY)
        self.bucket.recall((now() - at).total_seconds() for at in sent)
        self.cold = DayBudget(settings.WHATSAPP_COLD_PER_DAY, cold)

    def wait(self) -> float:
        """Seconds until a message may be taken from the outbox."""
        return self.bucket.wait()

    def admit(self, message: OutgoingMessage) -> OutgoingMessage | None:
        """The message as it is to be sent, or None: then it was put back or refused."""
        if message.cold:
            if not self._admit_cold(message):
                return None
            message = self._addressed(message)
            self.cold.leave(message.message_id)
        self.bucket.take()
        return message

    @staticmethod
    def _addressed(message: OutgoingMessage) -> OutgoingMessage:
        if not message.jid or message.chat.endswith("@lid") or message.chat == message.jid:
            return message
        chat_settle(conversation_id=message.conversation_id, chat=message.jid)
        return replace(message, chat=message.jid)

    def _admit_cold(self, message: OutgoingMessage) -> bool:
        if message.jid == "":
            outbox_failed(message_id=message.message_id, code=NOT_ON_WHATSAPP)
            return False
        blocked = Session.objects.filter(inbox_id=self.inbox_id).values_list("cold_blocked_until", flat=True).first()
        if blocked and blocked > now():
            outbox_hold(message_id=message.message_id, until=blocked, code=BLOCKED)
            return False
        ahead = outbox_held(inbox_id=self.inbox_id, code=PACED, author=message.author)
        if until := self.cold.frees_at(now(), ahead=ahead):
            outbox_hold(message_id=message.message_id, until=until, code=PACED)
            return False
        if message.jid is None and message.phone:
            outbox_hold(message_id=message.message_id, until=now() + CHECK_AGAIN, code=CHECKING)
            self.numbers.ask(message.conversation_id, message.phone)
            return False
        return True

    def left(self, message: OutgoingMessage) -> None:
        """It is with WhatsApp, or may be."""
        self.cold.settle(message.message_id, now())

    def stayed(self, message: OutgoingMessage, *, asked: bool = False) -> None:
        """It did not leave; `asked` means that WhatsApp was bothered all the same."""
        self.cold.settle(message.message_id, None)
        if not asked:
            self.bucket.give_back()
