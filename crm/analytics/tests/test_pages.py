"""The page of figures: what it shows, for whom, and what it makes of an address that makes no sense."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from crm.accounts.models import User
from crm.analytics import words
from crm.analytics.page import BLOCKS, TEAM_ONLY
from crm.analytics.services import figures_go_on, figures_rebuild
from crm.analytics.tiles import changed
from leads.actors import person
from leads.models import Consultant, Lead
from leads.moves import lead_move

PAGE = "/analytics/"
NOON = timezone.make_aware(timezone.datetime(2026, 11, 18, 12))  # a Wednesday
FLAT = {ord("\u00a0"): " ", ord("\u202f"): " "}


@pytest.fixture(autouse=True)
def in_english(settings) -> None:
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def sold(new_lead: Callable[..., Lead], ana: User, caio: User, bruno: User) -> list[Lead]:
    """Today four leads, two of them Ana's: one won for R$ 1,500, one lost to the rate. Forty days ago there was one."""
    with time_machine.travel(NOON - timedelta(days=40)):
        new_lead(owner=caio)
    with time_machine.travel(NOON, tick=False):
        leads = [new_lead(owner=owner, product="home_equity", uf="SP") for owner in (ana, ana, caio, None)]
        for status in ("CONTACTED", "PROPOSAL"):
            moved(leads[0], status, bruno)
        moved(leads[0], "WON", bruno, won_amount=150_000)
        moved(leads[1], "LOST", bruno, lost_reason="rate")
        figures_rebuild()
        yield leads


def moved(lead: Lead, to: str, actor: User, **options: object) -> None:
    lead.refresh_from_db()
    lead_move(lead_id=lead.pk, to=to, version=lead.version, actor=person(actor), **options)


def text_of(client: Client, address: str = PAGE) -> str:
    """What a person reads, on one line."""
    answer = client.get(address)
    assert answer.status_code == 200
    main = re.search(r"<main.*?</main>", answer.content.decode(), re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).translate(FLAT).split())


def file_of(client: Client, block: str, query: str = "") -> list[list[str]]:
    answer = client.get(f"{PAGE}{block}.csv{query}")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_the_headline_says_what_happened_and_what_had_happened_before(browse, bruno: User, sold: list[Lead]) -> None:
    text = text_of(browse(bruno))
    assert "20/10 – 18/11/2026 compared with 20/09 – 19/10/2026" in text
    assert "as of 12:00" in text
    assert "New leads 4 ▲ 300% more before: 1" in text
    assert "Leads won 1 ▲ more before: 0" in text
    assert "Amount won R$ 1,5 mil" in text
    assert "Conversion 25% ▲ 25 points more before: 0%" in text


def test_without_comparing_nothing_is_said_of_before(browse, bruno: User, sold: list[Lead]) -> None:
    text = text_of(browse(bruno), f"{PAGE}?compare=0")
    assert "compared with" not in text and "before:" not in text and "Won before" not in text


def test_every_block_has_a_chart_with_words_a_table_and_a_file_that_say_the_same(
    browse, bruno: User, sold: list[Lead]
) -> None:
    client = browse(bruno)
    page = client.get(PAGE).content.decode()
    for code in BLOCKS:
        part = re.search(rf'<section id="block-{code}".*?</section>', page, re.DOTALL)[0]
        if "empty-state" in part:  # nobody wrote
            assert code in {"response", "livia", "models", "hours"}
            continue
        for chart in re.findall(r'<svg class="graph.*?</svg>', part, re.DOTALL):
            assert re.search(r'role="img" aria-label="[^"]+">\s*<title>[^<]+</title>\s*<desc>[^<]+</desc>', chart)
        heads = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', part)
        filed = file_of(client, code)
        assert [re.sub(r" \((min|R\$|US\$)\)$", "", head) for head in filed[0]] == heads
        assert [row[0] for row in filed[1:]] == re.findall(r'<th scope="row">(.*?)</th>', part)
    assert "style=" not in page.partition("<main")[2].partition("</main>")[0]  # the policy forbids it


