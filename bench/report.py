"""Results as a markdown table: medians of several rounds, their spread, and the ratio to the floor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from bench import machine

RESULTS = Path(__file__).parent / "results"


@dataclass
class Measured:
    """One row: the product's rounds and the floor's, in the same unit."""

    case: str
    product: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        return median(self.product) / median(self.floor)

    def cells(self) -> list[str]:
        return [self.case, _spread(self.product), _spread(self.floor), f"{self.ratio:.2f} ×"]


def write(name: str, *, title: str, intro: str, unit: str, rows: Sequence[Measured], where: str | None = None) -> Path:
    """Write and print `bench/results/<name>.md`. `where` is the machine line taken before the load began."""
    rounds = min(len(row.product) for row in rows)
    lines = [
        f"# {title}",
        "",
        intro,
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d} on: {where or machine.describe()}.",
        f"Medians of {rounds} rounds, lowest and highest in brackets, in {unit}.",
        "",
        "| case | product | floor | product / floor |",
        "|---|---:|---:|---:|",
        *("| " + " | ".join(row.cells()) + " |" for row in rows),
        "",
    ]
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"{name}.md"
    path.write_text("\n".join(lines))
    print("\n".join(lines))
    return path


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"
