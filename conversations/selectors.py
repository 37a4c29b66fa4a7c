"""Reading conversations: a thread is visible to whoever may see its lead."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from conversations.models import Conversation, Message
from crm.accounts.models import User
from leads.selectors import board_rooms, leads_visible_to, rooms_of_owner

PAGE = 50
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


def messages_page(conversation: Conversation, *, before: int | None = None) -> tuple[list[Message], bool]:
    """The latest messages, or those before an id, oldest first; and whether there are older ones."""
    messages = conversation.messages.select_related("sender")
    if before is not None:
        messages = messages.filter(pk__lt=before)
    page = list(messages.order_by("-pk")[: PAGE + 1])
    return page[PAGE - 1 :: -1] if len(page) > PAGE else page[::-1], len(page) > PAGE


def inbox_rooms(user: User) -> list[str]:
    """The rooms of the conversation list, in step with `leads_visible_to`."""
    return [_inbox_room(room) for room in board_rooms(user)]


def rooms_of_list(owner_id: int | None) -> list[str]:
    """The list rooms in which a thread of this owner appears."""
    return [_inbox_room(room) for room in rooms_of_owner(owner_id)]


def _inbox_room(board_room: str) -> str:
    return board_room.replace("board", "inbox", 1)
