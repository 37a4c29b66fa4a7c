"""What players and pictures need to draw."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.conf import settings

from conversations.models import MessageKind, MessageState

register = template.Library()

_HEIGHT, _STEP, _BARS = 32, 8, 32  # of the drawing; a bar is the louder of two peaks
_MOST, _LEAST = 330, (96, 64)  # of a picture in a bubble, in pixels


@register.filter
def wave(peaks: Sequence[int] | None) -> str:
    """Loudnesses from 0 to 100 as the bars of an SVG path; dots where nothing is known. As `static/js/lib/wave.js`."""
    known = [*(peaks or [])[: 2 * _BARS], *[0] * 2 * _BARS]
    return "".join(_bar(number, max(known[2 * number : 2 * number + 2])) for number in range(_BARS))


def _bar(number: int, peak: int) -> str:
    height = round(max(0, min(peak, 100)) * (_HEIGHT - 4) / 100)
    return f"M{number * _STEP + _STEP // 2} {(_HEIGHT - height) // 2}v{height}"


@register.filter
def picture_box(media: dict[str, Any] | None) -> tuple[int, int] | None:
    """Width and height in which a picture is shown, so that nothing jumps when it comes; None if they are unknown."""
    width, height = (media or {}).get("width"), (media or {}).get("height")
    if not isinstance(width, int) or not isinstance(height, int) or width < 1 or height < 1:
        return None
    scale = min(_MOST / width, _MOST / height, 1)
    return max(round(width * scale), _LEAST[0]), max(round(height * scale), _LEAST[1])


@register.filter
def is_sticker(kind: str) -> bool:
    return kind == MessageKind.STICKER


@register.filter
def is_played(state: str) -> bool:
    """Whether the client has listened to it."""
    return state == MessageState.PLAYED


@register.simple_tag
def longest_recording() -> int:
    """Seconds a consultant may record."""
    return settings.VOICE_SECONDS
