"""A scripted client with a number of their own, who writes to Lívia through the same doors as everybody."""

from itertools import count

from django.conf import settings

from agent.evaluation.clock import Clock
from agent.models import Dialogue, Turn
from agent.turns import turn_run
from conversations.inbound import InboundMessage
from conversations.models import Author, Conversation, Inbox, InboxRole, Message, MessageState
from conversations.services import message_receive
from crm.accounts.models import User
from leads.models import Consultant

_TRIES = 10  # of one answer: waits and discarded turns
_READING_SECONDS = 20.0
_numbers = count(1)


class Client:
    """`turns` are the turns settled so far, `discarded` how many were thrown away half-way."""

    def __init__(self, clock: Clock, name: str = "Cliente") -> None:
        self._clock, self._name = clock, name
        self._phone = f"55119{next(_numbers):08d}"
        self._written = count(1)
        self._heard_upto = 0
        self.turns: list[Turn] = []
        self.discarded = 0
        self.consultant = _consultant()
        self.inbox = Inbox.objects.get_or_create(name="Lívia", role=InboxRole.LIVIA)[0]
        self.conversation_id = 0

    def write(self, text: str) -> Message:
        """One message, as a gateway hands it in; a second passes."""
        self._clock.shift(1)
        inbound = InboundMessage(
            provider_id=f"EV{self._phone}{next(self._written)}",
            chat=f"{self._phone}@s.whatsapp.net",
            phone=self._phone,
            lid=None,
            push_name=self._name,
            from_me=False,
            kind="text",
            text=text,
            sent_at=self._clock.now(),
        )
        message = message_receive(inbox_id=self.inbox.pk, inbound=inbound)
        if message is None:
            raise RuntimeError("the message was taken for one already known")
        self.conversation_id = message.conversation_id
        return message

    def wait_for_answer(self) -> list[str]:
        """What Lívia says now. Waits are skipped: the clock moves on instead."""
        for _try in range(_TRIES):
            outcome = turn_run(conversation_id=self.conversation_id)
            if outcome.wait is not None:
                self._clock.shift(outcome.wait)
            elif outcome.discarded:
                self.discarded += 1
                self._clock.shift(settings.BURST_WINDOW_SECONDS)
            else:
                self.turns += [outcome.turn] if outcome.turn else []
                break
        return self.hear()

    def hear(self) -> list[str]:
        """Lívia's messages since the last time, delivered and read."""
        rows = Message.objects.filter(
            conversation_id=self.conversation_id, author=Author.LIVIA, pk__gt=self._heard_upto
        ).exclude(state=MessageState.CANCELLED)
        found = list(rows.order_by("pk"))
        if found:
            self._heard_upto = found[-1].pk
            rows.filter(state=MessageState.QUEUED).update(state=MessageState.SENT)
            self._clock.shift(_READING_SECONDS)
        return [message.text for message in found]

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.select_related("contact", "lead").get(pk=self.conversation_id)

    @property
    def dialogue(self) -> Dialogue:
        """As it stands; a new one where Lívia has not begun."""
        rows = Dialogue.objects.filter(conversation_id=self.conversation_id)
        return rows.first() or Dialogue(conversation_id=self.conversation_id)


def _consultant() -> User:
    """The one in the rotation whom conversations go to."""
    email = "ana@evaluation.invalid"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email, None, name="Ana")
    Consultant.objects.get_or_create(user=user)
    return user
