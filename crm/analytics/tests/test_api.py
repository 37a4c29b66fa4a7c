"""Figures for programs: those of the pages, for whom the pages show them to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator

from crm.accounts.models import Role, User
from crm.analytics import figures
from crm.analytics.api_shapes import BLOCKS, schema
from crm.analytics.period import last_days
from crm.analytics.services import figures_rebuild
from crm.analytics.tests.test_pages import moved
from crm.api.keys import key_create
from crm.api.scopes import Scope
from crm.core.clock import now
from leads.models import Lead


def asks(user: User, *scopes: str) -> Callable[..., HttpResponse]:
    """What a program gets with a key of this person: `ask("/funnel?period=7d")`."""
    _key, text = key_create(user=user, name="a program", scopes=scopes or (Scope.ANALYTICS_READ,))
    client = Client(headers={"X-Api-Key": text, "Accept-Language": "en"})
    return lambda rest="": client.get(f"/api/v1/analytics{rest}")


@pytest.fixture
def sold(new_lead: Callable[..., Lead], ana: User, caio: User, bruno: User) -> list[Lead]:
    """Four leads, two of them Ana's: one won for R$ 1,500. Forty days ago there was one."""
    with time_machine.travel(now() - timedelta(days=40)):
        new_lead(owner=caio)
    leads = [new_lead(owner=owner, product="home_equity", uf="SP") for owner in (ana, ana, caio, None)]
    for status in ("CONTACTED", "PROPOSAL"):
        moved(leads[0], status, bruno)
    moved(leads[0], "WON", bruno, won_amount=150_000)
    figures_rebuild()
    return leads


def test_a_manager_gets_every_block_as_the_page_counts_it(sold, bruno):
    body = asks(bruno)().json()
    counted = figures.everything(last_days(30))
    assert set(BLOCKS) < set(body)
    assert body["headline"]["leads"] == counted.headline.leads == 4
    assert (body["headline"]["won"], body["headline"]["won_cents"]) == (1, 150_000)
    assert [step["reached"] for step in body["funnel"]["steps"]] == [step.reached for step in counted.funnel.steps]
    assert body["conversion"]["by"]["uf"][0]["key"] == "SP"
    assert len(body["hours"]["cells"]) == 168
    assert body["as_of"].endswith("Z") and body["period"]["first"] < body["period"]["last"]


def test_what_is_answered_is_what_the_description_promises(sold, bruno, ana):
    check = Draft202012Validator(schema())
    for body in (asks(bruno)().json(), asks(ana)().json(), asks(bruno)("?period=today&uf=none").json()):
        check.validate(body)


def test_a_block_alone_is_that_of_the_whole(sold, bruno):
    ask = asks(bruno)
    whole = ask().json()
    for block in BLOCKS:
        alone = ask(f"/{block}").json()
        assert set(alone) == {"period", "as_of", "rebuilding", block}
        assert alone[block] == whole[block], block


def test_a_consultant_gets_their_own_leads_and_nothing_of_livias(sold, ana):
    ask = asks(ana)
    body = ask().json()
    assert body["headline"]["leads"] == 2 and "livia" not in body
    assert body["headline"]["livia_share"] is body["headline"]["cost_usd"] is None
    assert [row["key"] for row in body["consultants"]["rows"]] == [str(ana.pk)]
    assert ask("/livia").status_code == 404


def test_who_is_neither_manager_nor_consultant_has_none(sold):
    assert asks(User.objects.create_user("rita@example.com", name="Rita", role=Role.CONSULTANT))().status_code == 404


def test_filters_and_dates_choose(sold, bruno, ana):
    ask = asks(bruno)
    begins = (now() - timedelta(days=60)).date()
    leads = lambda query: ask(f"/headline?{query}").json()["headline"]["leads"]  # noqa: E731
    assert leads(f"from={begins}&to={now().date()}") == 5
    assert leads("period=today&consultant=0") == 1 and leads(f"consultant={ana.pk}") == 2
    assert leads("uf=SP&product=home_equity&source=manual") == 4 and leads("product=none") == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("period=always", "period"),
        ("period=7d&from=2026-01-01&to=2026-01-02", "period"),
        ("from=2026-01-01", "from"),
        ("from=2026-02-31&to=2026-03-01", "from"),
        ("from=2026-03-02&to=2026-03-01", "from"),
        ("from=1900-01-01&to=1900-01-02", "from"),
        ("uf=XX", "uf"),
        ("source=none", "source"),
        ("consultant=99999999999999999999", "consultant"),
        ("consultant=maria", "consultant"),
        ("colour=blue", "colour"),
    ],
)
def test_what_is_not_understood_is_refused_by_name(bruno, query, field):
    answer = asks(bruno)(f"/funnel?{query}")
    assert answer.status_code == 400 and list(answer.json()["error"]["fields"]) == [field]


def test_a_consultant_may_not_ask_for_a_colleague(sold, ana, caio):
    assert asks(ana)(f"?consultant={caio.pk}").status_code == 400
    assert asks(ana)(f"?consultant={ana.pk}").json()["headline"]["leads"] == 2


def test_doors(bruno):
    assert Client().get("/api/v1/analytics").status_code == 401
    assert asks(bruno, Scope.LEADS_READ)().json()["error"]["code"] == "scope"
    assert asks(bruno)("/weather").status_code == 404


def test_the_answer_takes_as_many_queries_for_much_as_for_little(sold, bruno, new_lead):
    ask = asks(bruno)
    ask()
    with CaptureQueriesContext(connection) as few:
        ask()
    for number in range(6):
        new_lead(uf="RJ", name=f"Maria {number}")
    figures_rebuild()
    with CaptureQueriesContext(connection) as more:
        ask()
    assert len(more) <= len(few)
