"""Opt-out: after it nothing is sent but one confirmation, until the client says otherwise."""

from collections.abc import Sequence
from datetime import datetime

from conversations.models import Author, Contact, Conversation, Message
from conversations.outbox import message_queue
from conversations.realtime import publish_attendance
from conversations.upkeep import conversation_lock, messages_cancel
from crm.core.clock import now
from crm.core.work import service
from leads.actors import CLIENT, Actor
from leads.consents import consent_add
from leads.models import Consent, ConsentSource, InteractionKind, Purpose
from leads.services import interaction_add


@service
def contact_opt_out(*, conversation_id: int, confirmation: str, said: Sequence[Message] = ()) -> None:
    """Record the wish with the messages they said so in, drop everything still queued for the client, and confirm
    once."""
    conversation = conversation_lock(conversation_id)
    contact = conversation.contact
    if contact.opted_out_at:
        return
    contact.opted_out_at = now()
    contact.save(update_fields=["opted_out_at"])
    messages_cancel(Message.objects.filter(conversation__contact=contact))
    interaction_add(conversation.lead, InteractionKind.OPTED_OUT, CLIENT)
    _write_down(conversation, said, given=False)
    message_queue(conversation_id=conversation_id, text=confirmation, author=Author.SYSTEM)
    publish_attendance(conversation)


@service
def contact_opt_in(*, conversation_id: int, said: Sequence[Message] = ()) -> None:
    """The client writes to us again of their own accord."""
    conversation = conversation_lock(conversation_id)
    contact = conversation.contact
    if contact.opted_out_at is None:
        return
    contact.opted_out_at = None
    contact.save(update_fields=["opted_out_at"])
    interaction_add(conversation.lead, InteractionKind.OPTED_IN, CLIENT)
    _write_down(conversation, said, given=True)
    publish_attendance(conversation)


def _write_down(conversation: Conversation, said: Sequence[Message], *, given: bool) -> None:
    """In the ledger, with the words they said so in; those of the latest message where nobody knows better."""
    messages = list(said) or list(Message.objects.filter(pk=conversation.last_inbound_id))
    consent_add(
        lead_id=conversation.lead_id, purpose=Purpose.WHATSAPP, given=given, source=ConsentSource.WHATSAPP,
        text="\n".join(message.words for message in messages),
        evidence={"message": messages[-1].pk} if messages else {}, actor=CLIENT,
    )  # fmt: skip


@service
def consent_told(
    *, lead_id: int, purpose: Purpose | str, given: bool, text: str, at: datetime | None, actor: Actor
) -> Consent:
    """What a client said to a person. Their latest word about messages on WhatsApp holds for their threads at once.

    Raises what `leads.consents.consent_add` raises.
    """
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("contact", "inbox", "taken_by")
    threads = list(rows.filter(lead_id=lead_id).order_by("pk"))
    people = {thread.contact_id for thread in threads}
    contacts = list(Contact.objects.select_for_update().filter(pk__in=people).order_by("pk"))
    consent = consent_add(
        lead_id=lead_id, purpose=purpose, given=given, source=ConsentSource.PERSON, text=text, at=at, actor=actor
    )
    if purpose == Purpose.WHATSAPP and Consent.objects.filter(lead=lead_id, purpose=purpose).first() == consent:
        for contact in contacts:
            _obey(contact, [thread for thread in threads if thread.contact_id == contact.pk], consent, actor)
    return consent


def _obey(contact: Contact, threads: list[Conversation], consent: Consent, actor: Actor) -> None:
    if consent.given == (contact.opted_out_at is None):
        return
    contact.opted_out_at = None if consent.given else now()
    contact.save(update_fields=["opted_out_at"])
    if not consent.given:
        messages_cancel(Message.objects.filter(conversation__contact=contact))
    for thread in threads:
        thread.contact = contact
        publish_attendance(thread)
    kind = InteractionKind.OPTED_IN if consent.given else InteractionKind.OPTED_OUT
    interaction_add(consent.lead, kind, actor)
