"""What pages about Lívia need to say her codes in words and to mark the figures of her replies."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from agent import words
from crm.core.templatetags.ui import whatsapp_text

register = template.Library()

# Stand for a figure while the text around it is escaped and formatted; no client can type them into a reply.
_OPEN, _CLOSE = "\ue000", "\ue001"


@register.filter
def guard_words(code: str) -> str:
    return words.said(words.GUARD, code)


@register.filter
def error_words(code: str) -> str:
    return words.error(code)


@register.filter
def path_words(code: str) -> str:
    return words.said(words.PATHS, code)


@register.filter
def outcome_words(code: str) -> str:
    return words.said(words.OUTCOMES, code)


@register.filter
def intent_words(code: str) -> str:
    return words.said(words.INTENTS, code)


@register.filter
def source_words(code: str) -> str:
    return words.source(code)


@register.filter
def slot_words(code: str) -> str:
    return words.said(words.SLOTS, code)


@register.filter
def marked(text: str, figures: Sequence[Mapping[str, Any]]) -> SafeString:
    """The reply as WhatsApp shows it, with every figure in a `<mark>` that tells where it comes from."""
    held = (text or "").replace(_OPEN, "").replace(_CLOSE, "")
    known = [figure for figure in figures if str(figure.get("text", "")).strip()]
    for number, figure in sorted(enumerate(known), key=lambda pair: -len(pair[1]["text"])):
        held = _hold(held, figure["text"], number)
    html = str(whatsapp_text(held))
    for number, figure in enumerate(known):
        html = html.replace(f"{_OPEN}{number}{_CLOSE}", _mark(figure))
    return mark_safe(html)  # noqa: S308 - whatsapp_text and format_html escape


def _hold(held: str, words_of_figure: str, number: int) -> str:
    """Replace a figure's words by its number, but not inside longer figures or numbers."""
    parts, rest = [], held
    while (at := rest.find(words_of_figure)) >= 0:
        end = at + len(words_of_figure)
        inside = rest[at - 1 : at].isalnum() or rest[end : end + 1].isalnum()
        parts += [rest[:at], words_of_figure if inside else f"{_OPEN}{number}{_CLOSE}"]
        rest = rest[end:]
    return "".join([*parts, rest])


def _mark(figure: Mapping[str, Any]) -> SafeString:
    source = words.source(str(figure.get("source", "")))
    return format_html('<mark class="figure" title="{}">{}</mark>', source, figure["text"])


@register.filter
def stage_words(code: str) -> str:
    return words.stages().get(code, code)
