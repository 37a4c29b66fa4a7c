"""Blocks about leads: how far they get, what brings them, how fast they are answered, why they are lost."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from crm.analytics import words
from crm.analytics.asking import BY
from crm.analytics.block import BEFORE, Block, compared
from crm.analytics.charts import Bar, bars, pillars
from crm.analytics.shapes import Conversion, ConversionRow, Dimension, Figures, FunnelStep, Loss, Response, StageTime
from crm.analytics.tables import COUNT, DURATION, MONEY, PERCENT, TEXT, Column

_MOST_BARS = 8


def funnel(now: Figures, before: Figures | None, by: Dimension) -> Block:
    steps = now.funnel.steps
    earlier = None if before is None else {step.stage: step.reached for step in before.funnel.steps}
    items = [
        Bar(
            step.label, words.count(step.reached), step.reached, note=_onward(step),
            before=(earlier or {}).get(step.stage),
        )
        for step in steps
    ]  # fmt: skip
    rows = [(s.stage, s.label, s.reached, s.of_all, s.of_previous, s.lost, s.open) for s in steps]
    columns = [
        Column(_("Stage"), TEXT), Column(_("Reached")), Column(_("Of all"), PERCENT),
        Column(_("Of the stage before"), PERCENT), Column(_("Lost here")), Column(_("Resting here")),
    ]  # fmt: skip
    return Block(
        "funnel",
        _("Funnel"),
        _("Leads that came in the period, by the furthest stage each has reached until now."),
        compared(columns, rows, name=_("Reached before"), kind=COUNT, before=earlier),
        charts=(bars(_("How far leads get"), items, before_name=BEFORE),),
        empty=_("No lead came in this period."),
        is_empty=not now.funnel.leads,
    )


def _onward(step: FunnelStep) -> str:
    if step.of_previous is None:
        return ""
    return _("%(share)s of the stage before") % {"share": words.percent(step.of_previous)}


def conversion(now: Figures, before: Figures | None, by: Dimension) -> Block:
    rows = now.conversion.by[by]
    earlier = None if before is None else {row.key: row.rate for row in before.conversion.by[by]}
    items = [
        Bar(
            row.label, words.percent(row.rate), row.rate or 0,
            note=_("%(won)s of %(leads)s") % {"won": words.count(row.won), "leads": words.count(row.leads)},
            before=(earlier or {}).get(row.key),
        )
        for row in rows[:_MOST_BARS]
    ]  # fmt: skip
    hidden = len(rows) - _MOST_BARS
    more = ngettext("%(n)s more is in the table.", "%(n)s more are in the table.", hidden) % {"n": hidden}
    if earlier is not None and before is not None:
        earlier[_TOTAL] = before.conversion.total.rate
    cells = [*map(_conversion_row, rows), *([_conversion_row(_total(now.conversion))] if len(rows) > 1 else [])]
    return Block(
        "conversion",
        _("Conversion"),
        _("Of the leads that came in the period, those that have been won until now."),
        compared(_conversion_columns(by), cells, name=_("Conversion before"), kind=PERCENT, before=earlier),
        charts=(bars(_("Share of leads won"), items, before_name=BEFORE),),
        notes=(more,) if hidden > 0 else (),
        empty=_("No lead came in this period."),
        is_empty=not rows,
    )


def _total(item: Conversion) -> ConversionRow:
    return replace(item.total, key=_TOTAL, label=_("In all"))


_TOTAL = "total"


def _conversion_columns(by: Dimension) -> list[Column]:
    return [
        Column(BY[by], TEXT), Column(_("Leads")), Column(_("In contact")), Column(_("Qualified")),
        Column(_("Proposal")), Column(_("Won")), Column(_("Lost")), Column(_("Conversion"), PERCENT),
        Column(_("Amount won"), MONEY), Column(_("Median amount"), MONEY), Column(_("Median time to win"), DURATION),
    ]  # fmt: skip


def _conversion_row(row: ConversionRow) -> tuple[Any, ...]:
    return (
        row.key, row.label, row.leads, row.contacted, row.qualified, row.proposal, row.won, row.lost, row.rate,
        row.won_cents, row.median_won_cents, row.median_win_s,
    )  # fmt: skip


def response(now: Figures, before: Figures | None, by: Dimension) -> Block:
    rows, item = _answers(now.response), now.response
    earlier = None if before is None else {key: count for key, _name, count, _share in _answers(before.response)}
    items = [
        Bar(name, words.count(count), count, tone="lost" if key == _WAITING else "", before=(earlier or {}).get(key))
        for key, name, count, _share in rows
        if key != _LIVIA
    ]
    columns = [Column(_("Answered within"), TEXT), Column(_("Leads")), Column(_("Of the answered"), PERCENT)]
    return Block(
        "response",
        _("First answer by a person"),
        _("From when the client wrote, or the lead came, to the first message by a person; only business hours count."),
        compared(columns, rows, name=_("Leads before"), kind=COUNT, before=earlier),
        charts=(pillars(_("Leads by how long they waited"), items, before_name=BEFORE),),
        facts=(
            (_("Median"), words.duration(item.median_s)),
            (_("90 of 100 within"), words.duration(item.p90_s)),
            (_("Within 15 min"), words.percent(item.within_15m)),
            (_("Median by the clock"), words.duration(item.wall_median_s)),
            (_("With Lívia only"), words.count(item.with_livia)),
        ),
        empty=_("Nobody waited for an answer in this period."),
        is_empty=not item.asked,
    )


_WAITING, _LIVIA = "waiting", "livia"


def _answers(item: Response) -> list[tuple[str, str, int, float | None]]:
    """Leads by how long they waited, as rows of a table that begin with their key."""
    found: list[tuple[str, str, int, float | None]] = []
    longest = 0
    for bucket in item.buckets:
        name = f"> {words.duration(longest)}" if bucket.upto_s is None else f"≤ {words.duration(bucket.upto_s)}"
        found.append((str(bucket.upto_s), name, bucket.count, bucket.share))
        longest = bucket.upto_s or longest
    found.append((_WAITING, pgettext("answer", "none"), item.waiting, None))
    found.append((_LIVIA, _("with Lívia"), item.with_livia, None))
    return found


def stages(now: Figures, before: Figures | None, by: Dimension) -> Block:
    rows = now.stage_times.rows
    earlier = None if before is None else {row.stage: row.median_s for row in before.stage_times.rows}
    items = [_stage_bar(row, earlier) for row in rows if row.stays or row.open]
    columns = [
        Column(_("Stage"), TEXT), Column(_("Stays that ended")), Column(_("Median"), DURATION),
        Column(_("90 of 100 within"), DURATION), Column(_("Expected within"), DURATION),
        Column(_("Longer than that"), PERCENT), Column(_("Resting here now")), Column(_("Of these too long")),
    ]  # fmt: skip
    cells = [
        (r.stage, r.label, r.stays, r.median_s, r.p90_s, r.red_s or None, r.beyond, r.open, r.open_beyond) for r in rows
    ]
    return Block(
        "stages",
        _("Time in each stage"),
        _("Median of the stays that ended in the period, each measured against what is expected of its stage."),
        compared(columns, cells, name=_("Median before"), kind=DURATION, before=earlier),
        charts=(bars(_("Time in each stage"), items, full=1, before_name=BEFORE, limit_name=_("expected at most")),),
        empty=_("No lead left a stage in this period."),
        is_empty=not items,
    )


_LIMIT_AT = 0.7  # of a bar's room: where what is expected ends


def _stage_bar(row: StageTime, earlier: dict[str, int | None] | None) -> Bar:
    """Hours in one stage, weeks in another: each bar is on its own stage's scale."""
    past = (earlier or {}).get(row.stage)
    whole = row.red_s / _LIMIT_AT if row.red_s else max(row.median_s or 0, past or 0) or 1
    late = _("%(n)s too long now") % {"n": words.count(row.open_beyond)} if row.open_beyond else ""
    return Bar(
        row.label,
        words.duration(row.median_s),
        (row.median_s or 0) / whole,
        note=late,
        before=None if past is None else past / whole,
        limit=_LIMIT_AT if row.red_s else None,
    )


