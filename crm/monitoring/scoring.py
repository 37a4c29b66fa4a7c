"""An hour's score: 100, less what its figures cost (settings SCORE_…), and its band."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from crm.monitoring.models import Band

_FULL = 100


@dataclass(frozen=True)
class Score:
    """`lost` says what cost how many points; what was gained is a loss below zero."""

    points: int
    band: Band
    lost: list[tuple[str, int]]


def score(figures: Mapping[str, Any]) -> Score:
    """What was not measured costs nothing."""
    costs = {
        "response": _passed(figures.get("response_s"), settings.SCORE_RESPONSE_SECONDS),
        "errors": _passed(figures.get("error_percent"), settings.SCORE_ERROR_PERCENT),
        "cpu": _passed(figures.get("cpu_percent"), settings.SCORE_CPU_PERCENT),
        "memory": _passed(figures.get("memory_percent"), settings.SCORE_MEMORY_PERCENT),
    }
    lost = [(reason, points) for reason, points in costs.items() if points]
    points = _FULL - sum(costs.values())
    gained = min(_passed(figures.get("cache_percent"), settings.SCORE_CACHE_PERCENT), _FULL - points)
    if gained:
        lost.append(("cache", -gained))
    points = max(points + gained, 0)
    return Score(points, band_of(points), lost)


def band_of(points: int) -> Band:
    for band, least in zip((Band.EXCELLENT, Band.GOOD, Band.FAIR), settings.SCORE_BANDS, strict=True):
        if points >= least:
            return band
    return Band.POOR


def _passed(value: float | None, steps: Sequence[tuple[float, int]]) -> int:
    """The points of the highest limit that a figure is above."""
    if value is None:
        return 0
    return next((points for limit, points in sorted(steps, reverse=True) if value > limit), 0)
