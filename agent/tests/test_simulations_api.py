"""Simulations for programs: by the same rules, of the same leads and with the same figures as the pages."""

import json
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agent.models import Simulation
from agent.simulating import Wish, client_text, result_of, simulation_make
from agent.tests.test_simulation_pages import changed_terms
from conversations.consent import contact_opt_out
from conversations.models import Author, Message
from conversations.services import conversation_take
from crm.accounts.models import Access, User
from crm.api.keys import key_create
from crm.api.scopes import Scope
from leads.models import Interaction, InteractionKind, Lead
from leads.services import lead_assign

HOME = {
    "product": "home_equity", "credit_amount": 30_000_000, "term_months": 180, "collateral_value": 80_000_000,
    "monthly_income": 2_000_000,
}  # fmt: skip


class Program:
    """Asks with a key of this person."""

    def __init__(self, user: User, *scopes: str) -> None:
        _key, text = key_create(user=user, name="a program", scopes=scopes or tuple(Scope))
        self._client = Client(headers={"Authorization": f"Bearer {text}", "Accept-Language": "en"})

    def get(self, address: str, **headers: str) -> HttpResponse:
        return self._client.get(f"/api/v1/{address}", headers=headers)

    def post(self, address: str, body: Any, **headers: str) -> HttpResponse:
        return self._client.post(
            f"/api/v1/{address}", json.dumps(body), content_type="application/json", headers=headers
        )


@pytest.fixture
def lead(maria_thread, ana) -> Lead:
    return lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)


@pytest.fixture
def made(lead, ana) -> Simulation:
    return simulation_make(lead_id=lead.pk, wish=Wish(**HOME), user=ana)


def error(answer: HttpResponse) -> tuple[int, str, list[str]]:
    told = answer.json()["error"]
    return answer.status_code, told["code"], sorted(told["fields"])


def test_a_simulation_is_made_stored_and_answered_with_every_figure(lead, ana):
    answer = Program(ana).post(f"leads/{lead.pk}/simulations", HOME)
    made = Simulation.objects.get()
    body = answer.json()
    assert (answer.status_code, answer["Location"]) == (201, f"/api/v1/simulations/{made.pk}")
    result = result_of(made)
    assert body["first_instalment"] == result.first_instalment == 419_206 and body["total"] == result.total
    shown = {name: body[name] for name in ("rate_month", "rate_year", "cet_month", "cet_year", "ltv", "commitment")}
    assert shown == {
        "rate_month": "1.19", "rate_year": "15.25", "cet_month": "1.25", "cet_year": "16.04", "ltv": "37.50",
        "commitment": "20.96",
    }  # fmt: skip
    assert body["made_by"] == {"id": ana.pk, "name": "Ana Clara"} and body["created_at"].endswith("Z")
    assert body["text"] == client_text(made) and not body["terms_changed"]
    assert Interaction.objects.get(lead=lead, kind=InteractionKind.SIMULATED).actor == ana
    assert Program(ana).get(f"simulations/{made.pk}").json() == body


def test_asked_twice_with_one_key_it_is_made_once(lead, ana):
    program = Program(ana)
    first, again = (
        program.post(f"leads/{lead.pk}/simulations", HOME, **{"Idempotency-Key": "maria-1"}) for _ in range(2)
    )
    assert again.json() == first.json() and again["Idempotency-Replayed"] == "true"
    assert again["Location"] == first["Location"] and Simulation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"credit_amount": 60_000_000}, "limit_ltv", "credit_amount"),
        ({"term_months": 500}, "limit_term_max", "term_months"),
        ({"term_months": 3}, "limit_term_min", "term_months"),
        ({"credit_amount": 9_999}, "invalid", "credit_amount"),
        ({"credit_amount": 10**13}, "invalid", "credit_amount"),
        ({"collateral_value": None}, "invalid", "collateral_value"),
        ({"product": "personal_loan"}, "invalid", "collateral_value"),
        ({"product": "consorcio", "collateral_value": None, "system": "price"}, "invalid", "system"),
        ({"product": "yacht"}, "invalid", "product"),
        ({"monthly_income": 0}, "limit_income", "monthly_income"),
        ({"rate_month": "0.01"}, "invalid", "rate_month"),
    ],
)
def test_what_cannot_be_is_refused_by_field_and_nothing_is_stored(lead, ana, changes, code, field):
    answer = Program(ana).post(f"leads/{lead.pk}/simulations", {**HOME, **changes})
    assert error(answer) == (400, code, [field])
    assert not Simulation.objects.exists()


def test_a_refusal_is_in_the_calculators_words(lead, ana):
    told = Program(ana).post(f"leads/{lead.pk}/simulations", {**HOME, "credit_amount": 60_000_000}).json()["error"]
    assert "60%" in told["message"] and told["fields"]["credit_amount"] == [told["message"]]


def test_a_tight_income_is_no_refusal(lead, ana):
    body = Program(ana).post(f"leads/{lead.pk}/simulations", {**HOME, "monthly_income": 500_000}).json()
    assert Decimal(body["commitment"]) > 30 and body["min_income"] > 500_000


