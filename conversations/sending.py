"""A person sends a file: images as images, recordings as voice, everything else as a document."""

from pathlib import PurePosixPath
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from conversations.events import FileStored
from conversations.files import file_on_trial, file_write, voice_seconds
from conversations.models import Author, Conversation, Message, MessageKind
from conversations.outbox import message_by_token, message_queue
from conversations.services import conversation_take
from conversations.voices import VOICE_MIME, recording_read
from crm.accounts.models import User
from crm.core.errors import Invalid, TooLarge
from crm.core.facts import publish as publish_fact
from crm.core.files import mime_of, name_clean
from crm.core.work import service

# What WhatsApp shows in the chat; other images and films go as documents.
_KINDS = {"image/jpeg": MessageKind.IMAGE, "image/png": MessageKind.IMAGE, "video/mp4": MessageKind.VIDEO}


MAX_CAPTION = 1024


def message_send_file(
    *, conversation_id: int, user: User, upload: UploadedFile, caption: str = "", client_token: UUID | None = None,
    quoted_id: int | None = None,
) -> Message:  # fmt: skip
    """Keep the file and queue the message it belongs to; that takes the conversation from Lívia.

    Raises Invalid (empty file, caption too long, nothing to quote), TooLarge and Conflict (the client opted out).
    """
    known = message_by_token(conversation_id, client_token)
    if known is not None:
        return known
    content = _content_of(upload, caption)
    mime = mime_of(content, upload.content_type)
    kind = _KINDS.get(mime) or (MessageKind.AUDIO if mime.startswith("audio/") else MessageKind.DOCUMENT)
    facts: dict[str, Any] = {"name": name_clean(upload.name)}
    if kind == MessageKind.AUDIO and (seconds := voice_seconds(content)) is not None:
        facts |= {"voice": True, "seconds": seconds}
    return _send(conversation_id, user, kind, content, mime, facts, caption, client_token, quoted_id)


def message_send_voice(
    *, conversation_id: int, user: User, upload: UploadedFile, client_token: UUID | None = None,
    quoted_id: int | None = None,
) -> Message:  # fmt: skip
    """The same with a recording as a browser makes it, whatever its format: WhatsApp plays it as a voice message.

    Raises Invalid (nothing was recorded), NotSound, TooLarge and Conflict.
    """
    known = message_by_token(conversation_id, client_token)
    if known is not None:
        return known
    voice = recording_read(_content_of(upload))
    facts = {"name": "", "voice": True, "seconds": voice.seconds, "peaks": voice.peaks}
    return _send(
        conversation_id, user, MessageKind.AUDIO, voice.content, VOICE_MIME, facts, "", client_token, quoted_id
    )


def _send(
    conversation_id: int, user: User, kind: MessageKind, content: bytes, mime: str, facts: dict[str, Any],
    caption: str, client_token: UUID | None, quoted_id: int | None,
) -> Message:  # fmt: skip
    inbox_id = Conversation.objects.values_list("inbox_id", flat=True).get(pk=conversation_id)
    path = file_write(inbox_id=inbox_id, content=content, mime=mime)
    name = facts["name"] or f"arquivo{PurePosixPath(path).suffix}"
    facts = facts | {"path": path, "mime": mime, "name": name, "size": len(content)}
    with file_on_trial(path) as trial:
        message = _queue(conversation_id, user, kind, facts, caption, client_token, quoted_id)
        trial.taken = message.media == facts
    return message


@service
def _queue(
    conversation_id: int, user: User, kind: MessageKind, facts: dict[str, Any], caption: str,
    client_token: UUID | None, quoted_id: int | None,
) -> Message:  # fmt: skip
    """WhatsApp's recordings have no caption: it follows as a message of its own."""
    common: dict[str, Any] = {"conversation_id": conversation_id, "author": Author.CONSULTANT, "user": user}
    conversation_take(conversation_id=conversation_id, user=user)
    beside = "" if kind == MessageKind.AUDIO else caption
    message = message_queue(
        **common, text=beside, kind=kind, media=facts, client_token=client_token, quoted_id=quoted_id
    )
    if message.media != facts:
        return message  # a double click: the first one is there
    publish_fact(FileStored(conversation_id=conversation_id, message_id=message.pk))
    if kind == MessageKind.AUDIO and caption.strip():
        message_queue(**common, text=caption)
    return message


def _content_of(upload: UploadedFile, caption: str = "") -> bytes:
    limit = settings.WHATSAPP_MEDIA_LIMIT_BYTES
    if (upload.size or 0) > limit:
        sentence = _("A file may have %(size)s at most.") % {"size": filesizeformat(limit)}
        raise TooLarge(sentence, fields={"file": sentence})
    if not upload.size:
        raise Invalid(_("This file is empty."), fields={"file": _("This file is empty.")})
    if len(caption) > MAX_CAPTION:
        sentence = _("The text beside a file may have 1,024 characters at most.")
        raise Invalid(sentence, fields={"text": sentence})
    return upload.read()
