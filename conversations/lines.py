"""Lines in the middle of a thread that say what happened to it, and what a new message ends: a snooze, an archive.

Call everything with the thread locked.
"""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_noop

from conversations.models import Author, Conversation, Direction, Message, MessageKind, MessageState
from conversations.realtime import publish_message, publish_state
from conversations.selectors import JOINED
from crm.core.clock import now
from crm.realtime.publish import notify
from leads.models import Attendance

SNOOZED = ("snoozed_until", "snoozed_by")


def event_add(conversation: Conversation, text: str, *, key: str = "", **names: str) -> Message:
    """A line in the middle of the thread: what happened to it. Never sent. `text` is a message id for gettext, its
    places filled from `names` when somebody reads it; `key` is kept where messages keep WhatsApp's id."""
    message = Message.objects.create(
        conversation=conversation, direction=Direction.OUT, author=Author.SYSTEM, kind=MessageKind.EVENT, text=text,
        media=names or None, state=MessageState.RECEIVED, sent_at=now(), provider_id=key,
    )  # fmt: skip
    publish_message(message)
    return message


def thread_resume(conversation: Conversation, message: Message) -> None:
    """Before a message is stored: one after a long silence begins the thread anew, and says so. A younger thread just
    goes on; either way the message makes it active. What WhatsApp hands over late began nothing."""
    last, age = conversation.last_message_at, timedelta(days=settings.THREAD_ARCHIVE_DAYS)
    if (
        last is None
        or now() - last < age
        or now() - message.sent_at > timedelta(seconds=settings.HISTORY_GRACE_SECONDS)
    ):
        return
    event_add(conversation, gettext_noop("Resumed after %(days)s days"), days=str((now() - last).days))


def snooze_end(conversation: Conversation) -> None:
    """The client writes: nothing is put off any more. Whoever put it off hears of it, unless the owner's bell rings
    for that person anyway. Call it before the message is counted."""
    if conversation.snoozed_until is None:
        return
    snoozed_by_id = conversation.snoozed_by_id
    rings = not conversation.unread_count and conversation.attended_by != Attendance.LIVIA
    conversation.snoozed_until = conversation.snoozed_by = None
    conversation.save(update_fields=SNOOZED)  # under the revision of whatever ended it
    publish_state(conversation)
    if not rings or snoozed_by_id != conversation.lead.consultant_id:
        snooze_tell(conversation, [snoozed_by_id], gettext_noop("%(name)s wrote: no longer snoozed"))


def snooze_tell(conversation: Conversation, user_ids: list[int | None], title: str) -> None:
    """`title` is a message id with the client's `name` in it."""
    notify(
        {user_id for user_id in user_ids if user_id},
        kind="snooze",
        title=title,
        data={"name": conversation.lead.display_name},
        url=f"/conversations/{conversation.pk}/",
    )


def thread_joined(kept: Conversation, gone: Conversation) -> None:
    """Say that two threads became one, with the labels of both; by this line the other's address still leads here."""
    kept.labels.add(*gone.labels.all())
    event_add(kept, gettext_noop("Two conversations of this client were joined"), key=f"{JOINED}{gone.pk}")
