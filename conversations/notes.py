"""Private notes: what the team tells itself within a thread. They are never sent, Lívia does not read them, and they
are no line of the thread (`upkeep.ASIDE`)."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState
from conversations.outbox import message_by_token
from conversations.realtime import chat_room, publish_message
from conversations.upkeep import conversation_lock, message_save
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, NotFound
from crm.core.text import text_within
from crm.core.work import service
from crm.realtime.publish import publish_gone
from leads.mentions import mentioned, mentions_tell

MAX_NOTE = 4096


@service
def note_add(*, conversation_id: int, text: str, user: User, client_token: UUID | None = None) -> Message:
    """Write a note; whoever it names and may see the lead is told. The same token again is the same note.

    It does not take the conversation. Raises Invalid (empty, too long) and Conflict (the client was erased).
    """
    conversation = conversation_lock(conversation_id)
    if conversation.contact.erased_at:
        raise Conflict(_("This client's data was erased."), code="erased")
    if (known := message_by_token(conversation_id, client_token)) is not None:
        return known
    clean = _text_of(text)
    named = mentioned(clean, conversation.lead)
    note = Message.objects.create(
        conversation=conversation, direction=Direction.OUT, author=Author.CONSULTANT, sender=user,
        kind=MessageKind.NOTE, text=clean, mentions=[person.pk for person in named] or None,
        state=MessageState.RECEIVED, sent_at=now(), client_token=client_token,
    )  # fmt: skip
    publish_message(note)
    _tell(conversation, note, named, user)
    return note


@service
def note_edit(*, message_id: int, text: str, user: User) -> Message:
    """Correct one's own note; people it names now for the first time are told. Raises NotFound and Invalid."""
    conversation, note = _own(message_id, user)
    clean = _text_of(text)
    if clean == note.text:
        return note
    named = mentioned(clean, conversation.lead)
    note.original_text = note.original_text or note.text
    note.text, note.edited_at, note.mentions = clean, now(), [person.pk for person in named] or None
    message_save(note, "text", "original_text", "edited_at", "mentions")
    _tell(conversation, note, named, user)
    return note


@service
def note_delete(*, message_id: int, user: User) -> None:
    """Take one's own note away. Raises NotFound."""
    conversation, note = _own(message_id, user)
    publish_gone([chat_room(conversation.pk)], object_id=f"msg-{note.pk}", revision=note.revision + 1)
    note.delete()


def _own(message_id: int, user: User) -> tuple[Conversation, Message]:
    """One's note, and its thread, locked."""
    rows = Message.objects.filter(pk=message_id, kind=MessageKind.NOTE, sender=user)
    found = rows.values_list("conversation_id", flat=True).first()
    if found is None:
        raise NotFound
    conversation = conversation_lock(found)
    note = rows.select_related("sender").first()
    if note is None:
        raise NotFound
    note.conversation = conversation
    return conversation, note


def _tell(conversation: Conversation, note: Message, named: list[User], by: User) -> None:
    page = reverse("conversations:detail", args=[conversation.pk])
    url = f"{page}?around={note.pk}#msg-{note.pk}"
    mentions_tell(named, by=by, lead=conversation.lead, url=url, once=f"note.{note.pk}")


def _text_of(raw: str) -> str:
    too_long = _("A note may have 4,096 characters at most.")
    return text_within(raw, limit=MAX_NOTE, empty=_("Write a note."), too_long=too_long)
