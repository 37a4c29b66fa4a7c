"""Notes as pages show them: links that work, and whom they name marked."""

import re

from django import template
from django.utils.html import format_html, format_html_join, urlize
from django.utils.safestring import SafeString, mark_safe

from leads.models import Note

register = template.Library()


@register.filter
def note_text(note: Note) -> SafeString:
    """The note's text with links, and with `names` (see leads.notes.notes_of) marked; everything else is escaped."""
    names = getattr(note, "names", [])
    if not names:
        return _linked(note.text)
    either = "|".join(re.escape(name) for name in names)
    parts = re.split(rf"(?<!\w)(@(?:{either}))(?!\w)", note.text, flags=re.IGNORECASE)
    marked = [
        format_html('<b class="mention">{}</b>', part) if i % 2 else _linked(part) for i, part in enumerate(parts)
    ]
    return format_html_join("", "{}", ((part,) for part in marked))


def _linked(text: str) -> SafeString:
    return mark_safe(urlize(text, nofollow=True, autoescape=True))  # noqa: S308 - urlize escapes what it does not make
