"""What was written when, and what Lívia did and cost."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from agent.words import GUARD, KINDS, said
from crm.analytics.figures_sql import CAME, ask, chosen, of_chosen
from crm.analytics.period import Period
from crm.analytics.shapes import Filters, HourCell, Hours, HourWait, Livia, ModelCost, Part, share

ANY = Filters()
_WRITERS = ("client", "livia", "person", "system")


def livia(period: Period, filters: Filters = ANY) -> Livia:
    of = of_chosen(filters)
    costs = ask(_TURNS.format(table="turnday" if filters.any else "turntotal", of_chosen=of), period, filters)
    refusals = ask(_REFUSALS.format(of_chosen=of), period, filters)
    met = ask(_MET.format(chosen=chosen(filters)), period, filters)[0]
    voice = ask(_VOICE.format(table=_talk(filters), of_chosen=of), period, filters)[0]
    kinds = {code: sum(row[f"by_{code}"] for row in costs) for code in KINDS}
    turns = sum(kinds.values())
    priced = [row["usd"] for row in costs if row["usd"] is not None]
    return Livia(
        turns=turns,
        kinds=_parts(list(kinds.items()), turns, KINDS),
        fallback=share(kinds["rules"] + kinds["default"], turns),
        **met,
        share=share(met["alone"], met["met"]),
        refused_turns=sum(row["refused"] for row in costs),
        refusals=_parts([(row["code"], row["times"]) for row in refusals], sum(r["times"] for r in refusals), GUARD),
        costs=tuple(_cost(row) for row in costs if row["model"]),
        cost_usd=sum(priced, Decimal(0)) if priced else None,
        unpriced=tuple(row["model"] for row in costs if row["unpriced_turns"]),
        **voice,
    )


def _talk(filters: Filters) -> str:
    """Sums over all leads are kept; over some they are made."""
    return "talkhour" if filters.any else "talktotal"


def _parts(counts: Sequence[tuple[str, int]], whole: int, words: dict[str, Any]) -> tuple[Part, ...]:
    return tuple(Part(code, said(words, code), count, share(count, whole)) for code, count in counts)


def _cost(row: dict[str, Any]) -> ModelCost:
    names = ("model", "turns", "tokens_in", "tokens_cached", "tokens_out", "usd", "unpriced_turns")
    return ModelCost(**{name: row[name] for name in names})


# Prices change by the day: tokens are summed by day and model before they are priced. What cost no tokens needs none.
_TURNS = """
WITH days AS (
    SELECT day, model, sum(turns) AS turns, sum(by_model) AS by_model, sum(repaired) AS repaired,
           sum(by_rules) AS by_rules, sum(by_default) AS by_default, sum(refused) AS refused,
           sum(tokens_in) AS tokens_in, sum(tokens_cached) AS tokens_cached, sum(tokens_out) AS tokens_out,
           sum(paid) AS paid_turns
    FROM analytics_{table} WHERE day >= %(first)s AND day <= %(last)s AND {of_chosen} GROUP BY day, model
)
SELECT days.model, sum(turns)::bigint AS turns, sum(by_model)::bigint AS by_model,
       sum(repaired)::bigint AS by_repaired, sum(by_rules)::bigint AS by_rules, sum(by_default)::bigint AS by_default,
       sum(refused)::bigint AS refused, sum(tokens_in)::bigint AS tokens_in,
       sum(tokens_cached)::bigint AS tokens_cached, sum(tokens_out)::bigint AS tokens_out,
       sum((tokens_in * price.input_usd + tokens_cached * price.cached_usd + tokens_out * price.output_usd)
           / 1000000) FILTER (WHERE paid_turns > 0) AS usd,
       coalesce(sum(paid_turns) FILTER (WHERE price.model IS NULL), 0)::bigint AS unpriced_turns
FROM days LEFT JOIN LATERAL (
    SELECT * FROM agent_modelprice p WHERE p.model = days.model AND p.effective_from <= days.day
    ORDER BY p.effective_from DESC LIMIT 1
) AS price ON TRUE
GROUP BY days.model ORDER BY 2 DESC, 1
"""
_REFUSALS = """
SELECT code, sum(times)::bigint AS times FROM analytics_refusalday
WHERE day >= %(first)s AND day <= %(last)s AND {of_chosen} GROUP BY 1 ORDER BY 2 DESC, 1
"""
_MET = f"""
SELECT count(*) AS met, count(*) FILTER (WHERE person_at IS NULL AND handed_over_at IS NULL) AS alone,
       count(*) FILTER (WHERE handed_over_at IS NOT NULL) AS handed_over
FROM analytics_leadfact f WHERE {CAME} AND livia_at IS NOT NULL AND {{chosen}}
"""  # noqa: S608 - no value from outside
_VOICE = """
SELECT coalesce(sum(heard), 0)::bigint AS heard, coalesce(sum(unheard), 0)::bigint AS unheard FROM analytics_{table}
WHERE day >= %(first)s AND day <= %(last)s AND (heard > 0 OR unheard > 0) AND {of_chosen}
"""


def hours(period: Period, filters: Filters = ANY) -> Hours:
    found = ask(_HOURS.format(table=_talk(filters), of_chosen=of_chosen(filters)), period, filters)
    rows = {(row["weekday"], row["hour"]): row for row in found}
    empty = dict.fromkeys(_WRITERS, 0)
    cells = tuple(
        HourCell(weekday=weekday, hour=hour, **{name: rows.get((weekday, hour), empty)[name] for name in _WRITERS})
        for weekday in range(7)
        for hour in range(24)
    )
    waits = tuple(_wait(hour, [row for (_weekday, of), row in rows.items() if of == hour]) for hour in range(24))
    totals = {name: sum(getattr(cell, name) for cell in cells) for name in _WRITERS}
    return Hours(cells=cells, waits=waits, **totals)


def _wait(hour: int, rows: Sequence[dict[str, Any]]) -> HourWait:
    waits = sum(row["waits"] for row in rows)
    waited_s = sum(row["waited_s"] for row in rows)
    return HourWait(
        hour=hour,
        waits=waits,
        mean_s=round(waited_s / waits) if waits else None,
        within_5m=share(sum(row["waits_5m"] for row in rows), waits),
        within_60m=share(sum(row["waits_60m"] for row in rows), waits),
    )


_HOURS = """
SELECT extract(isodow FROM day)::int - 1 AS weekday, hour, sum(client)::bigint AS client, sum(livia)::bigint AS livia,
       sum(person)::bigint AS person, sum(system)::bigint AS system, sum(waits)::bigint AS waits,
       sum(waited_s)::bigint AS waited_s, sum(waits_5m)::bigint AS waits_5m, sum(waits_60m)::bigint AS waits_60m
FROM analytics_{table} WHERE day >= %(first)s AND day <= %(last)s AND {of_chosen} GROUP BY 1, 2
"""
