"""A refused key is for people: it will not pass by itself."""

import structlog

from agent.events import ModelKeyRefused
from crm.core.facts import publish

log = structlog.get_logger(__name__)


def key_refused(status: int | None) -> None:
    """Called once until the key works again. What goes wrong here must not cost the client an answer."""
    log.error("groq_key_refused", status=status)
    try:
        publish(ModelKeyRefused(status=status or 0))
    except Exception as error:
        log.error("groq_key_refused_untold", error=type(error).__name__)
