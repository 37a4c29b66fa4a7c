"""The figures of the page. Each takes a period and filters; to compare, ask again for `period.previous`."""

from crm.analytics.figures_leads import conversion, funnel, losses, stage_times
from crm.analytics.figures_people import consultants, response
from crm.analytics.figures_sql import ask, chosen
from crm.analytics.figures_talk import hours, livia
from crm.analytics.period import Period
from crm.analytics.shapes import Figures, Filters, Funnel, Headline, Livia, Response

__all__ = [
    "consultants",
    "conversion",
    "everything",
    "funnel",
    "headline",
    "hours",
    "livia",
    "losses",
    "response",
    "stage_times",
]
ANY = Filters()


def everything(period: Period, filters: Filters = ANY) -> Figures:
    """Every block at once, in a constant number of queries."""
    came, answers, hers = funnel(period, filters), response(period, filters), livia(period, filters)
    split = conversion(period, filters)
    return Figures(
        period=period,
        headline=_headline(period, filters, came, answers, hers),
        funnel=came,
        conversion=split,
        response=answers,
        stage_times=stage_times(period, filters),
        losses=losses(period, filters),
        livia=hers,
        hours=hours(period, filters),
        consultants=consultants(period, filters, answers=answers, came=split),
    )


def headline(period: Period, filters: Filters = ANY) -> Headline:
    return _headline(period, filters, funnel(period, filters), response(period, filters), livia(period, filters))


def _headline(period: Period, filters: Filters, came: Funnel, answers: Response, hers: Livia) -> Headline:
    closed = ask(_CLOSED.format(chosen=chosen(filters)), period, filters)[0]
    return Headline(
        leads=came.leads,
        **closed,
        conversion=came.conversion,
        response_median_s=answers.median_s,
        livia_share=hers.share,
        cost_usd=hers.cost_usd,
        unpriced=bool(hers.unpriced),
    )


_CLOSED = """
SELECT count(won_at) FILTER (WHERE won_at >= %(begins)s AND won_at < %(ends)s) AS won,
       coalesce(sum(won_cents) FILTER (WHERE won_at >= %(begins)s AND won_at < %(ends)s), 0)::bigint AS won_cents,
       count(lost_at) FILTER (WHERE lost_at >= %(begins)s AND lost_at < %(ends)s) AS lost
FROM analytics_leadfact f
WHERE (won_at >= %(begins)s AND won_at < %(ends)s OR lost_at >= %(begins)s AND lost_at < %(ends)s) AND {chosen}
"""
