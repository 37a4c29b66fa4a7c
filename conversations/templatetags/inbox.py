"""What the list of conversations writes: neighbouring addresses, and the preview with its icon drawn."""

from urllib.parse import urlencode

from django import template
from django.utils.translation import gettext, gettext_noop

from conversations.list_selectors import Wanted

register = template.Library()

# The marks of `conversations.texts.preview`: an icon of the sprite, and what stands where there are no words.
_DRAWN = {
    "📷": ("photo", gettext_noop("Image")),
    "🎤": ("microphone", gettext_noop("Voice message")),
    "🎬": ("video", gettext_noop("Video")),
    "📄": ("file-text", gettext_noop("Document")),
    "🙂": ("mood-smile", gettext_noop("Sticker")),
    "📍": ("map-pin", gettext_noop("Location")),
    "👤": ("address-book", gettext_noop("Contact")),
    "⏳": ("clock", gettext_noop("On its way")),
    "✉️": ("message", gettext_noop("Message")),
    "🚫": ("ban", gettext_noop("Deleted message")),
}


@register.simple_tag
def neighbour(wanted: Wanted, **changes: object) -> str:
    """The list's query with something changed: `{% neighbour wanted tab='mine' %}`."""
    return wanted.address(**changes)


@register.simple_tag
def further(wanted: Wanted, cursor: str) -> str:
    """The query of the list's next page."""
    address = wanted.address()
    return f"{address}{'&' if address else '?'}{urlencode({'after': cursor})}"


@register.filter
def said_icon(preview: str) -> str:
    """The icon of a preview, empty for plain text."""
    mark, _space, _text = preview.partition(" ")
    return _DRAWN.get(mark, ("", ""))[0]


@register.filter
def said(preview: str) -> str:
    """The preview's words without their mark; what it is, if it has none."""
    mark, _space, text = preview.partition(" ")
    return (text or gettext(_DRAWN[mark][1])) if mark in _DRAWN else preview
