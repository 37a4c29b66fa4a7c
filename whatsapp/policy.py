"""When a session that fell is tried again. Figures are settings."""

from django.conf import settings


def gave_up(failures: int) -> bool:
    """True once the quick attempts are used up: a manager is told and only cautious tries follow."""
    return failures > len(settings.WHATSAPP_RESTART_DELAYS)


def next_delay(failures: int) -> float:
    """Seconds to wait after the n-th failure in a row (1 is the first)."""
    if gave_up(failures):
        return settings.WHATSAPP_CAUTIOUS_RETRY_SECONDS
    return settings.WHATSAPP_RESTART_DELAYS[max(failures, 1) - 1]


RECYCLE_SECONDS = 60.0


def recycle_delay(since_last: float | None) -> float:
    """Seconds until a process that grew too large starts again: at once, but not over and over."""
    return 0.0 if since_last is None else max(RECYCLE_SECONDS - since_last, 0.0)
