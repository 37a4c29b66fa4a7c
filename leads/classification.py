"""The port through which leads are classified; the agent above plugs its rules in.

Without a classifier a lead simply has no temperature.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Classification:
    """`score` is 0 to 100; each reason is `{"code", "points", "text"}`."""

    temperature: str
    score: int
    reasons: list[dict[str, Any]]


Classifier = Callable[[Mapping[str, Any]], Classification]
_classifiers: list[Classifier] = []


def classifier_register(classifier: Classifier) -> None:
    _classifiers[:] = [classifier]


def classify(values: Mapping[str, Any]) -> Classification:
    """Classify a lead's values (field names of Lead, with `message` and `tracking`)."""
    return _classifiers[0](values) if _classifiers else Classification("", 0, [])
