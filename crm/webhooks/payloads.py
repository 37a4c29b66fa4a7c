"""What other systems are told: few fields, under the names of API v1, where the rest can be asked for."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from conversations.models import Conversation, Message
from crm.alerts.models import Alert
from crm.api.serializing import moment
from leads.models import Lead

VERSION = "v1"
PING = "ping"
TEXT_LIMIT = 4000
Data = dict[str, Any]

_CONSULTANT = ("consultant_id", "consultant__user__name", "consultant__user__email")
_LEAD = (
    "id", "name", "phone", "status", "product", "credit_amount", "ai_temperature", "ai_score", "source", "created_at",
    *_CONSULTANT,
)  # fmt: skip


def envelope(number: uuid.UUID, event: str, at: datetime, data: Mapping[str, Any]) -> Data:
    return {"id": str(number), "event": event, "created_at": moment(at), "api_version": VERSION, "data": dict(data)}


def body_of(payload: Mapping[str, Any]) -> bytes:
    """The same bytes at every attempt, whatever order the database keeps the keys in."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def leads_short(lead_ids: Iterable[int]) -> dict[int, Data]:
    rows = Lead.objects.filter(pk__in=list(lead_ids)).values(*_LEAD)
    return {row["id"]: _lead(row) for row in rows}


def _lead(row: dict[str, Any]) -> Data:
    number, name, email = (row.pop(column) for column in _CONSULTANT)
    consultant = {"id": number, "name": name or email} if number else None
    return {**row, "created_at": moment(row["created_at"]), "consultant": consultant}


def message_short(message: Message) -> Data:
    text = message.words
    return {
        "id": message.pk,
        "conversation_id": message.conversation_id,
        "direction": message.direction,
        "author": message.author,
        "kind": message.kind,
        "text": text[:TEXT_LIMIT],
        "text_is_cut": len(text) > TEXT_LIMIT,
        "has_file": bool(message.media_state),
        "state": message.state,
        "sent_at": moment(message.sent_at),
        "edited_at": moment(message.edited_at),
    }


def thread_short(thread: Conversation) -> Data:
    return {"id": thread.pk, "inbox_id": thread.inbox_id, "attended_by": thread.attended_by}


def alert_short(alert: Alert) -> Data:
    """Its sentences in the installation's language; `code` and `key` are what a program goes by."""
    with translation.override(settings.LANGUAGE_CODE):
        return {
            "id": alert.pk,
            "code": alert.code,
            "key": alert.key,
            "level": alert.level,
            "title": alert.title,
            "body": alert.body,
            "url": settings.SITE_URL.rstrip("/") + alert.url if alert.url else "",
            "times": alert.times,
            "raised_at": moment(alert.raised_at),
            "cleared_at": moment(alert.cleared_at),
        }
