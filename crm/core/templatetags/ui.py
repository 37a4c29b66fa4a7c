"""What templates need to draw: icons of the sprite, money and rates the Brazilian way, people as initials."""

import re
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zlib import crc32

from babel.numbers import format_compact_currency, format_currency, format_decimal
from django import template
from django.templatetags.static import static
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from crm.core.phones import phone_display

register = template.Library()

LOCALE = "pt_BR"  # money is written the Brazilian way in every language
PALETTE = 5


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("vendor/icons.svg")


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An outline icon of the sprite, drawn in the text's colour; `css` adds classes ("s" is the small size)."""
    return format_html(
        '<svg class="i {}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>', css, _sprite(), name
    )


@register.simple_tag
def language() -> str:
    """The page's language as browsers name it: `pt-BR`, `en`."""
    tongue, _dash, region = (get_language() or "en").partition("-")
    return f"{tongue}-{region.upper()}" if region else tongue


@register.filter
def cents(value: int | str | None) -> str:
    """123456 → `R$ 1.234,56`; nothing for None."""
    return "" if value is None or value == "" else format_currency(Decimal(int(value)) / 100, "BRL", locale=LOCALE)


@register.filter
@lru_cache(maxsize=4096)
def cents_short(value: int | str | None) -> str:
    """18000000 → `R$ 180 mil`, 120000000 → `R$ 1,2 mi`; nothing for None."""
    if value is None or value == "":
        return ""
    return format_compact_currency(Decimal(int(value)) / 100, "BRL", locale=LOCALE, fraction_digits=1)


@register.filter
def reais(value: int | str | None) -> str:
    """Cents as a person types them into a field: 18000050 → `180.000,50`."""
    return "" if value is None or value == "" else format_decimal(Decimal(int(value)) / 100, "#,##0.00", locale=LOCALE)


@register.filter
def rate(value: Any) -> str:
    """A fraction as percent: Decimal("0.0119") → `1,19 %`; nothing for None."""
    return "" if value in (None, "") else format_decimal(Decimal(str(value)) * 100, "0.00", locale=LOCALE) + "\u00a0%"


@register.filter
def initials(name: Any) -> str:
    """`Ana Clara Dias` → `AD`; a number or nothing becomes its last digits or `?`."""
    words = [word for word in str(name or "").split() if word[0].isalpha()]
    if not words:
        return re.sub(r"\D", "", str(name or ""))[-2:] or "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@register.filter
def avatar_class(name: Any) -> str:
    """One of five colours, the same for the same name everywhere."""
    return f"p{crc32(str(name or '').encode()) % PALETTE + 1}"


@register.filter
def phone(e164: str | None) -> str:
    """`+5511998123340`, with or without the plus → `+55 11 99812-3340`."""
    return phone_display(f"+{e164.removeprefix('+')}") if e164 else ""


_MARKS = [
    (re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])"), r"<b>\1</b>"),
    (re.compile(r"(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])"), r"<i>\1</i>"),
    (re.compile(r"(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])"), r"<s>\1</s>"),
]
_CODE = re.compile(r"```\s*(\S.*?)```|(?<![\w`])`([^`\n]+)`(?![\w`])", re.DOTALL)
_LINK = re.compile(r"https?://[^\s<]+[^\s<.,;:!?)\"'&]")


@register.filter
def whatsapp_text(text: str | None) -> SafeString:
    """WhatsApp's `*bold*`, `_italic_`, `~struck~` and code, and links. Everything else is escaped first."""
    parts, last = [], 0
    safe = str(escape(text or ""))
    for code in _CODE.finditer(safe):  # what stands in code marks nothing
        parts += [_linked(safe[last : code.start()]), f"<code>{(code[1] or code[2]).strip(chr(10))}</code>"]
        last = code.end()
    return mark_safe("".join([*parts, _linked(safe[last:])]))  # noqa: S308 - escaped above, only our tags added


def _linked(safe: str) -> str:
    parts, last = [], 0
    for link in _LINK.finditer(safe):  # addresses are left alone: an underscore in them marks nothing
        address = link[0]
        parts += [_marked(safe[last : link.start()])]
        parts += [f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{address}</a>']
        last = link.end()
    return "".join([*parts, _marked(safe[last:])])


def _marked(safe: str) -> str:
    for pattern, tag in _MARKS:
        safe = pattern.sub(tag, safe)
    return safe


@register.filter
def epoch_ms(moment: Any) -> int:
    """Milliseconds since 1970 of an aware datetime: the sort key of rows ordered by time."""
    return int(moment.timestamp() * 1000) if moment else 0
