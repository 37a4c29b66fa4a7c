"""Several messages of one person at once: what they share is done once for all of them."""

from collections.abc import Sequence

from conversations.changes import message_build
from conversations.contacts import contact_resolve
from conversations.events import MessageReceived
from conversations.inbound import InboundMessage
from conversations.lines import snooze_end, thread_resume
from conversations.models import Conversation, Direction, Message, MessageKind
from conversations.realtime import publish_message, publish_unread
from conversations.selectors import messages_dress
from conversations.services import conversation_open, message_receive, owner_ring
from conversations.upkeep import NOTED, WOKEN, conversation_save, row_show, thread_note, thread_wake
from crm.core.facts import publish as publish_fact
from crm.core.work import service

_PLAIN = frozenset(MessageKind.values) - {MessageKind.PENDING, MessageKind.REACTION, MessageKind.EVENT}


@service
def messages_receive(*, inbox_id: int, inbounds: Sequence[InboundMessage]) -> None:
    """Store what one person sent, in order, as `message_receive` does one by one; all or none.

    They must name the person alike (address, phone, LID): locks are taken by those names, first of all.
    """
    if len(inbounds) < 2 or not all(_is_plain(inbound) for inbound in inbounds):
        for inbound in inbounds:
            message_receive(inbox_id=inbox_id, inbound=inbound)
        return
    newest = inbounds[-1]
    conversation = conversation_open(inbox_id, contact_resolve(newest), newest)
    messages = {message.provider_id: message for message in [message_build(conversation, one) for one in inbounds]}
    rows = conversation.messages.filter(direction=Direction.IN, provider_id__in=list(messages))
    known = dict(rows.values_list("provider_id", "kind"))
    if MessageKind.PENDING in known.values():  # its content has come: it is filled in its place
        for inbound in inbounds:
            message_receive(inbox_id=inbox_id, inbound=inbound)
        return
    _take(conversation, [message for provider_id, message in messages.items() if provider_id not in known])


def _is_plain(inbound: InboundMessage) -> bool:
    return inbound.kind in _PLAIN and not inbound.from_me


def _take(conversation: Conversation, messages: list[Message]) -> None:
    if not messages:
        return
    first = not conversation.unread_count
    thread_resume(conversation, messages[0])
    Message.objects.bulk_create(messages)
    for message in messages:
        thread_note(conversation, message)
        thread_wake(conversation, message)
    snooze_end(conversation)
    conversation.unread_count += len(messages)
    if first:
        publish_unread(conversation)
    conversation_save(conversation, *NOTED, *WOKEN, "unread_count")
    *earlier, last = (message.pk for message in messages)
    publish_fact(MessageReceived(conversation_id=conversation.pk, message_id=last, earlier_ids=tuple(earlier)))
    for message in messages_dress(messages):
        publish_message(message, is_dressed=True)
    row_show(conversation, Direction.IN)
    owner_ring(conversation, first=first)