def test_a_file_opens_in_a_brazilian_spreadsheet_with_a_double_click(browse, bruno: User, sold: list[Lead]) -> None:
    rows = file_of(browse(bruno), "conversion", "?by=consultant&compare=0")
    assert rows[0][:2] == ["Consultant", "Leads"]
    by_name = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert by_name["Ana Clara"]["Amount won (R$)"] == "1500,00"
    assert by_name["Ana Clara"]["Conversion"] == "50,0%"
    assert by_name["In all"]["Leads"] == "4"
    assert file_of(browse(bruno), "losses")[1][:3] == ["Rate or instalment too high", "1", "100,0%"]


def test_a_name_is_no_formula(browse, bruno: User, ana: User, sold: list[Lead]) -> None:
    User.objects.filter(pk=ana.pk).update(name='=HYPERLINK("http://x")')
    names = [row[0] for row in file_of(browse(bruno), "consultants")]
    assert '\'=HYPERLINK("http://x")' in names


def test_filters_go_from_the_address_to_figures_files_and_back(
    browse, bruno: User, caio: User, sold: list[Lead]
) -> None:
    client = browse(bruno)
    query = f"?period=7d&product=home_equity&uf=SP&consultant={caio.pk}&by=product"
    text = text_of(client, PAGE + query)
    assert "12/11 – 18/11/2026" in text and "New leads 1" in text and "Clear filters" in text
    assert file_of(client, "funnel", query)[1][1] == "1"
    answer = client.get(f"{PAGE}{query}&compare=0&compare=1&source=", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == (f"/analytics/?period=7d&product=home_equity&uf=SP&consultant={caio.pk}&by=product")
    assert b"<html" not in answer.content


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=2026-11-10&to=2026-11-01", "The first day lies after the last."),
        ("period=dates&from=9999-01-01&to=9999-12-31", "This period has not begun yet."),
        ("from=0001-01-01&to=2026-01-01", "Choose days from 2000 to 2099."),
        ("from=2001-01-01&to=2026-01-01", "Choose at most five years."),
        ("from=2026-02-31&to=2026-03-01", "both real dates"),
        ("from=2026-11-01", "both real dates"),
        ("from=%00&to=%00", "both real dates"),
        ("period=dates", "both real dates"),
        ("period=forever", "This period is not known."),
    ],
)
def test_days_that_make_no_sense_are_named_and_the_usual_period_is_shown(
    browse, bruno: User, query: str, sentence: str
) -> None:
    with time_machine.travel(NOON):
        text = text_of(browse(bruno), f"{PAGE}?{query}")
    assert sentence in text
    assert "20/10 – 18/11/2026" in text


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("product=%00", "Product"),
        ("source=carrier-pigeon", "Source"),
        ("uf=XX", "State"),
        ("consultant=99999999999999999999999", "Consultant"),
        ("consultant=4711", "Consultant"),
        ("consultant=1%00", "Consultant"),
    ],
)
def test_an_unknown_filter_is_named_and_left_out(browse, bruno: User, query: str, name: str) -> None:
    client = browse(bruno)
    assert f"This filter is not known: {name}." in text_of(client, f"{PAGE}?{query}")
    assert client.get(f"{PAGE}funnel.csv?{query}").status_code == 200


def test_the_first_days_of_the_calendar_have_nothing_before_them(browse, bruno: User) -> None:
    text = text_of(browse(bruno), f"{PAGE}?from=2000-01-01&to=2000-01-31")
    assert "compared with" not in text and "The first day" not in text


def test_days_to_come_are_left_out(browse, bruno: User) -> None:
    with time_machine.travel(NOON):
        assert "01/11 – 18/11/2026" in text_of(browse(bruno), f"{PAGE}?from=2026-11-01&to=2026-12-24")


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("today", date(2026, 3, 1), date(2026, 3, 1)),
        ("7d", date(2026, 2, 23), date(2026, 3, 1)),
        ("month", date(2026, 3, 1), date(2026, 3, 1)),
        ("last_month", date(2026, 2, 1), date(2026, 2, 28)),
        ("quarter", date(2026, 1, 1), date(2026, 3, 1)),
        ("year", date(2026, 1, 1), date(2026, 3, 1)),
    ],
)
def test_a_named_period_goes_by_local_days(browse, bruno: User, code: str, first: date, last: date) -> None:
    with time_machine.travel("2026-03-02 02:30:00+00:00"):  # still the 1st in São Paulo
        asked = browse(bruno).get(f"{PAGE}?period={code}").context["asked"]
    assert (asked.period.first, asked.period.last) == (first, last)


