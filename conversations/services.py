"""Messages coming in, receipts, and who attends a conversation.

Locks are taken in the order conversation, lead, rotation, rooms.
"""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from conversations.changes import CHANGES, edit_or_text, message_build, message_fill, message_known, pending_drop
from conversations.contacts import contact_resolve
from conversations.echoes import echo_mismatches, receipts_take
from conversations.events import ConversationHandedBack, ConversationTaken, MessageReceived
from conversations.failures import FAILURE, turns_forgive
from conversations.inbound import InboundMessage
from conversations.lines import event_add, snooze_end, thread_resume
from conversations.models import (
    Contact,
    Conversation,
    Direction,
    Inbox,
    InboxRole,
    Message,
    MessageKind,
)
from conversations.realtime import publish_attendance, publish_message, publish_row, publish_unread
from conversations.upkeep import (
    NOTED,
    WOKEN,
    conversation_lock,
    conversation_save,
    livia_hush,
    row_show,
    session_wake,
    thread_lock,
    thread_note,
    thread_reopen,
    thread_wake,
)
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.facts import publish as publish_fact
from crm.core.work import service
from crm.realtime.publish import notify
from leads.actors import CLIENT, SYSTEM, person
from leads.models import Attendance, InteractionKind, Lead, Source
from leads.services import interaction_add, lead_assign, lead_create, lead_touch


@service
def message_receive(*, inbox_id: int, inbound: InboundMessage) -> Message | None:
    """Store what arrived, once: the message it is, or the one it changes. None if there was nothing new in it.

    A stranger becomes a contact, a lead and a conversation; a message typed on our own phone is stored as sent.
    Raises NotFound for an unknown inbox and Invalid for a message without an address.
    """
    conversation = conversation_open(inbox_id, contact_resolve(inbound), inbound)
    inbound = edit_or_text(conversation, inbound)
    if change := CHANGES.get(inbound.kind):
        pending_drop(conversation, inbound)
        return change(conversation, inbound)
    message = message_build(conversation, inbound)
    known = message_known(conversation, message.direction, message.provider_id)
    if known is not None and not echo_mismatches(known, message):
        return _fill(conversation, known, inbound)
    if inbound.from_me:
        receipts_take(inbox_id, message)
    thread_resume(conversation, message)
    # The thread is locked: nobody else can store the same id between that look and this insert.
    message.save(force_insert=True)
    _take(conversation, message)
    return message


def _fill(conversation: Conversation, known: Message, inbound: InboundMessage) -> Message | None:
    """A known message that could not be read yet may come again with its content."""
    if known.kind != MessageKind.PENDING or inbound.kind == MessageKind.PENDING:
        return None
    message_fill(conversation, known, inbound)
    if not inbound.from_me and not known.revoked_at:
        owner_ring(conversation, first=conversation.unread_count == 1)
    return known


def _take(conversation: Conversation, message: Message) -> None:
    """A new message: count it, say who attends, wake who answers, show it."""
    thread_note(conversation, message)
    if message.direction == Direction.OUT:
        _pause_for_phone(conversation)
        publish_attendance(conversation)
    else:
        _take_inbound(conversation, message)
    publish_message(message)
    row_show(conversation, message.direction)
    if message.direction == Direction.IN and message.kind != MessageKind.PENDING:
        owner_ring(conversation, first=conversation.unread_count == 1)


def conversation_open(inbox_id: int, contact: Contact, inbound: InboundMessage) -> Conversation:
    """The contact's thread in this inbox, locked; opened with its lead if it is the first message. Raises NotFound."""
    known = thread_lock(inbox_id, contact)
    if known is not None:
        return _answer_at(known, inbound.chat[:80])
    inbox = Inbox.objects.filter(pk=inbox_id).first()
    if inbox is None:
        raise NotFound(_("This inbox does not exist."))
    lead = _lead_for(inbox, contact)
    attended_by = Attendance.LIVIA if _livia_starts(inbox, lead) else Attendance.NONE
    conversation, created = Conversation.objects.get_or_create(
        inbox=inbox,
        contact=contact,
        defaults={"lead": lead, "chat": inbound.chat[:80], "attended_by": attended_by, "attended_since": now()},
    )
    return conversation if created else conversation_lock(conversation.pk)


def _answer_at(conversation: Conversation, chat: str) -> Conversation:
    """Answers go to the address the newest message came from: WhatsApp gives people new ones."""
    if chat and chat != conversation.chat:
        conversation.chat = chat
        conversation_save(conversation, "chat")
    return conversation


def _lead_for(inbox: Inbox, contact: Contact) -> Lead:
    """On Lívia's number a stranger is a lead with nobody; on the consultants' number the rotation gives one."""
    earlier = Conversation.objects.filter(contact=contact).select_related("lead").first()
    if earlier is not None:
        return earlier.lead
    values = {"name": contact.name or contact.push_name, "phone": contact.phone}
    assign = inbox.role == InboxRole.CONSULTANTS and inbox.owner_id is None
    lead, created = lead_create(values=values, source=Source.WHATSAPP, actor=CLIENT, assign=assign)
    if created and inbox.role == InboxRole.CONSULTANTS and inbox.owner_id:
        lead = lead_assign(lead_id=lead.pk, consultant_id=inbox.owner_id, actor=SYSTEM)
    return lead


def _livia_starts(inbox: Inbox, lead: Lead) -> bool:
    """She answers where she is switched on, unless a consultant already serves this client."""
    return inbox.livia_enabled and inbox.role == InboxRole.LIVIA and lead.consultant_id is None


