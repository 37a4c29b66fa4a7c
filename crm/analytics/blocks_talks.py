"""Blocks about conversations: what Lívia takes over, what her model costs, when clients write."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.analytics import words
from crm.analytics.block import BEFORE, Block, compared
from crm.analytics.charts import Bar, Part, bars, heat, whole
from crm.analytics.shapes import Dimension, Figures, Hours, ModelCost, share
from crm.analytics.tables import COUNT, DOLLARS, DURATION, PERCENT, TEXT, Column, Table

_TEXTURES = ("plain", "stripes", "dots", "grid")
_HOURS = range(24)


def livia(now: Figures, before: Figures | None, by: Dimension) -> Block:
    item = now.livia
    parts = [
        Part(part.label, f"{words.percent(part.share)} ({words.count(part.count)})", part.count, texture)
        for part, texture in zip(item.kinds, _TEXTURES, strict=False)
    ]
    earlier = None if before is None else {row[0]: row[2] for row in _livia_rows(before)}
    columns = [Column(_("What"), TEXT), Column(_("How many")), Column(_("Share"), PERCENT)]
    return Block(
        "livia",
        "Lívia",
        _("Her answers in the period by how they were made, and what became of the new clients she answered."),
        compared(columns, _livia_rows(now), name=_("How many before"), kind=COUNT, before=earlier),
        charts=(whole(_("How her answers were made"), parts),),
        facts=(
            (_("Clients without a person"), f"{words.percent(item.share)} ({item.alone}/{item.met})"),
            (_("Handed over to a person"), words.count(item.handed_over)),
            (_("Without the model"), words.percent(item.fallback)),
            (_("Refused by the guard"), words.count(item.refused_turns)),
            (_("Voice messages transcribed"), _heard(item.heard, item.unheard)),
        ),
        empty=_("Lívia answered nobody in this period."),
        empty_link=(reverse("agent:livia"), _("See how Lívia is doing")),
        is_empty=not item.turns,
    )


def _heard(heard: int, unheard: int) -> str:
    return f"{words.count(heard)} / {words.count(heard + unheard)}" if unheard else words.count(heard)


def _livia_rows(figures: Figures) -> list[tuple[Any, ...]]:
    item = figures.livia
    return [
        ("turns", _("Answers"), item.turns, None),
        *((f"kind-{part.code}", part.label, part.count, part.share) for part in item.kinds),
        ("met", _("New clients she answered"), item.met, None),
        ("alone", _("No person has written to them"), item.alone, item.share),
        ("handed", _("Handed over to a person"), item.handed_over, share(item.handed_over, item.met)),
        ("refused", _("Answers the guard refused"), item.refused_turns, share(item.refused_turns, item.turns)),
        *((f"refusal-{part.code}", part.label, part.count, part.share) for part in item.refusals),
        ("heard", _("Voice messages transcribed"), item.heard, share(item.heard, item.heard + item.unheard)),
        ("unheard", _("Voice messages not understood"), item.unheard, share(item.unheard, item.heard + item.unheard)),
    ]


def models(now: Figures, before: Figures | None, by: Dimension) -> Block:
    item = now.livia
    earlier = None if before is None else {cost.model: cost.usd for cost in before.livia.costs}
    items = [_cost_bar(cost, earlier) for cost in item.costs]
    columns = [
        Column(_("Model"), TEXT), Column(_("Answers")), Column(_("Tokens read")), Column(_("Of a cache")),
        Column(_("Tokens written")), Column(_("Cost"), DOLLARS), Column(_("Answers without a price")),
    ]  # fmt: skip
    rows = [
        (c.model, c.model, c.turns, c.tokens_in, c.tokens_cached, c.tokens_out, c.usd, c.unpriced_turns)
        for c in item.costs
    ]
    unpriced = _("Without a price, and not in the sum: %(models)s. A manager sets prices in the admin.")
    return Block(
        "models",
        _("Cost of the model"),
        _("Tokens of her answers in the period, at the price their model had on that day."),
        compared(columns, rows, name=_("Cost before"), kind=DOLLARS, before=earlier),
        charts=(bars(_("Cost by model"), items, before_name=BEFORE),),
        facts=((_("In all"), words.dollars(item.cost_usd)), (_("An answer"), _each(item.cost_usd, item.costs))),
        notes=(unpriced % {"models": words.listed(item.unpriced)},) if item.unpriced else (),
        empty=_("No model was asked in this period."),
        empty_link=(reverse("agent:livia"), _("See how Lívia is doing")),
        is_empty=not item.costs,
    )


def _cost_bar(cost: ModelCost, earlier: dict[str, Decimal | None] | None) -> Bar:
    past = (earlier or {}).get(cost.model)
    text = words.dollars(cost.usd) if cost.usd is not None else _("no price")
    note = ngettext("%(n)s answer", "%(n)s answers", cost.turns) % {"n": words.count(cost.turns)}
    return Bar(
        cost.model, text, None if cost.usd is None else float(cost.usd),
        note=note, before=None if past is None else float(past),
    )  # fmt: skip


def _each(usd: Decimal | None, costs: Sequence[ModelCost]) -> str:
    priced = sum(cost.turns - cost.unpriced_turns for cost in costs)
    return words.dollars(None if usd is None or not priced else usd / priced)


def hours(now: Figures, before: Figures | None, by: Dimension) -> Block:
    item = now.hours
    grid = _grid(item)
    busiest = _busiest(grid)
    days = [str(WEEKDAYS_ABBR[day]) for day in range(7)]
    return Block(
        "hours",
        _("When clients write"),
        _("Messages of clients by weekday and hour, local time; the fuller and darker a square, the more."),
        _hours_table(item, grid),
        charts=(heat(_("Messages of clients by weekday and hour"), busiest, days, grid),),
        facts=(
            (_("By clients"), words.count(item.client)),
            (_("By Lívia"), words.count(item.livia)),
            (_("By people"), words.count(item.person)),
            (_("Automatic"), words.count(item.system)),
        ),
        notes=(busiest,) if busiest else (),
        empty=_("Nobody wrote in this period."),
        is_empty=not (item.client or item.livia or item.person or item.system),
    )


def _grid(item: Hours) -> list[list[int]]:
    grid = [[0] * 24 for _day in range(7)]
    for cell in item.cells:
        grid[cell.weekday][cell.hour] = cell.client
    return grid


def _busiest(grid: list[list[int]]) -> str:
    most, day, hour = max((count, -day, -hour) for day, row in enumerate(grid) for hour, count in enumerate(row))
    if not most:
        return ""
    places = {"day": WEEKDAYS[-day], "hour": f"{-hour}h–{1 - hour}h", "n": words.count(most)}
    return _("Busiest: %(day)s, %(hour)s, with %(n)s.") % places


def _hours_table(item: Hours, grid: list[list[int]]) -> Table:
    columns = [
        Column(_("Hour"), TEXT), *(Column(WEEKDAYS_ABBR[day]) for day in range(7)), Column(_("By clients")),
        Column(_("By Lívia")), Column(_("By people")), Column(_("Waits")), Column(_("Mean wait"), DURATION),
        Column(_("Within 5 min"), PERCENT), Column(_("Within 1 h"), PERCENT),
    ]  # fmt: skip
    waits = {wait.hour: wait for wait in item.waits}
    rows = []
    for hour in _HOURS:
        cells, wait = [cell for cell in item.cells if cell.hour == hour], waits[hour]
        rows.append(
            (
                f"{hour}h–{hour + 1}h", *(row[hour] for row in grid), sum(cell.client for cell in cells),
                sum(cell.livia for cell in cells), sum(cell.person for cell in cells),
                wait.waits, wait.mean_s, wait.within_5m, wait.within_60m,
            )
        )  # fmt: skip
    return Table(tuple(columns), tuple(rows))
