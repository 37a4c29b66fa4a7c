"""Charts of time, as columns: the parts and classes of analytics' charts (static/css/analytics-charts.css). Across,
everything is in percent of the width; heights are pixels."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

_TOP, _FOOT, _HEIGHT = 6, 22, 132


@dataclass(frozen=True)
class Column:
    """A stretch of time; `height` is 0 where nothing was measured. `said` names both, for who points at it."""

    x: str
    width: str
    y: int
    height: int
    tone: str
    said: str


@dataclass(frozen=True)
class Mark:
    """A word under the axis."""

    x: str
    text: str


@dataclass(frozen=True)
class Chart:
    """`limit_y` is where the dashed line lies, None without one. The words are empty where nothing was measured."""

    code: str
    title: str
    desc: str
    latest: str
    highest: str
    lowest: str
    columns: tuple[Column, ...]
    marks: tuple[Mark, ...]
    limit_y: int | None = None
    limit_name: str = ""
    height: int = _HEIGHT
    base: int = _HEIGHT - _FOOT
    room: int = _HEIGHT - _FOOT - _TOP
    top: int = _TOP
    mark_y: int = _HEIGHT - 6


@dataclass(frozen=True)
class Axis:
    """Steps of time from `begins` on; `marked` says what stands under one, or nothing."""

    begins: datetime
    step: timedelta
    steps: int
    named: Callable[[datetime], str]
    marked: Callable[[datetime], str]

    def moments(self) -> list[datetime]:
        return [self.begins + self.step * index for index in range(self.steps)]

    def marks(self) -> tuple[Mark, ...]:
        words = [(index, self.marked(at)) for index, at in enumerate(self.moments())]
        return tuple(Mark(_across(index / self.steps), text) for index, text in words if text)


def chart(
    axis: Axis, values: Mapping[datetime, float], words: Callable[[float], str], *, code: str, title: Any,
    full: float = 0, limit: float | None = None, limit_name: str = "",
    tone: Callable[[float], str] = lambda value: "",
) -> Chart:  # fmt: skip
    """`full` is what a column of the whole height means; without it the largest of what is shown."""
    known = [values[at] for at in axis.moments() if at in values]
    highest = max(known, default=0)
    top = full or max(highest, (limit or 0) * 1.15) or 1
    return Chart(
        code=code, title=str(title), desc=_told(axis, values, words),
        latest=words(known[-1]) if known else "", highest=words(highest) if known else "",
        lowest=words(min(known)) if known else "",
        columns=_columns(axis, values, words, top, tone), marks=axis.marks(),
        limit_y=_HEIGHT - _FOOT - _tall(limit, top) if limit is not None and limit <= top else None,
        limit_name=limit_name if limit is not None and limit <= top else "",
    )  # fmt: skip


def _columns(
    axis: Axis, values: Mapping[datetime, float], words: Callable[[float], str], top: float,
    tone: Callable[[float], str],
) -> tuple[Column, ...]:  # fmt: skip
    found = []
    for index, at in enumerate(axis.moments()):
        value = values.get(at)
        height = 0 if value is None else max(_tall(value, top), 2)  # zero was measured too
        said = f"{axis.named(at)}: {words(value) if value is not None else '–'}"
        x, width = (index + 0.1) / axis.steps, 0.8 / axis.steps
        colour = "" if value is None else tone(value)
        found.append(Column(_across(x), _across(width), _HEIGHT - _FOOT - height, height, colour, said))
    return tuple(found)


def _told(axis: Axis, values: Mapping[datetime, float], words: Callable[[float], str]) -> str:
    return "; ".join(f"{axis.named(at)}: {words(values[at])}" for at in axis.moments() if at in values)


def _tall(value: float, top: float) -> int:
    return round(max(0.0, min(value / top, 1.0)) * (_HEIGHT - _FOOT - _TOP))


def _across(part: float) -> str:
    return f"{part * 100:.3f}%"


def binned(rows: Sequence[tuple[datetime, float | None]]) -> dict[datetime, float]:
    """Without what was not measured."""
    return {at: float(value) for at, value in rows if value is not None}
