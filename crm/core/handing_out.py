"""How an app writes down what it holds of a person for that person (`crm.core.privacy.gather`): plain values for JSON.

Money is reais as text with a point and two places, moments are ISO 8601 in local time, choices are words in the active
language, colleagues go by their first name: they are no part of the client's data.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

from django.utils.timezone import localtime


class Named(Protocol):
    def get_short_name(self) -> str: ...


def known(**values: Any) -> dict[str, Any]:
    """The record without what is not known."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def money(cents: int | None) -> str | None:
    return None if cents is None else f"{Decimal(cents) / 100:.2f}"


def moment(at: datetime | None) -> str | None:
    return localtime(at).isoformat(timespec="seconds") if at else None


def first_name(person: Named | None) -> str | None:
    return person.get_short_name() if person else None