def test_where_nothing_happened_the_page_says_what_to_do_next(browse, bruno: User) -> None:
    client = browse(bruno)
    assert "not counted yet" in text_of(client) and "They appear here by themselves" in text_of(client)
    Consultant.objects.create(user=User.objects.create_user("lia@example.com", name="Lia"))  # who has done nothing yet
    client.post(f"{PAGE}refresh/")  # begins
    figures_go_on()
    assert "Nothing happened in this period" in text_of(client) and "as of" in text_of(client)
    assert "Show this year" in text_of(client)
    assert "Go to the board" in text_of(client, f"{PAGE}?period=year")
    assert "No lead fits" in text_of(client, f"{PAGE}?uf=SP")


def test_refresh_brings_what_just_happened(
    browse, bruno: User, sold: list[Lead], new_lead: Callable[..., Lead]
) -> None:
    client = browse(bruno)
    new_lead()
    assert "New leads 4" in text_of(client)
    answer = client.post(f"{PAGE}refresh/?period=today", headers={"HX-Request": "true"})
    assert answer["HX-Push-Url"] == "/analytics/?period=today"
    assert "New leads 5" in text_of(client, f"{PAGE}?period=today")


def test_a_consultant_sees_own_figures_alone(browse, ana: User, caio: User, sold: list[Lead]) -> None:
    client = browse(ana)
    assert client.get(PAGE).status_code == 404
    assert client.get(f"{PAGE}funnel.csv").status_code == 404
    text = text_of(client, f"{PAGE}me/?consultant={caio.pk}&by=consultant")
    assert "My figures" not in text and "New leads 2" in text
    assert "Cost of the model" not in text and "Caio" not in text and "All consultants" not in text
    assert (
        list(csv.reader(io.StringIO(client.get(f"{PAGE}me/funnel.csv").content.decode()), delimiter=";"))[1][1] == "2"
    )
    assert {client.get(f"{PAGE}me/{block}.csv").status_code for block in TEAM_ONLY} == {404}
    assert client.get(f"{PAGE}me/nothing.csv").status_code == 404
    address = client.get(f"{PAGE}me/?period=7d", headers={"HX-Request": "true"})["HX-Push-Url"]
    assert "not known" not in text_of(client, address)


def test_more_leads_ask_no_more_questions(browse, bruno: User, new_lead, ana: User, caio: User) -> None:
    def questions() -> list[str]:
        figures_rebuild()
        with CaptureQueriesContext(connection) as asked:
            assert client.get(PAGE).status_code == 200
        asked_for = [re.search(r"FROM (\S+)", query["sql"]) for query in asked.captured_queries]
        # What is expected of a stage is remembered for a while, and asked again after it.
        return sorted(table[1] for table in asked_for if table and table[1] != '"leads_stageexpectation"')

    client = browse(bruno)
    new_lead(owner=ana, product="home_equity")
    client.get(PAGE)
    few = questions()
    for uf in ("SP", "RJ", "MG", "BA"):
        new_lead(owner=caio, product="payroll_loan", uf=uf)
    assert questions() == few


def test_figures_read_as_people_write_them() -> None:
    seconds = (0, 59, 60, 3599, 3600, 3660, 86_400, 100_000, 5 * 86_400 + 3_599)
    assert [words.duration(value) for value in seconds] == [
        "0 s", "59 s", "1 min", "1 h", "1 h", "1 h 1 min", "1 d", "1 d 4 h", "5 d 1 h",
    ]  # fmt: skip
    assert [words.percent(share) for share in (None, 0, 0.034, 0.5, 1)] == ["–", "0%", "3,4%", "50%", "100%"]
    assert words.money(123_456).translate(FLAT) == "R$ 1.234,56" and words.money(100_000).translate(FLAT) == "R$ 1.000"
    assert words.dollars(Decimal("0.00123")).translate(FLAT) == "US$ 0,0012"


def test_more_waiting_is_worse_and_more_sales_are_better() -> None:
    slower = changed(120, 60, words.duration, -1)
    assert (slower.arrow, slower.text, slower.sense) == ("▲", "100% more", "worse")
    assert changed(30, 60, words.duration, -1).sense == "better"
    assert changed(2, 1, words.count, 1).sense == "better"
    assert changed(2, 1, words.count, 0).sense == ""
    assert changed(None, 1, words.count, 1) is None
