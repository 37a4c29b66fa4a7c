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
