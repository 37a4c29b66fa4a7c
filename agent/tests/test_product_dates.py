"""Terms that begin on a day: the calendar brings them into force, at midnight, and nothing else does."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from agent import catalogue
from agent.models import ProductVersion
from agent.tests.test_admin import ADD, form

SAO_PAULO = ZoneInfo("America/Sao_Paulo")


@pytest.fixture
def office(bruno, browse):
    return browse(bruno)


@pytest.fixture
def at(monkeypatch):
    """Puts the product's clock to a local moment: `at(2030, 6, 1, 23, 59)`."""

    def put(*moment: int) -> None:
        monkeypatch.setattr(catalogue, "now", lambda: datetime(*moment, tzinfo=SAO_PAULO))

    return put


def rate(code: str = "home_equity") -> Decimal | None:
    return catalogue.in_force().products[code].rate_month


def plan(office, percent: str, day: date | None) -> list[str]:
    """Save new terms; what the page says of it."""
    values = form(office, rate_month=percent, effective_from=f"{day:%d/%m/%Y}" if day else "")
    answer = office.post(reverse(ADD), values, follow=True)
    assert answer.status_code == 200 and not answer.context.get("errors"), answer.context["errors"]
    return [str(message) for message in answer.context["messages"]]


def test_terms_begin_at_the_midnight_of_their_day(office, at):
    plan(office, "1,29", catalogue.today() + timedelta(days=30))
    plan(office, "1,39", catalogue.today() + timedelta(days=60))
    first, second = (catalogue.today() + timedelta(days=days) for days in (30, 60))
    assert rate() == Decimal("0.0119")
    at(*(first - timedelta(days=1)).timetuple()[:3], 23, 59)
    assert rate() == Decimal("0.0119")
    at(*first.timetuple()[:3], 0, 0)  # nothing was written since: midnight alone turned it
    assert rate() == Decimal("0.0129")
    at(*second.timetuple()[:3], 12, 0)
    assert rate() == Decimal("0.0139")


def test_terms_written_meanwhile_hold_until_the_planned_day(office, at):
    day = catalogue.today() + timedelta(days=10)
    plan(office, "1,29", day)
    assert any("2" in sentence and f"{day:%d/%m/%Y}" in sentence for sentence in plan(office, "1,25", None))
    assert rate() == Decimal("0.0125")
    at(*day.timetuple()[:3], 9, 0)
    assert rate() == Decimal("0.0129")


def test_of_two_versions_of_one_day_the_later_written_counts_and_the_manager_is_told(office, at):
    day = catalogue.today() + timedelta(days=10)
    plan(office, "1,29", day)
    assert any("2" in sentence for sentence in plan(office, "1,35", day))
    rows = office.get(reverse("admin:agent_productversion_changelist")).context["cl"].result_list
    assert {row.version for row in rows if row.is_to_come} == {3}
    at(*day.timetuple()[:3], 9, 0)
    assert rate() == Decimal("0.0135")


@pytest.mark.parametrize("days", [-1, 4000])
def test_a_day_that_is_over_or_too_far_is_refused_with_a_sentence(office, days):
    day = catalogue.today() + timedelta(days=days)
    answer = office.post(reverse(ADD), form(office, rate_month="1,29", effective_from=f"{day:%d/%m/%Y}"))
    assert "effective_from" in answer.context["adminform"].form.errors
    assert ProductVersion.objects.filter(code="home_equity").count() == 1


def test_no_version_has_words_for_a_number(office):
    assert office.get(reverse("admin:agent_productversion_change", args=["abc"])).status_code == 404


def test_the_list_says_what_is_in_force_and_what_comes_when(office):
    day = catalogue.today() + timedelta(days=10)
    plan(office, "1,29", day)
    page = office.get(reverse("admin:agent_productversion_changelist")).content.decode()
    assert f"{day:%d/%m/%Y}" in page
    rows = office.get(reverse("admin:agent_productversion_changelist")).context["cl"].result_list
    marks = {row.version: (row.is_current, bool(row.is_to_come)) for row in rows if row.code == "home_equity"}
    assert marks == {1: (True, False), 2: (False, True)}
