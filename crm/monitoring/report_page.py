"""What the pages of hourly reports show, in words."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from crm.core.cells import safe
from crm.monitoring.advice import SENTENCES
from crm.monitoring.models import Band, Report
from crm.monitoring.report_charts import Axis, Chart, binned, chart
from crm.monitoring.report_selectors import Span, scores, series
from crm.monitoring.reports import HOUR
from crm.monitoring.scoring import band_of
from crm.monitoring.thresholds import in_words

NOTHING = "–"
TONES = {Band.EXCELLENT: "", Band.GOOD: "", Band.FAIR: "dots", Band.POOR: "lost"}
LOST = {
    "response": gettext_lazy("Slow answers"),
    "errors": gettext_lazy("Errors"),
    "cpu": gettext_lazy("A busy processor"),
    "memory": gettext_lazy("Scarce memory"),
    "cache": gettext_lazy("A cache that answers well"),
}


@dataclass(frozen=True)
class Figure:
    """One of a report's figures; `unit` stands behind it, `in_list` says whether the list of hours shows it too."""

    name: str
    label: Any
    unit: str = ""
    in_list: bool = False

    def said(self, report: Report) -> str:
        return said(report.figures.get(self.name), self.unit)


FIGURES = (
    Figure("received", gettext_lazy("Messages received"), in_list=True),
    Figure("answered", gettext_lazy("Answered by Lívia"), in_list=True),
    Figure("response_s", gettext_lazy("Answer after"), " s", in_list=True),
    Figure("waited_s", gettext_lazy("Wait with the pauses that are meant"), " s"),
    Figure("model_s", gettext_lazy("Language model"), " s", in_list=True),
    Figure("error_percent", gettext_lazy("Errors"), "%", in_list=True),
    Figure("cpu_percent", gettext_lazy("Processor"), "%", in_list=True),
    Figure("cpu_highest", gettext_lazy("Processor, highest"), "%"),
    Figure("memory_percent", gettext_lazy("Memory"), "%", in_list=True),
    Figure("memory_highest", gettext_lazy("Memory, highest"), "%"),
    Figure("disk_percent", gettext_lazy("Disk"), "%"),
    Figure("cache_percent", gettext_lazy("Answered by the cache"), "%"),
    Figure("queue", pgettext_lazy("work", "Waiting, highest"), in_list=True),
    Figure("db_connections", gettext_lazy("Database connections, highest")),
    Figure("minutes", gettext_lazy("Minutes measured")),
)
IN_LIST = tuple(figure for figure in FIGURES if figure.in_list)


def said(value: float | None, unit: str = "") -> str:
    return NOTHING if value is None else in_words(value) + unit


def hour_words(report: Report) -> str:
    """`21/11/2026, 14h–15h`, in the installation's time."""
    begins, ends = timezone.localtime(report.hour), timezone.localtime(report.hour + HOUR)
    return f"{date_format(begins, 'd/m/Y')}, {begins:%H}h–{ends:%H}h"


def losses(report: Report) -> list[tuple[str, str]]:
    """What cost or gained how many points: `−20`, `+5`."""
    return [
        (str(LOST.get(reason, reason)), f"−{points}" if points > 0 else f"+{-points}") for reason, points in report.lost
    ]


def recommendations(report: Report) -> list[Any]:
    return [SENTENCES[code] for code in report.advice if code in SENTENCES]


def charts(span: Span) -> list[Chart]:
    """The score and what it is made of; none where nothing was measured."""
    measured = series(span)
    axis = Axis(span.begins, span.step, span.steps, partial(_named, span), partial(_marked, span))

    def measured_chart(name: str, title: Any, unit: str, limit: float, full: float = 0) -> Chart:
        return chart(
            axis, binned(measured[name]), lambda value: said(round(value, 2), unit), code=name, title=title, full=full,
            limit=limit, limit_name=_("limit: %(value)s") % {"value": said(limit, unit)},
            tone=lambda value: "lost" if value > limit else "",
        )  # fmt: skip

    points = chart(
        axis, binned(scores(span)), lambda value: in_words(round(value)), code="score", title=_("Score"), full=100,
        tone=lambda value: TONES[band_of(round(value))],
    )  # fmt: skip
    found = [
        points,
        measured_chart("response_s", _("Answer after"), " s", settings.ALERT_RESPONSE_SECONDS),
        measured_chart("error_percent", _("Errors"), "%", settings.ALERT_ERROR_PERCENT),
        measured_chart("queue", pgettext("work", "Waiting, highest"), "", settings.ALERT_QUEUE),
        measured_chart("cpu_percent", _("Processor"), "%", settings.ALERT_CPU_PERCENT, full=100),
        measured_chart("memory_percent", _("Memory"), "%", settings.ALERT_MEMORY_PERCENT, full=100),
    ]
    return found if any(one.latest for one in found) else []


def _named(span: Span, at: datetime) -> str:
    begins, ends = timezone.localtime(at), timezone.localtime(at + span.step)
    return f"{date_format(begins, 'd/m')} {begins:%H}h–{ends:%H}h"


def _marked(span: Span, at: datetime) -> str:
    """Every six hours, or the beginning of each day."""
    local = timezone.localtime(at)
    if span.code == "day":
        return f"{local:%H}h" if local.hour % 6 == 0 else ""
    return date_format(local, "d/m") if local.hour < span.step / HOUR else ""


def filed(reports: Iterable[Report]) -> Iterable[list[str]]:
    """Rows for a spreadsheet, the names of the columns first."""
    columns: list[tuple[Any, Callable[[Report], Any]]] = [
        (_("Hour"), lambda report: date_format(timezone.localtime(report.hour), "d/m/Y H:i")),
        (_("Score"), lambda report: report.score),
        (_("Health"), lambda report: report.get_band_display()),
        *((f"{figure.label}{_unit(figure)}", partial(_plain, figure)) for figure in FIGURES),
    ]
    yield [str(safe(str(name))) for name, _cell in columns]
    for report in reports:
        yield [str(safe(str(cell(report)))) for _name, cell in columns]


def _unit(figure: Figure) -> str:
    return f" ({figure.unit.strip()})" if figure.unit else ""


def _plain(figure: Figure, report: Report) -> str:
    value = report.figures.get(figure.name)
    return "" if value is None else str(value).replace(".", ",")
