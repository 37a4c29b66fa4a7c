"""Files that clients send: fetched by the session's process, kept in the storage, shown on their bubble."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from conversations.events import FileStored
from conversations.files import file_on_trial, file_write, mime_of
from conversations.models import MediaState, Message
from conversations.upkeep import conversation_lock, message_save
from crm.core.clock import now
from crm.core.facts import publish as publish_fact
from crm.core.work import service

_BACKOFF_SECONDS = (5, 30, 120, 600)


class StorageAway(Exception):
    """The place where files are kept did not take one."""


@dataclass(frozen=True)
class AwaitedFile:
    """A file to be fetched; `media` is what the gateway said about it."""

    message_id: int
    media: dict[str, Any]


def files_due(inbox_id: int, limit: int = 10) -> list[AwaitedFile]:
    """The files of an inbox to be fetched now, oldest first."""
    rows = Message.objects.filter(conversation__inbox_id=inbox_id, media_state=MediaState.AWAITED)
    due = rows.filter(Q(media_not_before=None) | Q(media_not_before__lte=now())).order_by("pk")
    return [AwaitedFile(message_id, media or {}) for message_id, media in due.values_list("pk", "media")[:limit]]


def file_stored(*, message_id: int, content: bytes) -> bool:
    """Keep a fetched file. False if it is not wanted: too large, taken back, or there already. Raises StorageAway."""
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    if message is None or message.media_state != MediaState.AWAITED:
        return False
    if len(content) > settings.WHATSAPP_MEDIA_LIMIT_BYTES:
        _settle(message_id=message_id, state=MediaState.TOO_LARGE)
        return False
    mime = mime_of(content, (message.media or {}).get("mime"))
    try:
        path = file_write(inbox_id=message.conversation.inbox_id, content=content, mime=mime)
    except Exception as error:  # each storage has errors of its own
        raise StorageAway(type(error).__name__) from error
    with file_on_trial(path) as trial:
        trial.taken = _settle(message_id=message_id, state=MediaState.STORED, path=path, mime=mime, size=len(content))
    return trial.taken


@service
def file_try(*, message_id: int) -> bool:
    """A fetch begins. It is counted before, so that a file that ends the whole process is not tried for ever.

    False if there is to be none: it was tried often enough, or is not awaited any more.
    """
    message = _awaiting(message_id)
    if message is None:
        return False
    if message.media_attempts >= settings.WHATSAPP_MEDIA_TRIES:
        _give_up(message, MediaState.FAILED)
        return False
    message.media_attempts += 1
    pause = _BACKOFF_SECONDS[min(message.media_attempts, len(_BACKOFF_SECONDS)) - 1]
    message.media_not_before = now() + timedelta(seconds=pause)
    message.save(update_fields=["media_not_before", "media_attempts"])
    return True


@service
def file_failed(*, message_id: int, gone: bool) -> None:
    """The fetch that was begun failed: never again if the file is gone, else after its pause, so many times."""
    message = _awaiting(message_id)
    if message is not None and (gone or message.media_attempts >= settings.WHATSAPP_MEDIA_TRIES):
        _give_up(message, MediaState.GONE if gone else MediaState.FAILED)


@service
def file_not_tried(*, message_id: int, again_in: float = 0) -> None:
    """What failed was not the file: the fetch that was begun does not count."""
    message = _awaiting(message_id)
    if message is not None:
        message.media_attempts = max(message.media_attempts - 1, 0)
        message.media_not_before = now() + timedelta(seconds=again_in)
        message.save(update_fields=["media_not_before", "media_attempts"])


def _give_up(message: Message, state: MediaState) -> None:
    message.media_state = state
    message_save(message, "media_state")


@service
def _settle(*, message_id: int, state: MediaState, **facts: Any) -> bool:
    message = _awaiting(message_id)
    if message is None:
        return False
    kept = {name: value for name, value in (message.media or {}).items() if name != "ref"}
    message.media, message.media_state = kept | facts, state
    message_save(message, "media", "media_state")
    if state == MediaState.STORED:
        publish_fact(FileStored(conversation_id=message.conversation_id, message_id=message.pk))
    return True


def _awaiting(message_id: int) -> Message | None:
    """The message under its thread's lock, if its file is still awaited."""
    conversation_id = Message.objects.filter(pk=message_id).values_list("conversation_id", flat=True).first()
    if conversation_id is None:
        return None
    conversation = conversation_lock(conversation_id)
    rows = Message.objects.select_related("sender").filter(pk=message_id, media_state=MediaState.AWAITED)
    message = rows.first()
    if message is not None:
        message.conversation = conversation
    return message
