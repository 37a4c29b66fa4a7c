"""What became of leads: the funnel, conversion, time in each stage, reasons of losses."""

from collections import defaultdict
from typing import Any

from crm.analytics.figures_sql import CAME, ask, chosen, label_of, names_of, of_chosen, rounded
from crm.analytics.period import Period
from crm.analytics.shapes import (
    DIMENSIONS,
    Conversion,
    ConversionRow,
    Dimension,
    Filters,
    Funnel,
    FunnelStep,
    Loss,
    Losses,
    StageTime,
    StageTimes,
    share,
)
from crm.analytics.stages import OPEN, REACHED
from crm.core.clock import now
from leads.expectations import ageing
from leads.losses import loss_labels
from leads.pipeline import Status

ANY = Filters()


def funnel(period: Period, filters: Filters = ANY) -> Funnel:
    rows = ask(_FUNNEL.format(chosen=chosen(filters)), period, filters)
    leads, lost = sum(row["leads"] for row in rows), sum(row["leads"] for row in rows if row["status"] == Status.LOST)
    steps: list[FunnelStep] = []
    for place, stage in enumerate(REACHED, 1):
        reached = sum(row["leads"] for row in rows if row["furthest"] >= place)
        steps.append(
            FunnelStep(
                stage=str(stage.value),
                label=str(stage.label),
                reached=reached,
                of_all=share(reached, leads),
                of_previous=share(reached, steps[-1].reached) if steps else None,
                lost=sum(row["leads"] for row in rows if row["lost_from"] == stage),
                open=sum(row["leads"] for row in rows if row["status"] == stage and stage in OPEN),
            )
        )
    return Funnel(leads=leads, steps=tuple(steps), lost=lost, conversion=steps[-1].of_all)


_FUNNEL = f"""
SELECT furthest, status, lost_from, count(*) AS leads FROM analytics_leadfact f
WHERE {CAME} AND {{chosen}} GROUP BY 1, 2, 3
"""  # noqa: S608 - no value from outside, here and below


def conversion(period: Period, filters: Filters = ANY) -> Conversion:
    counts = ask(_COUNTS.format(chosen=chosen(filters)), period, filters)
    medians = {_cell(row): row for row in ask(_MEDIANS.format(chosen=chosen(filters)), period, filters)}
    names = names_of({row["consultant"] for row in counts if row["consultant"] is not None})
    by: dict[Dimension, list[ConversionRow]] = {dimension: [] for dimension in DIMENSIONS}
    total = _conversion_row("", "", {}, {})
    for row in counts:
        cell = dimension, key = _cell(row)
        if dimension == "total":
            total = _conversion_row("", "", row, medians.get(cell, {}))
        else:
            by[dimension].append(_conversion_row(key, label_of(dimension, key, names), row, medians.get(cell, {})))
    for rows in by.values():
        rows.sort(key=lambda row: (-row.leads, row.label))
    return Conversion(by={dimension: tuple(rows) for dimension, rows in by.items()}, total=total)


def _cell(row: dict[str, Any]) -> tuple[Any, str]:
    """Which dimension a row of grouping sets is about, and which of its values."""
    dimension = row["dimension"]
    value = None if dimension == "total" else row[dimension]
    return dimension, "" if value is None else str(value)


def _conversion_row(key: str, label: str, row: dict[str, Any], medians: dict[str, Any]) -> ConversionRow:
    counts = {name: int(row.get(name) or 0) for name in _COUNTED}
    return ConversionRow(
        key=key,
        label=label,
        **counts,
        rate=share(counts["won"], counts["leads"]),
        median_won_cents=rounded(medians.get("median_won_cents")),
        median_win_s=rounded(medians.get("median_win_s")),
    )


_COUNTED = ("leads", "contacted", "qualified", "proposal", "won", "lost", "won_cents")
_SETS = "GROUP BY GROUPING SETS ((source), (product), (uf), (consultant), ())"
_DIMENSION = """CASE grouping(source, product, uf, consultant)
    WHEN 7 THEN 'source' WHEN 11 THEN 'product' WHEN 13 THEN 'uf' WHEN 14 THEN 'consultant' ELSE 'total' END"""
