"""Where a lead came from."""

from collections.abc import Mapping
from typing import Any

from crm.core.text import clean_line

KEYS = (
    "utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content",
    "referrer", "landing_page", "gclid", "fbclid",
)  # fmt: skip


def tracking_from(values: Mapping[str, Any]) -> dict[str, str]:
    """The known tracking keys with text in them, cleaned and cut."""
    texts = {key: clean_line(values[key], limit=300) for key in KEYS if isinstance(values.get(key), str)}
    return {key: text for key, text in texts.items() if text}
