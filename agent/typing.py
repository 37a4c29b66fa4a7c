"""How long Lívia seems to type."""

from django.conf import settings


def typing_ms(text: str, *, thinking_ms: int) -> int:
    """min(1000 + 50 × characters, 3000) ms counted from the start of the turn: thinking and typing overlap."""
    shown = settings.TYPING_BASE_MS + settings.TYPING_PER_CHAR_MS * len(text)
    return max(min(shown, settings.TYPING_MAX_MS) - thinking_ms, 0)
