"""What a run of a suite found: figures for people, the same for machines, and what went wrong."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Report:
    """`right` of `cases` fully right; `headline` and `details` for people, `figures` for machines."""

    suite: str
    cases: int
    right: int
    headline: str
    figures: dict[str, Any] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    misses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def share(self) -> float:
        return self.right / max(1, self.cases)

    def as_dict(self) -> dict[str, Any]:
        return {
            "suite": self.suite,
            "cases": self.cases,
            "right": self.right,
            "share": round(self.share, 4),
            **self.figures,
            "misses": self.misses,
        }


class Tally:
    """Right and all, by name."""

    def __init__(self) -> None:
        self.right: Counter[str] = Counter()
        self.all: Counter[str] = Counter()

    def count(self, names: Iterable[str], ok: bool) -> None:
        for name in names:
            self.all[name] += 1
            self.right[name] += ok

    def as_dict(self) -> dict[str, str]:
        return {name: f"{self.right[name]}/{self.all[name]}" for name in sorted(self.all)}

    def lines(self, width: int = 22) -> list[str]:
        return [f"  {name:{width}s} {share}" for name, share in self.as_dict().items()]


def ratio(part: int, whole: int) -> str:
    return f"{part}/{whole} = {part / max(1, whole):.3f}"
