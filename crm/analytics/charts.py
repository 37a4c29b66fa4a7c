"""Geometry of the page's charts, drawn by templates as SVG. Across, everything is in percent of the width: a chart is
as wide as its place, and its letters stay as large as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator

_FULL = 100.0
LEVELS = 5
_LABEL = 32  # letters
BAR_ROW, BAR_TOP = 46, 8
COLUMNS_HEIGHT, COLUMNS_TOP, COLUMNS_FOOT = 190, 24, 24
HEAT_ROW, HEAT_SIDE, HEAT_FOOT = 26, 9.0, 22


def across(value: float) -> str:
    """A length or place as an attribute writes it."""
    return f"{value:.2f}%"


@dataclass(frozen=True)
class Bar:
    """`value` is measured on the chart's own scale; `before` is where it stood earlier, `limit` where it should end;
    neither is marked at zero."""

    label: Any
    text: str
    value: float | None
    note: str = ""
    before: float | None = None
    limit: float | None = None
    tone: str = ""


@dataclass(frozen=True)
class Row:
    """A bar in its place. Lengths across are attributes, heights are pixels."""

    bar: Bar
    y: int
    width: str
    before: str
    limit: str

    @property
    def label(self) -> str:
        """As much of the name as fits beside the value on a phone; the table has all of it."""
        return Truncator(self.bar.label).chars(_LABEL)

    @property
    def label_y(self) -> int:
        return self.y + 13

    @property
    def bar_y(self) -> int:
        return self.y + 20


@dataclass(frozen=True)
class Bars:
    """Lying bars, each under its name and its value. `before_name` and `limit_name` say what the marks are."""

    kind = "bars"
    title: str
    desc: str
    rows: tuple[Row, ...]
    before_name: str = ""
    limit_name: str = ""

    @property
    def height(self) -> int:
        return len(self.rows) * BAR_ROW


def bars(title: Any, items: Sequence[Bar], *, full: float = 0, before_name: Any = "", limit_name: Any = "") -> Bars:
    """`full` is what a whole bar means; without it the largest of what is shown."""
    top = full or max((value for bar in items for value in (bar.value, bar.before, bar.limit) if value), default=0) or 1
    rows = tuple(
        Row(bar, index * BAR_ROW, across(_part(bar.value, top)), _mark(bar.before, top), _mark(bar.limit, top))
        for index, bar in enumerate(items)
    )
    has_before, has_limit = any(row.before for row in rows), any(row.limit for row in rows)
    said = "; ".join(f"{bar.label}: {bar.text}" for bar in items)
    return Bars(str(title), said, rows, str(before_name) if has_before else "", str(limit_name) if has_limit else "")


def _part(value: float | None, top: float) -> float:
    return max(0.0, min((value or 0) / top, 1.0)) * _FULL


def _mark(value: float | None, top: float) -> str:
    return across(min(_part(value, top), 99.6)) if value else ""


@dataclass(frozen=True)
class Pillar:
    bar: Bar
    x: str
    width: str
    middle: str
    y: int
    height: int
    before_y: int | None
    before_end: str

    @property
    def text_y(self) -> int:
        return min(self.y, self.before_y if self.before_y is not None else self.y) - 6


@dataclass(frozen=True)
class Pillars:
    """Standing bars side by side, for a distribution."""

    kind = "pillars"
    title: str
    desc: str
    pillars: tuple[Pillar, ...]
    before_name: str = ""
    height = COLUMNS_HEIGHT
    base = COLUMNS_HEIGHT - COLUMNS_FOOT
    label_y = COLUMNS_HEIGHT - 7


def pillars(title: Any, items: Sequence[Bar], *, before_name: Any = "") -> Pillars:
    top = max((value for bar in items for value in (bar.value, bar.before) if value), default=0) or 1
    step = _FULL / max(len(items), 1)
    room = Pillars.base - COLUMNS_TOP
    found = []
    for index, bar in enumerate(items):
        height = round(_part(bar.value, top) / _FULL * room)
        before = Pillars.base - round(_part(bar.before, top) / _FULL * room) if bar.before else None
        x, width = index * step + step * 0.14, step * 0.72
        found.append(
            Pillar(
                bar, across(x), across(width), across(x + width / 2), Pillars.base - height, height, before,
                across(x + width),
            )
        )  # fmt: skip
    said = "; ".join(f"{bar.label}: {bar.text}" for bar in items)
    has_before = any(pillar.before_y is not None for pillar in found)
    return Pillars(str(title), said, tuple(found), str(before_name) if has_before else "")


@dataclass(frozen=True)
class Part:
    """A share of a whole; `tone` names its colour and its texture."""

    label: Any
    text: str
    value: float
    tone: str
    x: str = ""
    width: str = ""


@dataclass(frozen=True)
class Whole:
    """One bar cut into its parts, with a legend."""

    kind = "whole"
    title: str
    desc: str
    parts: tuple[Part, ...]


def whole(title: Any, parts: Sequence[Part]) -> Whole:
    total = sum(part.value for part in parts) or 1
    placed, at = [], 0.0
    for part in parts:
        width = part.value / total * _FULL
        placed.append(Part(part.label, part.text, part.value, part.tone, across(at), across(width)))
        at += width
    said = "; ".join(f"{part.label}: {part.text}" for part in parts)
    return Whole(str(title), said, tuple(placed))


@dataclass(frozen=True)
class Square:
    """An hour of a weekday. `level` (0 to 5) is its shade; its bar's height says the same without colour."""

    x: str
    y: int
    width: str
    level: int
    bar_y: int
    bar_height: int
    text_x: str
    text_y: int
    count: int
    title: str


@dataclass(frozen=True)
class Heat:
    kind = "heat"
    title: str
    desc: str
    squares: tuple[Square, ...]
    days: tuple[tuple[str, int], ...]  # name, where its letters stand
    hours: tuple[tuple[str, str], ...]
    height: int


def heat(title: Any, desc: str, days: Sequence[str], grid: Sequence[Sequence[int]]) -> Heat:
    """`grid` has a row a weekday, each with 24 counts."""
    top = max((count for row in grid for count in row), default=0)
    step = (_FULL - HEAT_SIDE) / 24
    squares = tuple(
        _square(count, top, step, index, hour, days[index])
        for index, row in enumerate(grid)
        for hour, count in enumerate(row)
    )
    names = tuple((name, index * HEAT_ROW + 17) for index, name in enumerate(days))
    hours = tuple((across(HEAT_SIDE + hour * step), f"{hour}h") for hour in range(0, 24, 3))
    return Heat(str(title), desc, squares, names, hours, len(days) * HEAT_ROW + HEAT_FOOT)


def _square(count: int, top: int, step: float, index: int, hour: int, day: str) -> Square:
    room = HEAT_ROW - 3
    share = count / top if top else 0
    height = max(2, round(share * room)) if count else 0
    x, y = HEAT_SIDE + hour * step, index * HEAT_ROW
    level = -int(-share * LEVELS // 1)
    return Square(
        across(x), y, across(step * 0.9), level, y + room - height, height, across(x + step * 0.45), y + 16, count,
        f"{day}, {hour}h–{hour + 1}h: {count}",
    )  # fmt: skip
