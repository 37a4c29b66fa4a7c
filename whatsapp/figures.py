"""A number's messages in figures: what waits to leave, and what needs a person's decision."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Coalesce, Greatest

from conversations.models import Author, Direction, Message, MessageState
from crm.core.clock import now
from whatsapp.models import Session

LEFT = (MessageState.SENT, MessageState.DELIVERED, MessageState.READ, MessageState.PLAYED)


@dataclass(frozen=True)
class Outbox:
    inbox_id: int

    @cached_property
    def waiting(self) -> int:
        return self._queued().count()

    @cached_property
    def due_since(self) -> datetime | None:
        """Since when the longest waiting message that may leave waits. Of each chat only the first counts, because
        the others leave after it; what pacing holds back may not leave yet."""
        before = self._queued().filter(conversation=OuterRef("conversation"), pk__lt=OuterRef("pk"))
        due = self._queued().exclude(not_before__gt=now()).exclude(Exists(before))
        since = Greatest("created_at", "state_changed_at", Coalesce("not_before", "created_at"))
        return due.order_by(since).values_list(since, flat=True).first()

    @cached_property
    def unconfirmed(self) -> int:
        return self._of(MessageState.UNKNOWN).count()

    @cached_property
    def first_unconfirmed(self) -> int | None:
        """The thread of the oldest message that may or may not have left."""
        if not self.unconfirmed:
            return None
        return self._of(MessageState.UNKNOWN).order_by("pk").values_list("conversation_id", flat=True).first()

    def is_stuck(self, limit: timedelta) -> bool:
        """A message is due for longer than `limit`, and none has left for as long: a long queue alone is no fault."""
        since = now() - limit
        if self.due_since is None or self.due_since > since:
            return False
        recent = Message.objects.filter(
            conversation__inbox_id=self.inbox_id, conversation__last_message_at__gte=since, sent_at__gte=since
        )
        left = recent.filter(direction=Direction.OUT, state__in=LEFT).exclude(author=Author.PHONE)
        return not left.exists()

    def _queued(self) -> QuerySet[Message]:
        return self._of(MessageState.QUEUED)

    def _of(self, state: MessageState) -> QuerySet[Message]:
        return Message.objects.filter(conversation__inbox_id=self.inbox_id, state=state)


def outbox_of(session: Session) -> Outbox:
    return Outbox(session.inbox_id)
