"""Reading conversations: a thread is visible to whoever may see its lead."""

from django.db import connection
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conversations.models import Conversation, Message, MessageKind
from conversations.texts import preview
from crm.accounts.models import User
from leads.selectors import board_rooms, leads_visible_to, rooms_of_owner

PAGE = 50
MOST_AROUND = 500
LIST_LIMIT = 200


def conversations_visible_to(user: User) -> QuerySet[Conversation]:
    """Threads of the leads a person may see."""
    return Conversation.objects.filter(lead__in=leads_visible_to(user))


def conversation_get(user: User, conversation_id: int) -> Conversation:
    """A thread this person may see, else 404."""
    threads = conversations_visible_to(user).select_related("contact", "inbox", "lead__consultant__user", "taken_by")
    return get_object_or_404(threads, pk=conversation_id)


def conversation_list(user: User, *, tab: str = "all", unread: bool = False, query: str = "") -> QuerySet[Conversation]:
    """The rows of the list, newest first. Tabs: `mine`, `unassigned`, `all`."""
    threads = conversations_visible_to(user).select_related("contact", "lead__consultant__user")
    if tab == "mine":
        threads = threads.filter(lead__consultant_id=user.pk)
    elif tab == "unassigned":
        threads = threads.filter(lead__consultant_id=None)
    if unread:
        threads = threads.filter(unread_count__gt=0)
    if query:
        threads = threads.filter(lead__name__unaccent__icontains=query[:80])
    return threads.order_by("-last_message_at", "-id")


def unread_conversations(user: User) -> int:
    """How many visible threads hold unread messages."""
    return conversations_visible_to(user).filter(unread_count__gt=0).count()


def messages_page(
    conversation: Conversation, *, before: int | None = None, most: int = PAGE
) -> tuple[list[Message], bool]:
    """The latest messages, or those before an id, oldest first and dressed; and whether there are older ones."""
    messages = conversation.messages.select_related("sender").exclude(kind=MessageKind.REACTION)
    if before is not None:
        messages = messages.filter(pk__lt=before)
    page = list(messages.order_by("-pk")[: most + 1])
    return messages_dress(page[:most][::-1]), len(page) > most


def messages_around(conversation: Conversation, message_id: int) -> tuple[list[Message], bool]:
    """The same from a little before a message on, so that it can be looked at where it was said; the latest, if it is
    not there or too long ago."""
    messages = conversation.messages.exclude(kind=MessageKind.REACTION)
    if not messages.filter(pk=message_id).exists():
        return messages_page(conversation)
    since = messages.filter(pk__gte=message_id).count() + PAGE // 5
    return messages_page(conversation, most=max(PAGE, since) if since <= MOST_AROUND else PAGE)


def messages_dress(messages: list[Message]) -> list[Message]:
    """Give messages of one thread what stands elsewhere: `quoted`, the message they answer (with its `line`), or None,
    and `reactions`, the emojis on them. Two queries, however many messages."""
    if not messages:
        return messages
    thread_id = messages[0].conversation_id
    quoted = _quoted(thread_id, {message.quoted_provider_id for message in messages} - {""})
    reactions = _reactions(thread_id, {message.provider_id for message in messages} - {""})
    for message in messages:
        message.quoted = quoted.get(message.quoted_provider_id)  # type: ignore[attr-defined]  # for templates only
        message.reactions = reactions.get(message.provider_id, [])  # type: ignore[attr-defined]
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
WHERE conversation_id = %s AND kind = 'reaction' AND quoted_provider_id = ANY(%s) ORDER BY sent_at, id
"""


def inbox_rooms(user: User) -> list[str]:
    """The rooms of the conversation list, in step with `leads_visible_to`."""
    return [_inbox_room(room) for room in board_rooms(user)]


def rooms_of_list(owner_id: int | None) -> list[str]:
    """The list rooms in which a thread of this owner appears."""
    return [_inbox_room(room) for room in rooms_of_owner(owner_id)]


def _inbox_room(board_room: str) -> str:
    return board_room.replace("board", "inbox", 1)
