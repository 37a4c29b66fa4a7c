"""An hour that was measured becomes a report: its score, what it lost, what to do."""

from datetime import timedelta

import pytest
from django.urls import reverse

from agent.turns import turn_run
from crm.accounts.models import User
from crm.alerts.models import Level
from crm.alerts.services import alert_clear, alert_raise
from crm.core.clock import now
from crm.monitoring import report_views
from crm.monitoring.models import Band, Report, Sample
from crm.monitoring.report_page import hour_words
from crm.monitoring.report_tasks import forget, report
from crm.monitoring.reports import HOUR, reports_write
from crm.monitoring.scoring import score

pytestmark = pytest.mark.django_db

WELL = {"response_s": 2.0, "error_percent": 2.0, "cpu_percent": 80.0, "memory_percent": 85.0, "cache_percent": 80.0}


@pytest.mark.parametrize(
    ("changes", "points", "band", "lost"),
    [
        ({}, 100, "excellent", []),
        ({"response_s": 2.1}, 90, "excellent", [("response", 10)]),
        ({"response_s": 3.1}, 80, "good", [("response", 20)]),
        ({"error_percent": 2.1}, 85, "good", [("errors", 15)]),
        ({"error_percent": 5.1}, 70, "fair", [("errors", 30)]),
        ({"cpu_percent": 80.1}, 85, "good", [("cpu", 15)]),
        ({"memory_percent": 85.1}, 80, "good", [("memory", 20)]),
        ({"cache_percent": 80.1}, 100, "excellent", []),  # there is nothing above a hundred
        ({"memory_percent": 85.1, "cache_percent": 80.1}, 85, "good", [("memory", 20), ("cache", -5)]),
        ({"response_s": 9, "error_percent": 9, "cpu_percent": 90}, 35, "poor", [
            ("response", 20), ("errors", 30), ("cpu", 15),
        ]),
        (dict.fromkeys(WELL), 100, "excellent", []),  # what was not measured costs nothing
    ],
)  # fmt: skip
def test_the_score_is_a_hundred_less_what_the_figures_cost(changes, points, band, lost):
    found = score({**WELL, **changes})
    assert (found.points, found.band, found.lost) == (points, band, lost)


def hour_ago(hours: int = 1):
    return now().replace(minute=0, second=0, microsecond=0) - HOUR * hours


def measured(hour, minutes: int = 60, **figures: object) -> None:
    values = {"response_s": 6.0, "cpu_percent": 91.0, "memory_percent": 40.0, "queue": 3, "data": {"waits": 2}}
    Sample.objects.bulk_create(
        Sample(at=hour + timedelta(minutes=minute), **{**values, **figures}) for minute in range(minutes)
    )


def test_every_hour_that_was_measured_gets_one_report_also_those_missed(says):
    for hours in (30, 3, 1):
        measured(hour_ago(hours))
    measured(hour_ago(0), minutes=1)  # not over yet
    assert reports_write() == 3 and reports_write() == 0
    assert set(Report.objects.values_list("hour", flat=True)) == {hour_ago(hours) for hours in (30, 3, 1)}
    row = Report.objects.first()
    assert (row.score, row.band) == (65, Band.FAIR) and row.lost == [["response", 20], ["cpu", 15]]
    assert row.advice == ["more_workers", "cpu"] and row.figures["minutes"] == 60


def test_answers_weigh_by_how_many_there_were_and_messages_are_counted_from_their_rows(says):
    heard = says("oi")
    turn_run(conversation_id=heard.conversation_id)
    heard.conversation.messages.update(created_at=hour_ago() + timedelta(minutes=5))
    measured(hour_ago(), minutes=1, response_s=10, data={"waits": 1, "work": {"turns": [1, 1]}})
    more = {"waits": 9, "work": {"turns": [0, 9], "messages": [3, 10]}}
    Sample.objects.create(at=hour_ago() + timedelta(minutes=1), response_s=2, data=more)
    report()
    row = Report.objects.get()
    assert [row.figures[name] for name in ("received", "response_s", "error_percent")] == [1, 2.8, 30]
    assert row.advice == ["more_workers", "messages", "cpu", "gaps"]


def test_old_measurements_and_reports_go(settings):
    settings.SAMPLE_KEEP_DAYS, settings.REPORT_KEEP_DAYS = 1, 2
    for hours in (72, 36, 2):
        measured(hour_ago(hours), minutes=1)
    assert reports_write() == 2  # one is older than reports are kept
    forget()
    assert Sample.objects.count() == 1 and Report.objects.count() == 2 and reports_write() == 0


def test_older_pages_too_name_the_latest_hour(bruno: User, browse, monkeypatch):
    monkeypatch.setattr(report_views, "PAGE_SIZE", 1)
    measured(hour_ago(3), minutes=120)
    reports_write()
    latest, older = Report.objects.order_by("-hour")
    shown = browse(bruno).get(reverse("monitoring:reports"), {"page": 2}).text
    assert shown.index(hour_words(latest)) < shown.index(hour_words(older))


def test_managers_read_the_hours_and_what_to_do(bruno: User, browse):
    page = browse(bruno)
    empty = page.get(reverse("monitoring:reports"))
    assert "Nada foi medido ainda" in empty.text or "Nothing was measured yet" in empty.text
    alert_raise(code="load_cpu", level=Level.WARNING, title="Fan broken", data={})
    alert_clear(code="load_cpu")
    measured(now().replace(second=0, microsecond=0) - 2 * HOUR, minutes=100)
    reports_write()
    for span in ("day", "week", "nonsense"):
        shown = page.get(reverse("monitoring:reports"), {"span": span, "page": "x"})
        assert shown.status_code == 200 and shown.text.count('class="block report-chart"') == 6
    row = Report.objects.latest("hour")
    assert shown.text.count(reverse("monitoring:report", args=[row.pk])) >= 1
    Report.objects.filter(pk=row.pk).update(hour=hour_ago(0))
    detail = page.get(reverse("monitoring:report", args=[row.pk])).text
    assert "−20" in detail and "Fan broken" in detail
    assert page.get(reverse("monitoring:report", args=[10**6])).status_code == 404
    lines = page.get(reverse("monitoring:reports_file")).text.splitlines()
    assert len(lines) == 1 + Report.objects.count() and ";6,0;" in lines[1]
