"""Small helpers for text that comes from outside."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from crm.core.errors import Invalid

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_text(raw: str, *, limit: int) -> str:
    """Control and direction-override characters and lone surrogates out (PostgreSQL refuses NUL), cut to `limit`."""
    return _CONTROL.sub("", raw[: limit * 2])[:limit]


def clean_line(raw: str, *, limit: int) -> str:
    """As `clean_text`, on one line with single spaces: names and titles."""
    return " ".join(clean_text(raw, limit=limit * 2).split())[:limit].strip()


def sentence(message_id: str, values: Mapping[str, Any] | None) -> str:
    """A sentence kept as its message id with what goes into its places, in the language of whoever reads it."""
    text = gettext(message_id) if message_id else ""
    return text % values if values else text


def text_within(raw: str, *, limit: int, empty: Any, too_long: Any) -> str:
    """What a person wrote in a field named `text`, cleaned and without blanks around it. Raises Invalid, with one of
    the two sentences, if nothing is left (`empty`; None where that is well) or more than `limit` characters."""
    text = clean_text(raw.replace("\r\n", "\n"), limit=limit + 1).strip()
    if not text and empty is not None:
        raise Invalid(empty, code="empty", fields={"text": empty})
    if len(text) > limit:
        raise Invalid(too_long, code="too_long", fields={"text": too_long})
    return text
