"""Small helpers for text that comes from outside."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_text(raw: str, *, limit: int) -> str:
    """Control and direction-override characters and lone surrogates out (PostgreSQL refuses NUL), cut to `limit`."""
    return _CONTROL.sub("", raw[: limit * 2])[:limit]


def clean_line(raw: str, *, limit: int) -> str:
    """As `clean_text`, on one line with single spaces: names and titles."""
    return " ".join(clean_text(raw, limit=limit * 2).split())[:limit].strip()
