"""Numbers on which Lívia was switched off: what she attended there is nobody's until a person takes it."""

from contextlib import suppress

from conversations.models import Conversation, Inbox
from conversations.services import conversation_release, owner_ring
from conversations.upkeep import conversation_lock, livia_hush
from crm.core.errors import NotFound
from crm.core.work import service
from leads.models import Attendance


def conversations_quiet() -> None:
    """Each in a transaction of its own: there may be thousands."""
    silent = list(Inbox.objects.filter(livia_enabled=False).values_list("pk", flat=True))
    left = Conversation.objects.filter(inbox__in=silent, attended_by=Attendance.LIVIA)
    for conversation_id in list(left.order_by("pk").values_list("pk", flat=True)):
        with suppress(NotFound):  # joined with another thread meanwhile
            conversation_quiet(conversation_id=conversation_id)


@service
def conversation_quiet(*, conversation_id: int) -> None:
    """Lívia leaves, and what she had not yet said stays unsaid. Whoever serves the client hears of what is unread."""
    conversation = conversation_lock(conversation_id)
    if conversation.attended_by != Attendance.LIVIA or conversation.inbox.livia_enabled:
        return
    conversation_release(conversation_id=conversation_id, by=Attendance.NONE)
    conversation = conversation_lock(conversation_id)
    livia_hush(conversation)
    owner_ring(conversation, first=conversation.unread_count > 0)
