"""Hourly reports: how the installation did."""

import csv

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.accounts.permissions import manager_required
from crm.core.numbers import whole
from crm.monitoring.report_page import FIGURES, IN_LIST, charts, filed, hour_words, losses, recommendations
from crm.monitoring.report_selectors import SPANS, Span, alerts_of, neighbours, report_get, reports_of

PAGE_SIZE = 24


@manager_required
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """The last day or week: charts, and the hours as a table."""
    span = Span.read(request.GET.get("span", ""))
    page = Paginator(reports_of(span), PAGE_SIZE).get_page(whole(request.GET.get("page")) or 1)
    latest = reports_of(span).first()  # whichever page is open
    context = {
        "span": span,
        "spans": SPANS,
        "page": page,
        "figures": IN_LIST,
        "rows": [
            (report, hour_words(report), [(figure, figure.said(report)) for figure in IN_LIST]) for report in page
        ],
        "latest": latest,
        "latest_hour": hour_words(latest) if latest else "",
        "charts": charts(span),
    }
    return render(request, "monitoring/reports.html", context)


@manager_required
@require_GET
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    """One hour: its figures, what it lost, what to do, and what stood then."""
    row = report_get(report_id)
    before, after = neighbours(row)
    context = {
        "report": row,
        "hour": hour_words(row),
        "figures": [(figure.label, figure.said(row)) for figure in FIGURES],
        "losses": losses(row),
        "advice": recommendations(row),
        "alerts": alerts_of(row),
        "before": before,
        "after": after,
    }
    return render(request, "monitoring/report.html", context)


@manager_required
@require_GET
def reports_file(request: HttpRequest) -> HttpResponse:
    """The same hours for a spreadsheet."""
    span = Span.read(request.GET.get("span", ""))
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")  # Excel takes the mark as UTF-8
    response["Content-Disposition"] = f'attachment; filename="reports-{span.code}.csv"'
    csv.writer(response, delimiter=";").writerows(filed(reports_of(span)))
    return response
