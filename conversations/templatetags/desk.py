"""What notes and times in a thread need to draw."""

import re
from datetime import datetime

from django import template
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from conversations.models import Conversation, Message, MessageKind, ScheduledMessage
from conversations.reactions import QUICK
from conversations.scheduled import waiting_in
from conversations.states import ASIDE
from crm.core.clock import now
from crm.core.templatetags.ui import whatsapp_text

register = template.Library()

_WORD = r"\w[\w.-]*"
# Links hold names of their own, such as https://example.com/@ana, and tags no names at all.
_NO_NAMES = re.compile(r"(<a .*?</a>|<[^>]*>)", re.DOTALL)


@register.filter
def is_quotable(message: Message) -> bool:
    """Whether it can be answered or reacted to: WhatsApp knows it, and it is still there."""
    return bool(message.provider_id and not message.revoked_at and message.kind not in ASIDE)


@register.filter
def said(message: Message) -> SafeString:
    """The text of a bubble as it reads; a note's names stand out."""
    text = whatsapp_text(message.text)
    if message.kind != MessageKind.NOTE:
        return text
    names = [re.escape(escape(name)) for name in getattr(message, "names", [])]
    either = "|".join([*names, _WORD])  # a whole name before its first word
    name = re.compile(rf"(?<![\w@.])@({either})", re.IGNORECASE)
    parts = [
        part if number % 2 else name.sub(r'<b class="mention">@\1</b>', part)
        for number, part in enumerate(_NO_NAMES.split(text))
    ]
    return mark_safe("".join(parts))  # noqa: S308 - escaped by whatsapp_text


@register.filter
def moment(at: datetime | None) -> str:
    """`10:36` today, else the day and the hour."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    is_today = local.date() == timezone.localtime(now()).date()
    return local.strftime("%H:%M") if is_today else date_format(local, "SHORT_DATETIME_FORMAT")


@register.simple_tag
def scheduled_of(conversation: Conversation) -> QuerySet[ScheduledMessage]:
    """What waits to be sent in a thread."""
    return waiting_in(conversation)


@register.simple_tag
def quick_reactions() -> tuple[str, ...]:
    return QUICK
