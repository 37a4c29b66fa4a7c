"""The port through which leads are classified; the agent above plugs its rules in.

Without a classifier a lead simply has no temperature. What a person decided (LGPD, art. 20) no rule or model overrides:
it stands until a person lifts it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crm.core.ports import Port


@dataclass(frozen=True)
class Classification:
    """`score` is 0 to 100; each reason is `{"code", "points", "text"}`."""

    temperature: str
    score: int
    reasons: list[dict[str, Any]]


BY_PERSON = "by_person"  # code of the one reason of a person's judgement


def is_by_person(reasons: Iterable[Mapping[str, Any]]) -> bool:
    """Whether these reasons are those of a person's judgement."""
    return any(reason.get("code") == BY_PERSON for reason in reasons)


def _unclassified(values: Mapping[str, Any]) -> Classification:
    return Classification("", 0, [])


# Takes a lead's values: field names of Lead, with `message` and `tracking`.
classify: Port[[Mapping[str, Any]], Classification] = Port(_unclassified)


def _each(all_values: Sequence[Mapping[str, Any]]) -> list[Classification]:
    return [classify(values) for values in all_values]


# As many leads at once, by what is in force now: what one look at it costs is shared.
classify_many: Port[[Sequence[Mapping[str, Any]]], list[Classification]] = Port(_each)
