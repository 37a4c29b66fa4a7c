"""Reading conversations: a thread is visible to whoever may see its lead."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from conversations.models import Contact, Conversation, Direction, MediaState, Message, MessageKind
from conversations.texts import preview
from crm.accounts.models import User
from leads.mentions import names_of
from leads.selectors import board_rooms, leads_visible_to, rooms_of_owner

PAGE = 50
MOST_UNREAD = 1000
MOST_COUNTED = 99
JOINED = "joined-"


def conversations_visible_to(user: User) -> QuerySet[Conversation]:
    """Threads of the leads a person may see."""
    return Conversation.objects.filter(lead__in=leads_visible_to(user))


def conversation_get(user: User, conversation_id: int) -> Conversation:
    """A thread this person may see, else 404."""
    threads = conversations_visible_to(user).select_related("contact", "inbox", "lead__consultant__user", "taken_by")
    return get_object_or_404(threads, pk=conversation_id)


def conversation_find(user: User, conversation_id: int) -> Conversation:
    """As `conversation_get`; of a thread that was joined with another, that other one."""
    try:
        return conversation_get(user, conversation_id)
    except Http404:
        # The line by which a thread that is gone is known (conversations.lines).
        lines = Message.objects.filter(provider_id=f"{JOINED}{conversation_id}", kind=MessageKind.EVENT)
        kept_id = lines.values_list("conversation_id", flat=True).first()
        if kept_id is None:
            raise
        return conversation_get(user, kept_id)


def message_get(user: User, message_id: int) -> Message:
    """A line of a thread this person may see, else 404."""
    lines = Message.objects.exclude(kind=MessageKind.REACTION).select_related("sender", "conversation")
    return get_object_or_404(lines.filter(conversation__in=conversations_visible_to(user)), pk=message_id)


def contacts_visible_to(user: User) -> QuerySet[Contact]:
    """Who writes in the threads a person may see."""
    return Contact.objects.filter(Exists(conversations_visible_to(user).filter(contact=OuterRef("pk"))))


def unread_threads(user: User) -> QuerySet[Conversation]:
    """Visible threads with unread messages, those put off left out. Cut off one after `MOST_COUNTED`: every page counts
    them, and nobody counts further."""
    return conversations_visible_to(user).filter(unread_count__gt=0, snoozed_until=None)[: MOST_COUNTED + 1]


def unread_conversations(user: User) -> int:
    """How many they are; one more than `MOST_COUNTED` stands for any number beyond it."""
    return unread_threads(user).count()


def lines_of(conversation: Conversation) -> QuerySet[Message]:
    """What stands in a thread; reactions stand on its lines."""
    return conversation.messages.select_related("sender").exclude(kind=MessageKind.REACTION)


def messages_page(
    conversation: Conversation, *, before: int | None = None, most: int = PAGE
) -> tuple[list[Message], bool]:
    """The latest messages, or those before an id, oldest first and dressed; and whether there are older ones."""
    messages, has_older = _before(conversation, before, most)
    return messages_dress(messages), has_older


def messages_after(conversation: Conversation, message_id: int) -> tuple[list[Message], bool]:
    """Those after an id, oldest first and dressed; and whether there are newer ones."""
    page = list(lines_of(conversation).filter(pk__gt=message_id).order_by("pk")[: PAGE + 1])
    return messages_dress(page[:PAGE]), len(page) > PAGE


@dataclass(frozen=True)
class Window:
    """A stretch of a thread, oldest first and dressed, and whether there is more on either side."""

    messages: list[Message]
    has_older: bool
    has_newer: bool


def messages_window(conversation: Conversation, around: int | None = None, *, is_known: bool = False) -> Window:
    """The stretch in which a message can be looked at where it was said; the latest, if it is not there. `is_known`:
    somebody has just found it there."""
    if around is None or not (is_known or lines_of(conversation).filter(pk=around).exists()):
        return Window(*messages_page(conversation), has_newer=False)
    earlier, has_older = _before(conversation, around, PAGE // 2)
    later = list(lines_of(conversation).filter(pk__gte=around).order_by("pk")[: PAGE + 1])
    return Window(messages_dress(earlier + later[:PAGE]), has_older, has_newer=len(later) > PAGE)


def _before(conversation: Conversation, before: int | None, most: int) -> tuple[list[Message], bool]:
    messages = lines_of(conversation)
    if before is not None:
        messages = messages.filter(pk__lt=before)
    page = list(messages.order_by("-pk")[: most + 1])
    return page[:most][::-1], len(page) > most


def first_unread(conversation: Conversation) -> int | None:
    """The client's message at which reading goes on."""
    if not conversation.unread_count:
        return None
    theirs = conversation.messages.filter(direction=Direction.IN, pk__gt=conversation.read_upto_id)
    newest = theirs.exclude(kind=MessageKind.REACTION).order_by("-pk").values_list("pk", flat=True)
    return min(newest[: min(conversation.unread_count, MOST_UNREAD)], default=None)


