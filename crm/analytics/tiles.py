"""Headline figures, and in words what changed since the period before."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from crm.analytics import words
from crm.analytics.shapes import Headline

_UP, _DOWN, _SAME = "▲", "▼", "="


@dataclass(frozen=True)
class Change:
    """`sense` is better, worse or empty where neither is."""

    arrow: str
    text: str
    words: str
    sense: str = ""


@dataclass(frozen=True)
class Tile:
    label: str
    text: str
    change: Change | None = None
    aside: str = ""


def tiles(now: Headline, before: Headline | None, *, team: bool) -> list[Tile]:
    """What happened, beside what had happened before where one compares; of the `team` also what Lívia did and cost."""

    def tile(
        label: str, name: str, show: Callable[[Any], str], good: int, aside: str = "", points: bool = False
    ) -> Tile:
        value = getattr(now, name)
        change = None if before is None else changed(value, getattr(before, name), show, good, points=points)
        return Tile(label, show(value), change, aside)

    found = [
        tile(_("New leads"), "leads", words.count, 1),
        tile(_("Leads won"), "won", words.count, 1),
        tile(_("Amount won"), "won_cents", words.money_short, 1),
        tile(_("Conversion"), "conversion", words.percent, 1, points=True),
        tile(_("First answer, median"), "response_median_s", words.duration, -1),
    ]
    if team:
        found.append(tile(_("Handled by Lívia alone"), "livia_share", words.percent, 0, points=True))
        aside = _("Some answers have no price.") if now.unpriced else ""
        found.append(tile(_("Cost of the model"), "cost_usd", words.dollars, 0, aside))
    return found


def changed(value: Any, before: Any, show: Callable[[Any], str], good: int, *, points: bool = False) -> Change | None:
    """How far a value moved: relatively, or in points for a share. `good` is the direction wished for, 0 for none."""
    if value is None or before is None:
        return None
    was = _("before: %(value)s") % {"value": show(before)}
    if value == before:
        return Change(_SAME, _("the same"), "")
    up = value > before
    sense = "" if not good else "better" if up == (good > 0) else "worse"
    moved = _distance(value, before, points=points)
    if not moved:  # from nothing there is no proportion
        return Change(_UP if up else _DOWN, _("more") if up else _("less"), was, sense)
    text = _("%(distance)s more") if up else _("%(distance)s less")
    return Change(_UP if up else _DOWN, text % {"distance": moved}, was, sense)


def _distance(value: Any, before: Any, *, points: bool) -> str:
    if points:
        return _("%(n)s points") % {"n": words.percent(abs(value - before)).removesuffix("%")}
    if not before:
        return ""
    return words.percent(abs(Decimal(value) / Decimal(before) - 1))
