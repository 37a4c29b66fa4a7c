"""How soon people answer, and what each consultant has done."""

from typing import Any

from django.db.models import Q

from crm.accounts.models import User
from crm.analytics.figures_leads import conversion
from crm.analytics.figures_sql import CAME, ask, chosen, label_of, names_of, of_chosen, rounded
from crm.analytics.period import Period
from crm.analytics.shapes import (
    Bucket,
    ConsultantRow,
    Consultants,
    Conversion,
    ConversionRow,
    Filters,
    Response,
    ResponseRow,
    share,
)
from crm.core.clock import now

ANY = Filters()
_BUCKETS = (300, 900, 3600, 4 * 3600)  # seconds


def response(period: Period, filters: Filters = ANY) -> Response:
    among = chosen(filters)
    whole = ask(_RESPONSE.format(key="", keys="", more=_WHOLE, chosen=among), period, filters)[0]
    each = ask(_RESPONSE.format(key="consultant_id, ", keys="GROUP BY 1", more="", chosen=among), period, filters)
    names = names_of({row["consultant_id"] for row in each if row["consultant_id"] is not None})
    answered = whole["answered"]
    people = [_response_row(row, names) for row in each]
    return Response(
        **{name: whole[name] for name in ("asked", "answered", "with_livia")},
        waiting=whole["asked"] - answered - whole["with_livia"],
        median_s=rounded(whole["median_s"]),
        p90_s=rounded(whole["p90_s"]),
        wall_median_s=rounded(whole["wall_median_s"]),
        within_5m=share(whole["in_300"], answered),
        within_15m=share(whole["in_900"], answered),
        within_60m=share(whole["in_3600"], answered),
        buckets=_buckets(whole),
        consultants=tuple(sorted(people, key=lambda row: (-row.asked, row.label))),
    )


def _response_row(row: dict[str, Any], names: dict[int, str]) -> ResponseRow:
    key = str(row["consultant_id"] or "")
    return ResponseRow(
        key=key,
        label=label_of("consultant", key, names),
        asked=row["asked"],
        answered=row["answered"],
        median_s=rounded(row["median_s"]),
        p90_s=rounded(row["p90_s"]),
        within_15m=share(row["in_900"], row["answered"]),
    )


def _buckets(row: dict[str, Any]) -> tuple[Bucket, ...]:
    upto = [*(row[f"in_{limit}"] for limit in _BUCKETS), row["answered"]]
    counts = [count - before for count, before in zip(upto, [0, *upto], strict=False)]
    limits = (*_BUCKETS, None)
    return tuple(
        Bucket(limit, count, share(count, row["answered"])) for limit, count in zip(limits, counts, strict=True)
    )


_RESPONSE = f"""
SELECT {{key}} count(*) AS asked, count(response_s) AS answered,
       count(*) FILTER (WHERE response_s IS NULL AND with_livia) AS with_livia,
       {", ".join(f"count(*) FILTER (WHERE response_s <= {limit}) AS in_{limit}" for limit in _BUCKETS)},
       percentile_cont(0.5) WITHIN GROUP (ORDER BY response_s) AS median_s,
       percentile_cont(0.9) WITHIN GROUP (ORDER BY response_s) AS p90_s {{more}}
FROM analytics_leadfact f WHERE {CAME} AND clock_at IS NOT NULL AND {{chosen}} {{keys}}
"""  # noqa: S608 - no value from outside, here and below
_WHOLE = ", percentile_cont(0.5) WITHIN GROUP (ORDER BY wall_s) AS wall_median_s"


def consultants(
    period: Period, filters: Filters = ANY, *, answers: Response | None = None, came: Conversion | None = None
) -> Consultants:
    """`answers` and `came` are those of the same period and filters, where they are known already."""
    medians = {row.key: row.median_s for row in (answers or response(period, filters)).consultants}
    leads = {row.key: row for row in (came or conversion(period, filters)).by["consultant"]}
    query = _TASKS.format(of_chosen=of_chosen(filters, "task.lead_id"))
    tasks = {str(row["consultant_id"] or ""): row for row in ask(query, period, filters, now=now())}
    names = _names({int(key) for key in {*leads, *tasks} if key})
    wanted = {*map(str, names), *({""} & {*leads, *tasks})}
    if filters.consultant_id is not None:
        wanted &= {str(filters.consultant_id or "")}
    rows = [_consultant_row(key, leads.get(key), tasks.get(key, {}), names, medians.get(key)) for key in wanted]
    return Consultants(rows=tuple(sorted(rows, key=lambda row: (not row.key, -row.leads, row.label))))


def _names(consultant_ids: set[int]) -> dict[int, str]:
    """Also of those to whom nothing happened."""
    wanted = Q(pk__in=consultant_ids) | Q(consultant__isnull=False, is_active=True)
    return {user.pk: str(user) for user in User.objects.filter(wanted).only("name", "email")}


def _consultant_row(
    key: str, row: ConversionRow | None, tasks: dict[str, Any], names: dict[int, str], median_s: int | None
) -> ConsultantRow:
    counts = {name: getattr(row, name) if row else 0 for name in ("leads", "contacted", "won", "lost", "won_cents")}
    return ConsultantRow(
        key=key,
        label=label_of("consultant", key, names),
        open=counts["leads"] - counts["won"] - counts["lost"],
        **counts,
        rate=row.rate if row else None,
        response_median_s=median_s,
        tasks_done=tasks.get("done", 0),
        tasks_overdue=tasks.get("overdue", 0),
    )


# A task of nobody is the lead's consultant's. Tasks are read as they are: there are few, and what is overdue depends on
# the moment.
_TASKS = """
SELECT coalesce(task.owner_id, (SELECT consultant_id FROM leads_lead WHERE id = task.lead_id)) AS consultant_id,
       count(*) FILTER (WHERE task.state = 'done' AND task.closed_at >= %(begins)s AND task.closed_at < %(ends)s)
           AS done,
       count(*) FILTER (WHERE task.state = 'open' AND task.due_at >= %(begins)s AND task.due_at < %(ends)s
           AND task.due_at < %(now)s) AS overdue
FROM leads_task task
WHERE (task.closed_at >= %(begins)s AND task.closed_at < %(ends)s OR task.state = 'open'
       AND task.due_at >= %(begins)s AND task.due_at < %(ends)s) AND {of_chosen}
GROUP BY 1
"""
