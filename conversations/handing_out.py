"""What the conversations app hands out of one person: contacts, threads with all messages and files, what was planned
to be sent."""

from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext

from conversations.models import Author, Contact, Conversation, MediaState, Message, MessageKind, ScheduledMessage
from crm.core.files import name_clean
from crm.core.handing_out import first_name, known, moment
from crm.core.privacy import Subject, gather

_CHUNK = 2000


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    threads = Conversation.objects.filter(pk__in=subject.conversation_ids).select_related("inbox")
    return {
        "contacts": [_contact(row) for row in Contact.objects.filter(pk__in=subject.contact_ids).order_by("pk")],
        "conversations": [_thread(row) for row in threads.prefetch_related("labels").order_by("pk")],
        "scheduled_messages": [_planned(row) for row in _scheduled(subject)],
        "conversations_files": [(archive_name(row), (row.media or {})["path"]) for row in _with_file(subject)],
    }


def _contact(row: Contact) -> dict[str, Any]:
    return known(
        name=row.name, push_name=row.push_name, phone=row.phone, whatsapp=row.whatsapp_jid, lid=row.lid,
        opted_out_at=moment(row.opted_out_at), created_at=moment(row.created_at),
    )  # fmt: skip


def _thread(thread: Conversation) -> dict[str, Any]:
    rows = thread.messages.select_related("sender").order_by("pk")
    return known(
        number=thread.pk,
        inbox=thread.inbox.name,
        whatsapp=thread.chat,
        labels=[label.name for label in thread.labels.all()],
        created_at=moment(thread.created_at),
        messages=[_message(row) for row in rows.iterator(chunk_size=_CHUNK)],
    )


def _message(row: Message) -> dict[str, Any]:
    return known(
        number=row.pk,
        at=moment(row.sent_at),
        by=_writer(row),
        from_client=row.author == Author.CLIENT,
        kind=str(row.get_kind_display()),
        text=_event(row) if row.kind == MessageKind.EVENT else row.text,
        transcript=row.transcript,
        original_text=row.original_text,
        edited_at=moment(row.edited_at),
        revoked_at=moment(row.revoked_at),
        state=str(row.get_state_display()),
        file=archive_name(row) if _has_file(row) else None,
        keywords=row.keywords,
        sentiment=row.sentiment,
    )


def _event(row: Message) -> str:
    names = {key: str(value).split(" ")[0] if key == "name" else value for key, value in (row.media or {}).items()}
    return gettext(row.text) % names if names else gettext(row.text)


def _writer(row: Message) -> str:
    """Colleagues by their first name."""
    if row.author in (Author.CONSULTANT, Author.PHONE) and row.sender:
        return row.sender.get_short_name()
    return str(row.get_author_display())


def _has_file(row: Message) -> bool:
    return row.media_state == MediaState.STORED and isinstance((row.media or {}).get("path"), str)


def _with_file(subject: Subject) -> list[Message]:
    rows = Message.objects.filter(conversation__in=subject.conversation_ids, media_state=MediaState.STORED)
    return [row for row in rows.only("pk", "media", "media_state").order_by("pk") if _has_file(row)]


def archive_name(row: Message) -> str:
    facts = row.media or {}
    name = name_clean(facts.get("name")) or PurePosixPath(facts["path"]).name
    return f"conversas/{row.pk}-{name}"


def _scheduled(subject: Subject) -> list[ScheduledMessage]:
    rows = ScheduledMessage.objects.filter(conversation__in=subject.conversation_ids)
    return list(rows.select_related("author").order_by("pk"))


def _planned(row: ScheduledMessage) -> dict[str, Any]:
    return known(
        text=row.text, send_at=moment(row.send_at), by=first_name(row.author), state=str(row.get_state_display()),
        created_at=moment(row.created_at),
    )  # fmt: skip