def files_shared(conversation: Conversation, *, limit: int = 6) -> list[Message]:
    """The latest pictures, films and documents of a thread, newest first."""
    kinds = [MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.DOCUMENT]
    rows = conversation.messages.filter(kind__in=kinds, media_state=MediaState.STORED, revoked_at=None)
    return list(rows.order_by("-pk")[:limit])


def messages_dress(messages: list[Message]) -> list[Message]:
    """Give messages of one thread what stands elsewhere: `quoted`, the message they answer (with its `line`), or None,
    `reactions`, the emojis on them, and `names`, how a note names people. Three queries, however many messages."""
    if not messages:
        return messages
    thread_id = messages[0].conversation_id
    quoted = _quoted(thread_id, {message.quoted_provider_id for message in messages} - {""})
    reactions = _reactions(thread_id, {message.provider_id for message in messages} - {""})
    people = User.objects.in_bulk({pk for message in messages for pk in message.mentions or ()})
    for message in messages:
        message.quoted = quoted.get(message.quoted_provider_id)  # type: ignore[attr-defined]  # for templates only
        message.reactions = reactions.get(message.provider_id, [])  # type: ignore[attr-defined]
        message.names = names_of(people[pk] for pk in message.mentions or () if pk in people)  # type: ignore[attr-defined]
    return messages


def _quoted(thread_id: int, provider_ids: set[str]) -> dict[str, Message]:
    if not provider_ids:
        return {}
    rows = Message.objects.filter(conversation=thread_id, provider_id__in=provider_ids).select_related("sender")
    found = {row.provider_id: row for row in rows.exclude(kind=MessageKind.REACTION)}
    for row in found.values():
        row.line = preview(row)  # type: ignore[attr-defined]
    return found


def _reactions(thread_id: int, provider_ids: set[str]) -> dict[str, list[str]]:
    """By message: of each side the latest, unless that took it back."""
    if not provider_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_REACTIONS, [thread_id, sorted(provider_ids)])
        rows = cursor.fetchall()
    latest: dict[str, dict[str, str]] = {}
    for target, side, emoji in rows:
        latest.setdefault(target, {})[side] = emoji
    return {target: [emoji for emoji in sides.values() if emoji] for target, sides in latest.items()}


_REACTIONS = """
SELECT quoted_provider_id, direction, text FROM conversations_message
WHERE conversation_id = %s AND kind = 'reaction' AND quoted_provider_id = ANY(%s)
AND state NOT IN ('failed', 'cancelled') ORDER BY sent_at, id
"""


def inbox_rooms(user: User) -> list[str]:
    """The rooms of the conversation list, in step with `leads_visible_to`."""
    return [_room("inbox", room) for room in board_rooms(user)]


def rooms_of_list(owner_id: int | None) -> list[str]:
    """The list rooms in which a thread of this owner appears."""
    return [_room("inbox", room) for room in rooms_of_owner(owner_id)]


def unread_rooms(user: User) -> list[str]:
    """The rooms that say when the number of unread threads may have changed: wordless, for pages without the list."""
    return [_room("unread", room) for room in board_rooms(user)]


def rooms_of_unread(owner_id: int | None) -> list[str]:
    return [_room("unread", room) for room in rooms_of_owner(owner_id)]


def _room(family: str, board_room: str) -> str:
    return board_room.replace("board", family, 1)
