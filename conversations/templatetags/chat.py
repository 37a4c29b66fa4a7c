"""What bubbles need to draw."""

from django import template
from django.conf import settings

from conversations.files import FILE_KINDS, INLINE
from conversations.models import Message

register = template.Library()

_PLAYERS = ("image", "audio", "video")
_MAP = "https://www.openstreetmap.org/?mlat={0}&mlon={1}#map=17/{0}/{1}"


@register.filter
def shown_as(message: Message) -> str:
    """How the message's file is shown: `image`, `audio` or `video` in the page, `file` to download, "" not at all."""
    if message.kind not in FILE_KINDS or not message.media_url:
        return ""
    mime = str((message.media or {}).get("mime", ""))
    family = mime.partition("/")[0]
    is_shown = mime in INLINE and family in _PLAYERS and (message.media or {}).get("size")
    return family if is_shown and message.kind != "document" else "file"


@register.filter
def map_url(media: dict | None) -> str:
    """Where a map shows the place; "" for a place without coordinates."""
    if not media or "latitude" not in media or "longitude" not in media:
        return ""
    return _MAP.format(media["latitude"], media["longitude"])


@register.filter
def clock(seconds: int | None) -> str:
    """187 → `3:07`; nothing for nothing."""
    return f"{seconds // 60}:{seconds % 60:02}" if seconds else ""


@register.simple_tag
def file_limit() -> int:
    """The largest file that may be sent, in bytes."""
    return settings.WHATSAPP_MEDIA_LIMIT_BYTES
