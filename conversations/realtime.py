"""What chat pages and conversation lists are told."""

from functools import cache
from typing import Any

from django.db.models import prefetch_related_objects
from django.template.loader import render_to_string

from conversations.index import chat_changed
from conversations.insights import thread_insights
from conversations.models import Author, Conversation, Message, MessageKind
from conversations.selectors import (
    conversations_visible_to,
    files_shared,
    inbox_rooms,
    messages_dress,
    rooms_of_list,
    rooms_of_unread,
    unread_rooms,
)
from crm.accounts.models import User
from crm.core.ports import Gathering
from crm.realtime.publish import Wordless, publish, publish_gone, publish_stale
from crm.realtime.rooms import room_family


@room_family("side")
@room_family("chat", presence=True)
def _chat(user: User, argument: str) -> bool:
    return argument.isdigit() and conversations_visible_to(user).filter(pk=argument).exists()


@room_family("inbox")
def _inbox(user: User, argument: str) -> bool:
    return (f"inbox.{argument}" if argument else "inbox") in inbox_rooms(user)


@room_family("unread")
def _unread(user: User, argument: str) -> bool:
    return (f"unread.{argument}" if argument else "unread") in unread_rooms(user)


def chat_room(conversation_id: int) -> str:
    return f"chat.{conversation_id}"


def side_room(conversation_id: int) -> str:
    return f"side.{conversation_id}"


def publish_message(message: Message, *, is_dressed: bool = False) -> None:
    """Show a message as it is now in the open thread; a reaction shows on the message it is about."""
    if message.kind == MessageKind.REACTION:
        target = _reacted_to(message)
        return publish_message(target) if target else None
    dressed = cache(lambda: message if is_dressed else messages_dress([message])[0])  # once, for all languages

    def render() -> str:
        html = render_to_string("conversations/_message.html", {"message": dressed()})
        return Wordless(html) if _is_wordless(dressed()) else html

    publish([chat_room(message.conversation_id)], kind="message", object_id=f"msg-{message.pk}", render=render)
    return None


def _reacted_to(reaction: Message) -> Message | None:
    rows = Message.objects.filter(conversation=reaction.conversation_id, provider_id=reaction.quoted_provider_id)
    return rows.exclude(kind=MessageKind.REACTION).select_related("sender").first()


def _is_wordless(message: Message) -> bool:
    """A client's plain text: its bubble holds nothing but that text and the time. Call it with a dressed message."""
    dressed_up = message.quoted or message.reactions or message.edited_at or message.revoked_at  # type: ignore[attr-defined]
    return message.kind == MessageKind.TEXT and message.author == Author.CLIENT and not dressed_up


def publish_row(conversation: Conversation) -> None:
    """Show the thread as it is now in every list it is on, and in the chat index."""
    chat_changed(conversation)

    @cache
    def labelled() -> Conversation:
        prefetch_related_objects([conversation], "labels")  # once, for all languages
        return conversation

    owner_id = conversation.lead.consultant_id
    publish(
        rooms_of_list(owner_id),
        kind="row",
        object_id=f"conv-{conversation.pk}",
        render=lambda: render_to_string("conversations/_row.html", {"conversation": labelled()}),
    )


def publish_attendance(conversation: Conversation) -> None:
    """Show who attends, on the open thread."""
    publish(
        [chat_room(conversation.pk)],
        kind="attendance",
        object_id=f"attend-{conversation.pk}",
        render=lambda: render_to_string("conversations/_attend.html", {"conversation": conversation}),
    )


def publish_state(conversation: Conversation) -> None:
    """Show on the open thread whether it is put off or put away."""
    publish(
        [chat_room(conversation.pk)],
        kind="state",
        object_id=f"state-{conversation.pk}",
        render=lambda: render_to_string("conversations/_snooze_strip.html", {"conversation": conversation}),
    )


def publish_unread(conversation: Conversation, *owner_ids: int | None) -> None:
    """Have every page of who sees the thread count its unread ones anew: it became unread or read, or, with
    `owner_ids`, left them."""
    rooms = {room for owner in (conversation.lead.consultant_id, *owner_ids) for room in rooms_of_unread(owner)}
    publish(sorted(rooms), kind="unread", object_id="unread", render=lambda: Wordless(""))


def publish_row_gone(conversation: Conversation, owner_id: int | None) -> None:
    """Take the thread from the lists of an owner it left."""
    left = [room for room in rooms_of_list(owner_id) if room not in rooms_of_list(conversation.lead.consultant_id)]
    publish_gone(left, object_id=f"conv-{conversation.pk}", revision=conversation.revision + 1)


# What higher layers know of a thread: the stage and the values Lívia collected, how the client writes.
more_of_thread: Gathering[[Conversation]] = Gathering()


def side_context(conversation: Conversation) -> dict[str, Any]:
    """The side panel: the lead, how the thread goes, what was shared, and what Lívia collected if she is there."""
    return {
        "conversation": conversation,
        "lead": conversation.lead,
        "insights": thread_insights(conversation),
        "files": files_shared(conversation),
        **more_of_thread(conversation),
    }


def publish_side(conversation: Conversation) -> None:
    """Have the side panel fetch itself where the thread is open."""
    publish_stale([side_room(conversation.pk)], object_id=f"side-{conversation.pk}")