def _take_inbound(conversation: Conversation, message: Message) -> None:
    """What cannot be read yet only counts as unread; the rest is there to be answered."""
    snooze_end(conversation)
    conversation.unread_count += 1
    if conversation.unread_count == 1:
        publish_unread(conversation)
    if message.kind == MessageKind.PENDING:
        conversation_save(conversation, *NOTED, "unread_count")
        return
    thread_wake(conversation, message)
    conversation_save(conversation, *NOTED, *WOKEN, "unread_count")
    publish_fact(MessageReceived(conversation_id=conversation.pk, message_id=message.pk))


def owner_ring(conversation: Conversation, *, first: bool) -> None:
    """The first unread message of a client a person serves rings their bell; the next ones only count."""
    lead = conversation.lead
    if not first or conversation.attended_by == Attendance.LIVIA or not lead.consultant_id:
        return
    notify(
        [lead.consultant_id],
        kind="message",
        title=gettext_noop("%(name)s wrote to you"),
        data={"name": lead.display_name},
        url=f"/conversations/{conversation.pk}/",
    )


def _pause_for_phone(conversation: Conversation) -> None:
    """Whoever types on the paired phone has taken the conversation."""
    paused = conversation.attended_by != Attendance.PERSON
    _attend(conversation, Attendance.PERSON)
    _read(conversation)
    conversation_save(conversation, *NOTED, *ATTENDED, *READ)
    if paused:
        livia_hush(conversation)
        interaction_add(conversation.lead, InteractionKind.TAKEN_OVER, SYSTEM, by="phone")
        publish_fact(ConversationTaken(conversation_id=conversation.pk, user_id=None))


ATTENDED = ("attended_by", "attended_since", "taken_by", "awaiting_since", "answered_upto_id", *FAILURE)


def _attend(conversation: Conversation, by: Attendance, user: User | None = None) -> None:
    """Change who attends. What waited for Lívia no longer does: it is the person's to answer."""
    if conversation.attended_by != by:
        conversation.attended_since = now()
    conversation.attended_by = by
    conversation.taken_by = user if by == Attendance.PERSON else None
    conversation.awaiting_since = None
    conversation.answered_upto_id = conversation.last_inbound_id
    if by != Attendance.NONE:
        turns_forgive(conversation)


def _read(conversation: Conversation) -> None:
    """Everything that came is read, and the client will be shown that it is; the caller saves `READ`."""
    if conversation.unread_count:
        publish_unread(conversation)
    conversation.unread_count = 0
    conversation.read_upto_id = conversation.last_inbound_id
    session_wake(conversation.inbox_id)


READ = ("unread_count", "read_upto_id")


def messages_show(conversation: Conversation, messages: Sequence[Message]) -> None:
    """After outgoing messages were written: note the last on their thread, and show them. Who answers has read."""
    if not conversation.unread_count and conversation.read_upto_id != conversation.last_inbound_id:
        publish_unread(conversation)
    conversation.read_upto_id = conversation.last_inbound_id
    thread_note(conversation, messages[-1])
    conversation_save(conversation, *NOTED, *ATTENDED, *READ)
    for message in messages:
        publish_message(message)
    row_show(conversation, messages[-1].direction)


@service
def conversation_take(*, conversation_id: int, user: User, note: bool = True) -> Conversation:
    """A person takes the conversation: Lívia is silent until it is handed back. Idempotent."""
    conversation = conversation_lock(conversation_id)
    if conversation.attended_by == Attendance.PERSON and conversation.taken_by_id == user.pk:
        return conversation
    _attend(conversation, Attendance.PERSON, user)
    conversation_save(conversation, *ATTENDED)
    livia_hush(conversation)
    interaction_add(conversation.lead, InteractionKind.TAKEN_OVER, person(user))
    publish_fact(ConversationTaken(conversation_id=conversation.pk, user_id=user.pk))
    if note:
        event_add(conversation, gettext_noop("%(name)s took over the conversation"), name=user.name)
    _refresh(conversation)
    return conversation


@service
def conversation_hand_back(*, conversation_id: int, user: User) -> Conversation:
    """Give the conversation back to Lívia, who answers what nobody has answered yet, or the client's next message."""
    conversation = conversation_lock(conversation_id)
    if conversation.contact.opted_out_at:
        raise Conflict(_("This client asked for no more messages."), code="opted_out")
    if conversation.attended_by == Attendance.LIVIA:
        return conversation
    _attend(conversation, Attendance.LIVIA)
    thread_reopen(conversation)
    conversation_save(conversation, *ATTENDED)
    interaction_add(conversation.lead, InteractionKind.HANDED_BACK, person(user))
    publish_fact(ConversationHandedBack(conversation_id=conversation.pk, user_id=user.pk))
    event_add(conversation, gettext_noop("%(name)s handed the conversation back to Lívia"), name=user.name)
    _refresh(conversation)
    return conversation


@service
def conversation_release(*, conversation_id: int, by: Attendance, text: str = "", **names: str) -> None:
    """Lívia leaves the conversation to whoever attends now. For `text` see `event_add`."""
    conversation = conversation_lock(conversation_id)
    _attend(conversation, by)
    conversation_save(conversation, *ATTENDED)
    if text:
        event_add(conversation, text, **names)
    _refresh(conversation)


def _refresh(conversation: Conversation) -> None:
    publish_row(conversation)
    publish_attendance(conversation)
    lead_touch(
        lead_id=conversation.lead_id, attended_by=conversation.attended_by, unread_count=conversation.unread_count
    )


@service
def conversation_read(*, conversation_id: int, upto_id: int | None = None) -> None:
    """Somebody who serves the client looked at the thread, down to a message: what came after it stays unread."""
    conversation = conversation_lock(conversation_id)
    if not conversation.unread_count or (upto_id is not None and upto_id < conversation.last_inbound_id):
        return
    _read(conversation)
    conversation_save(conversation, *READ)
    _refresh(conversation)