def losses(now: Figures, before: Figures | None, by: Dimension) -> Block:
    item = now.losses
    earlier = None if before is None else {row.reason: row.count for row in before.losses.rows}
    items = [_loss_bar(row, earlier) for row in item.rows[:_MOST_BARS]]
    columns = [
        Column(_("Reason"), TEXT), Column(_("Leads")), Column(_("Of the lost"), PERCENT),
        *(Column(label) for _code, label in item.products),
    ]  # fmt: skip
    cells = [
        (row.reason, row.label, row.count, row.share, *(row.by_product.get(code, 0) for code, _label in item.products))
        for row in item.rows
    ]
    return Block(
        "losses",
        _("Lost reasons"),
        _("Leads that were lost in the period, whenever they came, and are lost still."),
        compared(columns, cells, name=_("Leads before"), kind=COUNT, before=earlier),
        charts=(bars(_("Leads lost by reason"), items, before_name=BEFORE),),
        empty=_("No lead was lost in this period."),
        is_empty=not item.total,
    )


def _loss_bar(row: Loss, earlier: dict[str, int] | None) -> Bar:
    text = words.count(row.count)
    return Bar(
        row.label, text, row.count, note=words.percent(row.share), tone="lost",
        before=earlier.get(row.reason, 0) if earlier is not None else None,
    )  # fmt: skip


def people(now: Figures, before: Figures | None, by: Dimension) -> Block:
    """Figures of the consultants, and how each answers."""
    answers = {row.key: row for row in now.response.consultants}
    earlier = None if before is None else {row.key: row.won for row in before.consultants.rows}
    columns = [
        Column(_("Consultant"), TEXT), Column(_("Leads")), Column(_("Still open")), Column(_("In contact")),
        Column(_("Won")), Column(_("Lost")), Column(_("Conversion"), PERCENT), Column(_("Amount won"), MONEY),
        Column(_("First answer, median"), DURATION), Column(_("90 of 100 within"), DURATION),
        Column(_("Within 15 min"), PERCENT), Column(_("Tasks done")), Column(_("Tasks overdue")),
    ]  # fmt: skip
    rows = []
    for row in now.consultants.rows:
        answer = answers.get(row.key)
        rows.append(
            (
                row.key, row.label, row.leads, row.open, row.contacted, row.won, row.lost, row.rate, row.won_cents,
                row.response_median_s, answer and answer.p90_s, answer and answer.within_15m,
                row.tasks_done, row.tasks_overdue,
            )
        )  # fmt: skip
    return Block(
        "consultants",
        _("Consultants"),
        _("Leads that came in the period and are theirs now; tasks due or done in the period."),
        compared(columns, rows, name=_("Won before"), kind=COUNT, before=earlier),
        empty=_("No consultant had a lead or a task in this period."),
        is_empty=not any(row.leads or row.tasks_done or row.tasks_overdue for row in now.consultants.rows),
        is_wide=True,
    )
