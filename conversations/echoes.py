"""What WhatsApp tells of ids we do not know yet: receipts that come first, and messages that are perhaps our own.

Call everything with the thread locked. One process stores an inbox's receipts and messages, one after the other;
only what we send ourselves is recorded beside it.
"""

from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState, OrphanReceipt
from conversations.realtime import chat_room
from conversations.states import RECEIPTS
from conversations.upkeep import message_save
from crm.core.clock import now
from crm.realtime.publish import publish_gone


def echo_mismatches(known: Message, arrived: Message) -> bool:
    """A receipt was taken for the proof that our unconfirmed message had arrived; now `arrived`, typed on the phone,
    turns out to be what it spoke of. Ours is unconfirmed again, and the receipt is handed over.

    What was sent under its own id has no error: only a message matched by a receipt still shows its own.
    """
    if known.author == Author.PHONE or not known.error_code or arrived.kind == MessageKind.PENDING:
        return False
    if (known.kind, known.text.strip()) == (arrived.kind, arrived.text.strip()):
        return False
    arrived.state = known.state
    known.provider_id, known.state, known.state_changed_at = "", MessageState.UNKNOWN, now()
    message_save(known, "provider_id", "state", "state_changed_at")
    return True


def echo_remove(conversation: Conversation, provider_id: str) -> MessageState | None:
    """Our own message came back before we had recorded its id, and was taken for one typed on the phone: that copy
    goes. How far the copy had come, None where there is none."""
    copy = conversation.messages.filter(direction=Direction.OUT, provider_id=provider_id, author=Author.PHONE).first()
    if copy is None:
        return None
    publish_gone([chat_room(conversation.pk)], object_id=f"msg-{copy.pk}", revision=copy.revision + 1)
    copy.delete()
    return MessageState(copy.state)


def receipts_take(inbox_id: int, message: Message) -> None:
    """Receipts that came before this message, typed on the phone and not yet stored, say how far it has come."""
    orphans = OrphanReceipt.objects.filter(inbox=inbox_id, provider_id=message.provider_id, state__in=RECEIPTS)
    states = [MessageState(state) for state in orphans.values_list("state", flat=True)]
    if states:
        message.state = max(states, key=RECEIPTS.index)
        orphans.delete()