# Leads alike are counted first: there are far fewer kinds of leads than leads.
_COUNTS = f"""
WITH kinds AS (
    SELECT source, product, uf, consultant_id AS consultant, count(*) AS leads,
           count(*) FILTER (WHERE furthest >= 2) AS contacted, count(*) FILTER (WHERE furthest >= 3) AS qualified,
           count(*) FILTER (WHERE furthest >= 4) AS proposal, count(*) FILTER (WHERE furthest >= 5) AS won,
           count(*) FILTER (WHERE status = 'LOST') AS lost, sum(won_cents) AS won_cents
    FROM analytics_leadfact f WHERE {CAME} AND {{chosen}} GROUP BY 1, 2, 3, 4
)
SELECT {_DIMENSION} AS dimension, source, product, uf, consultant,
       {", ".join(f"sum({name}) AS {name}" for name in _COUNTED)}
FROM kinds {_SETS}
"""  # noqa: S608
_MEDIANS = f"""
WITH won AS (
    SELECT source, product, uf, consultant_id AS consultant, won_cents::float8 AS won_cents,
           extract(epoch FROM won_at - created_at)::float8 AS win_s
    FROM analytics_leadfact f WHERE {CAME} AND won_at IS NOT NULL AND {{chosen}}
)
SELECT {_DIMENSION} AS dimension, source, product, uf, consultant,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY won_cents) AS median_won_cents,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY win_s) AS median_win_s
FROM won {_SETS}
"""  # noqa: S608


def stage_times(period: Period, filters: Filters = ANY) -> StageTimes:
    expected = {str(stage.value): ageing()[stage] for stage in OPEN}
    more = {"now": now(), "stages": list(expected), "reds": [red for _amber, red in expected.values()]}
    ended = {row["stage"]: row for row in ask(_ENDED.format(of_chosen=of_chosen(filters)), period, filters, **more)}
    resting = {row["stage"]: row for row in ask(_RESTING.format(of_chosen=of_chosen(filters)), period, filters, **more)}
    rows = []
    for stage in OPEN:
        (amber_s, red_s), stays, rest = expected[stage], ended.get(stage, {}), resting.get(stage, {})
        rows.append(
            StageTime(
                stage=str(stage.value),
                label=str(stage.label),
                stays=stays.get("stays", 0),
                median_s=rounded(stays.get("median_s")),
                p90_s=rounded(stays.get("p90_s")),
                amber_s=amber_s,
                red_s=red_s,
                beyond=share(stays.get("beyond", 0), stays.get("stays", 0)) if red_s else None,
                open=rest.get("open", 0),
                open_beyond=rest.get("open_beyond", 0),
            )
        )
    return StageTimes(rows=tuple(rows))


_EXPECTED = "SELECT * FROM unnest(%(stages)s::text[], %(reds)s::bigint[]) AS expected(stage, red)"
_ENDED = f"""
SELECT s.stage, count(*) AS stays, count(*) FILTER (WHERE s.seconds > expected.red AND expected.red > 0) AS beyond,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY s.seconds) AS median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY s.seconds) AS p90_s
FROM analytics_stay s JOIN ({_EXPECTED}) AS expected ON expected.stage = s.stage
WHERE s.left_at >= %(begins)s AND s.left_at < %(ends)s AND {{of_chosen}} GROUP BY s.stage
"""  # noqa: S608
_RESTING = f"""
SELECT s.stage, count(*) AS open,
       count(*) FILTER (WHERE expected.red > 0 AND s.entered_at < %(now)s - expected.red * interval '1 second')
           AS open_beyond
FROM analytics_stay s JOIN ({_EXPECTED}) AS expected ON expected.stage = s.stage
WHERE s.left_at IS NULL AND {{of_chosen}} GROUP BY s.stage
"""  # noqa: S608


def losses(period: Period, filters: Filters = ANY) -> Losses:
    rows = ask(_LOSSES.format(chosen=chosen(filters)), period, filters)
    total, labels = sum(row["leads"] for row in rows), loss_labels()
    reasons: dict[str, dict[str, int]] = defaultdict(dict)
    products: dict[str, int] = defaultdict(int)
    for row in rows:
        reasons[row["lost_reason"]][row["product"]] = row["leads"]
        products[row["product"]] += row["leads"]
    found = [
        Loss(code, str(labels.get(code, code or "–")), sum(each.values()), share(sum(each.values()), total), each)
        for code, each in reasons.items()
    ]
    found.sort(key=lambda loss: (-loss.count, loss.label))
    most = sorted(products, key=lambda code: (-products[code], code))
    return Losses(total, tuple(found), tuple((code, label_of("product", code, {})) for code in most))


_LOSSES = """
SELECT lost_reason, product, count(*) AS leads FROM analytics_leadfact f
WHERE f.lost_at >= %(begins)s AND f.lost_at < %(ends)s AND {chosen} GROUP BY 1, 2
"""