def test_a_stranger_finds_neither_the_lead_nor_its_simulations(made, lead, caio):
    program = Program(caio)
    assert program.get(f"simulations/{made.pk}").status_code == 404
    assert program.get(f"simulations/{made.pk}/schedule").status_code == 404
    assert program.get("simulations").json()["results"] == []
    assert program.post(f"leads/{lead.pk}/simulations", HOME).status_code == 404
    assert program.post(f"simulations/{made.pk}/send", {"conversation_id": 1}).status_code == 404


def test_a_key_does_what_its_scopes_say(made, lead, ana):
    reader = Program(ana, Scope.SIMULATIONS_READ)
    assert reader.get("simulations").status_code == reader.get("products").status_code == 200
    assert error(reader.post(f"leads/{lead.pk}/simulations", HOME)) == (403, "scope", [])
    assert error(reader.post(f"simulations/{made.pk}/send", {"conversation_id": 1})) == (403, "scope", [])


def test_the_list_is_filtered_ordered_and_paged(lead, ana, new_lead):
    wishes = [HOME, {"product": "personal_loan", "credit_amount": 1_000_000, "term_months": 24}]
    for wish in wishes:
        simulation_make(lead_id=lead.pk, wish=Wish(**wish), user=ana)
    program = Program(ana)

    def products(query: str) -> list[str]:
        return [row["product"] for row in program.get(f"simulations?{query}").json()["results"]]

    assert products("") == ["personal_loan", "home_equity"]
    assert products("ordering=id") == ["home_equity", "personal_loan"]
    assert products("product=home_equity&created_after=2020-01-01T00:00:00Z") == ["home_equity"]
    assert len(products("created_after=1392-01-04T12:38:57%2B22:47&created_before=9999-12-31T23:59:59-23:00")) == 2
    assert products("created_before=2020-01-01T00:00:00Z") == products(f"lead={new_lead().pk}") == []
    first = program.get("simulations?limit=1").json()
    assert program.get(first["next"].split("/api/v1/")[1]).json()["results"][0]["product"] == "home_equity"
    for wrong in (
        "product=yacht",
        "created_after=yesterday",
        "lead=maria",
        "ordering=total",
        "colour=blue",
        "limit=0",
        "lead=",
    ):
        assert program.get(f"simulations?{wrong}").status_code == 400, wrong


def test_the_list_asks_as_much_for_many_as_for_one(made, lead, ana):
    program = Program(ana)
    with CaptureQueriesContext(
        connection,
    ) as one:
        program.get("simulations")
    for _ in range(4):
        simulation_make(lead_id=lead.pk, wish=Wish(**HOME), user=ana)
    with CaptureQueriesContext(connection) as five:
        program.get("simulations")
    assert len(five) <= len(one)


def test_the_schedule_has_every_instalment(made, ana):
    rows = Program(ana).get(f"simulations/{made.pk}/schedule").json()["results"]
    assert len(rows) == 180 and rows[0]["instalment"] == 419_206 and rows[-1]["balance"] == 0
    assert sum(row["instalment"] for row in rows) == result_of(made).total


def test_opening_one_is_written_into_the_access_log(made, ana, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        Program(ana).get(f"simulations/{made.pk}")
    assert Access.objects.filter(user=ana, what="simulation", object_id=made.pk, lead_id=made.lead_id).exists()


def test_one_that_is_outdated_says_so(made, ana):
    changed_terms("home_equity", rate_month=Decimal("0.0129"))
    program = Program(ana)
    known = program.get(f"simulations/{made.pk}")
    assert known.json()["terms_changed"]
    assert program.get(f"simulations/{made.pk}", **{"If-None-Match": known["ETag"]}).status_code == 304
    offered = {row["product"]: row for row in program.get("products").json()["results"]}
    assert offered["home_equity"]["rate_month"] == "1.2900" and offered["consorcio"]["admin_fee"] == "18"


def test_it_is_sent_as_the_persons_message_once(made, ana, maria_thread):
    program, body, once = Program(ana), {"conversation_id": maria_thread.pk}, {"Idempotency-Key": str(uuid4())}
    answers = [program.post(f"simulations/{made.pk}/send", body, **once) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    sent = Message.objects.get(author=Author.CONSULTANT)
    assert answers[1].json() == {
        "message_id": sent.pk, "conversation_id": maria_thread.pk, "state": "queued", "text": sent.text,
    }  # fmt: skip
    assert sent.sender == ana and "*180x de R$ 4.192,06*" in sent.text


def test_it_is_not_sent_to_other_leads_nor_against_the_clients_will(made, ana, bruno, maria_thread, new_lead):
    program, send = Program(ana), f"simulations/{made.pk}/send"
    assert program.post(send, {"conversation_id": 10**9}).status_code == 404
    assert error(program.post(send, {})) == (400, "invalid", ["conversation_id"])
    conversation_take(conversation_id=maria_thread.pk, user=bruno)
    assert error(program.post(send, {"conversation_id": maria_thread.pk}))[:2] == (409, "attended")
    contact_opt_out(conversation_id=maria_thread.pk, confirmation="Certo.")
    refused = program.post(send, {"conversation_id": maria_thread.pk, "over": bruno.pk})
    assert error(refused)[:2] == (409, "opted_out")
    assert not Message.objects.filter(author=Author.CONSULTANT).exists()


def test_nobody_gets_nothing(db, made):
    answer = Client().get("/api/v1/simulations")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
