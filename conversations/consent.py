"""Opt-out: after it nothing is sent but one confirmation, until the client says otherwise."""

from conversations.models import Author, Conversation, Message
from conversations.outbox import message_queue
from conversations.realtime import publish_attendance
from conversations.upkeep import conversation_lock, messages_cancel
from crm.core.clock import now
from crm.core.work import service
from leads.actors import CLIENT
from leads.consents import consent_add
from leads.models import ConsentSource, InteractionKind, Purpose
from leads.services import interaction_add


@service
def contact_opt_out(*, conversation_id: int, confirmation: str) -> None:
    """Record the wish, drop everything still queued for the client, and confirm once."""
    conversation = conversation_lock(conversation_id)
    contact = conversation.contact
    if contact.opted_out_at:
        return
    contact.opted_out_at = now()
    contact.save(update_fields=["opted_out_at"])
    messages_cancel(Message.objects.filter(conversation__contact=contact))
    interaction_add(conversation.lead, InteractionKind.OPTED_OUT, CLIENT)
    _write_down(conversation, given=False)
    message_queue(conversation_id=conversation_id, text=confirmation, author=Author.SYSTEM)
    publish_attendance(conversation)


@service
def contact_opt_in(*, conversation_id: int) -> None:
    """The client writes to us again of their own accord."""
    conversation = conversation_lock(conversation_id)
    contact = conversation.contact
    if contact.opted_out_at is None:
        return
    contact.opted_out_at = None
    contact.save(update_fields=["opted_out_at"])
    interaction_add(conversation.lead, InteractionKind.OPTED_IN, CLIENT)
    _write_down(conversation, given=True)
    publish_attendance(conversation)


def _write_down(conversation: Conversation, *, given: bool) -> None:
    """In the ledger, with the words they said so in."""
    message = Message.objects.filter(pk=conversation.last_inbound_id).first()
    consent_add(
        lead_id=conversation.lead_id, purpose=Purpose.WHATSAPP, given=given, source=ConsentSource.WHATSAPP,
        text=message.words if message else "", evidence={"message": message.pk} if message else {}, actor=CLIENT,
    )  # fmt: skip
