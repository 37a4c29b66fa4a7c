"""What the page of figures shows, put together."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.analytics import blocks_leads, blocks_talks, figures, words
from crm.analytics.asking import BY, DATES, PERIODS, Asked
from crm.analytics.block import Block
from crm.analytics.figures import everything
from crm.analytics.period import Period, today
from crm.analytics.shapes import NOBODY, NONE, Dimension, Figures, Standing
from crm.analytics.tiles import tiles
from leads.inline import UFS
from leads.models import Product, Source

Builder = Callable[[Figures, Figures | None, Dimension], Block]

BLOCKS: dict[str, Builder] = {
    "funnel": blocks_leads.funnel,
    "conversion": blocks_leads.conversion,
    "response": blocks_leads.response,
    "stages": blocks_leads.stages,
    "losses": blocks_leads.losses,
    "livia": blocks_talks.livia,
    "models": blocks_talks.models,
    "hours": blocks_talks.hours,
    "consultants": blocks_leads.people,
}
TEAM_ONLY = frozenset({"livia", "models"})  # a consultant's own page leaves these out


@dataclass(frozen=True)
class Choice:
    """A filter to choose from; `chosen` is empty for any."""

    name: str
    label: Any
    everything: str
    options: list[tuple[Any, Any]]
    chosen: Any

    @property
    def said(self) -> str:
        """What is chosen, in words."""
        return next((str(label) for value, label in self.options if value == self.chosen), "")


class _Alone:
    """Figures, each asked for when a block wants it: one block needs one or two of them."""

    def __init__(self, asked: Asked, period: Period) -> None:
        self._asked = asked.filters, period

    def __getattr__(self, name: str) -> Any:
        filters, period = self._asked
        value = getattr(figures, name)(period, filters)
        setattr(self, name, value)
        return value


def block_of(code: str, asked: Asked) -> Block:
    """One block alone, for its file."""
    now = cast(Figures, _Alone(asked, asked.period))
    before = cast(Figures, _Alone(asked, asked.before)) if asked.before else None
    return BLOCKS[code](now, before, asked.by)


def context(
    asked: Asked, standing: Standing, *, place: str, consultants: Mapping[int, str], mine: bool
) -> dict[str, Any]:
    """Everything `analytics/_analytics.html` needs. `place` is the page's address, without what is asked for."""
    now, before = _compared(asked)
    shown = [BLOCKS[code](now, before, asked.by) for code in BLOCKS if not (mine and code in TEAM_ONLY)]
    return {
        "asked": asked,
        "standing": standing,
        "as_of": standing.as_of and _time(standing.as_of),
        "place": place,
        "address": with_query(place, asked),
        "refresh": "" if mine else with_query(reverse("analytics:refresh"), asked),
        "unfiltered": with_query(place, asked.unfiltered()),
        "is_filtered": asked.unfiltered() != asked and not (mine and _only_mine(asked)),
        "today": today(),
        "span": words.days(asked.period.first, asked.period.last),
        "span_before": asked.before and words.days(asked.before.first, asked.before.last),
        "periods": [*((code, label) for code, (label, _first) in PERIODS.items()), (DATES, _("Dates…"))],
        "choices": [choice for choice in _choices(asked, consultants) if not (mine and choice.name == "consultant")],
        "by": list(_tabs(asked, place, mine=mine)),
        "tiles": tiles(now.headline, before.headline if before else None, team=not mine),
        "blocks": [(block, with_query(f"{place}{block.code}.csv", asked)) for block in shown],
        "is_empty": all(block.is_empty for block in shown),
        "mine": mine,
    }


def _time(at: datetime) -> str:
    local = timezone.localtime(at)
    return date_format(local, "H:i" if local.date() == today() else "d/m H:i")


def with_query(address: str, asked: Asked) -> str:
    return f"{address}?{asked.query}" if asked.query else address


def _compared(asked: Asked) -> tuple[Figures, Figures | None]:
    before = everything(asked.before, asked.filters) if asked.before else None
    return everything(asked.period, asked.filters), before


def _only_mine(asked: Asked) -> bool:
    return not (asked.filters.source or asked.filters.product or asked.filters.uf)


def _tabs(asked: Asked, place: str, *, mine: bool) -> Iterable[dict[str, Any]]:
    for code, label in BY.items():
        if not (mine and code == "consultant"):
            yield {"code": code, "label": label, "address": with_query(place, asked.split(code))}


def _choices(asked: Asked, consultants: Mapping[int, str]) -> Iterable[Choice]:
    chosen = asked.filters
    products = [*Product.choices, (NONE, _("No product"))]
    yield Choice("product", BY["product"], _("All products"), products, chosen.product)
    yield Choice("source", BY["source"], _("All sources"), list(Source.choices), chosen.source)
    states = [*((uf, uf) for uf in UFS), (NONE, _("Unknown state"))]
    yield Choice("uf", BY["uf"], _("All states"), states, chosen.uf)
    people = [*consultants.items(), (NOBODY, _("No consultant"))]
    person = "" if chosen.consultant_id is None else chosen.consultant_id
    yield Choice("consultant", BY["consultant"], _("All consultants"), people, person)
