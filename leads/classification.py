"""The port through which leads are classified; the agent above plugs its rules in.

Without a classifier a lead simply has no temperature.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from crm.core.ports import Port


@dataclass(frozen=True)
class Classification:
    """`score` is 0 to 100; each reason is `{"code", "points", "text"}`."""

    temperature: str
    score: int
    reasons: list[dict[str, Any]]


def _unclassified(values: Mapping[str, Any]) -> Classification:
    return Classification("", 0, [])


# Takes a lead's values: field names of Lead, with `message` and `tracking`.
classify: Port[[Mapping[str, Any]], Classification] = Port(_unclassified)
