"""A consultant simulates by hand, looks at every figure and sends them to the client."""

import csv
from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agent.brain.calculator import simulate
from agent.brain.money import brl
from agent.catalogue import product_version_add
from agent.forms import SimulationForm
from agent.models import TERMS, ProductVersion, Simulation
from agent.simulating import Wish, client_text, sample_wish, simulation_make, simulation_try
from conversations.consent import contact_opt_out
from conversations.models import Author, Message
from crm.core.errors import Invalid
from leads.models import Attendance, Interaction, InteractionKind
from leads.services import lead_assign

HOME = Wish("home_equity", 30_000_000, 180, collateral_value=80_000_000, monthly_income=2_000_000)
FORM = {
    "product": "home_equity", "credit_amount": "300.000,00", "term_months": "180", "collateral_value": "800 mil",
    "monthly_income": "20.000", "down_payment": "", "system": "",
}  # fmt: skip


@pytest.fixture
def lead(maria_thread, ana):
    return lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)


@pytest.fixture
def made(lead, ana) -> Simulation:
    return simulation_make(lead_id=lead.pk, wish=HOME, user=ana)


def changed_terms(code: str, **changes: object) -> ProductVersion:
    current = ProductVersion.objects.filter(code=code).order_by("-version").first()
    kept = {name: getattr(current, name) for name in (*TERMS, "collateral", "fee_financed") if name != "code"}
    return product_version_add(code=code, values={**kept, **changes})


def test_a_simulation_by_hand_is_stored_with_its_maker_and_its_terms(made, ana, lead):
    assert made.made_by == ana and made.product_version.code == "home_equity"
    told = Interaction.objects.filter(lead=lead, kind=InteractionKind.SIMULATED).get()
    assert told.actor == ana and told.data["simulation"] == made.pk


def test_the_form_saves_and_leads_to_the_page(lead, ana, browse):
    answer = browse(ana).post(reverse("agent:simulate", args=[lead.pk]), FORM)
    made = Simulation.objects.get()
    assert answer.url == reverse("agent:simulation", args=[made.pk])
    assert made.result["credit_amount"] == 30_000_000 and made.result["request"]["collateral_value"] == 80_000_000


def test_the_form_begins_with_what_is_known_of_the_lead(lead, ana, browse):
    lead.__class__.objects.filter(pk=lead.pk).update(
        product="auto_equity", credit_amount=4_000_000, vehicle_value=9_000_000, term_months=36
    )
    page = browse(ana).get(reverse("agent:simulate", args=[lead.pk])).content.decode()
    assert 'value="40.000,00"' in page and 'value="90.000,00"' in page and 'value="36"' in page
    assert "R$ 40.000,00" in page.replace("\xa0", " ")


def test_the_result_comes_while_the_form_is_filled(lead, ana, browse):
    page = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), FORM).content.decode()
    assert "16,04" in page.replace("\xa0", " ")  # CET a year, of the worked example
    assert not Simulation.objects.exists()


def test_what_is_missing_is_named_and_nothing_breaks(lead, ana, browse):
    for values in ({}, {"product": "spaceship"}, {**FORM, "credit_amount": "muito"}, {**FORM, "term_months": "-1"}):
        answer = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values)
        assert answer.status_code == 200 and "lead-figures" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("credit_amount", "-5"), ("credit_amount", "NaN"), ("credit_amount", "10.000.00"), ("credit_amount", "9" * 30),
        ("credit_amount", "99"), ("collateral_value", "2000 milhões"), ("monthly_income", "muito"),
        ("term_months", "-1"), ("term_months", "1.5"), ("term_months", "601"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_not_called_missing(lead, ana, browse, name, text):
    values = {**FORM, name: text}
    answer = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values)
    assert [label for label, _sentence in answer.context["wrong"]] == [SimulationForm(values)[name].label]
    assert not answer.context["missing"] and "alert-line" in answer.content.decode()
    assert browse(ana).post(reverse("agent:simulate", args=[lead.pk]), values).status_code == 422


def test_what_is_missing_is_not_called_wrong(lead, ana, browse):
    values = {**FORM, "credit_amount": "", "collateral_value": ""}
    answer = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values)
    assert len(answer.context["missing"]) == 2 and not answer.context["wrong"]


PURCHASE = {
    "product": "real_estate_financing", "collateral_value": "500.000", "down_payment": "600.000",
    "term_months": "360", "credit_amount": "400.000",
}  # fmt: skip


@pytest.mark.parametrize(("down", "credit"), [("600.000", "400.000"), ("600.000", ""), ("100.001", "400.000")])
def test_nobody_pays_more_than_the_price(lead, ana, browse, down, credit):
    values = {**PURCHASE, "down_payment": down, "credit_amount": credit}
    answer = browse(ana).post(reverse("agent:simulate", args=[lead.pk]), values)
    assert answer.status_code == 422 and not Simulation.objects.exists()
    page = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values).content.decode()
    assert "alert-line" in page and "lead-figures" not in page


def test_down_payment_and_credit_may_be_the_whole_price(lead, ana, browse):
    values = {**PURCHASE, "down_payment": "100.000"}
    assert browse(ana).post(reverse("agent:simulate", args=[lead.pk]), values).status_code == 302


def test_a_credit_of_cents_is_no_credit(lead, ana):
    with pytest.raises(Invalid):
        simulation_try(Wish("payroll_loan", 9_999, 1))
    assert simulation_try(Wish("payroll_loan", 10_000, 1)).result
    poor = Wish("payroll_loan", 1_000_000, 1, monthly_income=10_000)
    assert simulation_try(poor).best.credit_amount >= 10_000
    assert simulation_try(replace(poor, monthly_income=10)).best is None


def test_one_instalment_is_one(lead, ana, browse):
    values = {**FORM, "product": "payroll_loan", "credit_amount": "1.000", "term_months": "1"}
    page = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values).content.decode()
    assert "1 parcelas" not in page and "1 instalments" not in page and "lead-figures" in page


def test_a_fee_that_dwarfs_the_credit_breaks_nothing(lead, ana, browse):
    changed_terms("payroll_loan", fee_financed=10**13)
    wish = Wish("payroll_loan", 10_000, 1)
    tried = simulation_try(wish)
    assert tried.result is None and tried.refusal
    with pytest.raises(Invalid):
        simulation_make(lead_id=lead.pk, wish=wish, user=ana)


def test_beyond_a_limit_the_nearest_that_passes_is_offered(lead, ana, browse):
    values = {**FORM, "credit_amount": "700.000", "monthly_income": ""}
    page = browse(ana).post(reverse("agent:simulate_result", args=[lead.pk]), values).content.decode()
    assert 'data-credit="480.000,00"' in page and "lead-figures" not in page
    answer = browse(ana).post(reverse("agent:simulate", args=[lead.pk]), values)
    assert answer.status_code == 422 and not Simulation.objects.exists()


def test_a_tight_income_warns_but_the_consultant_decides(lead, ana):
    tight = Wish("home_equity", 30_000_000, 180, collateral_value=80_000_000, monthly_income=800_000)
    tried = simulation_try(tight)
    assert tried.is_tight and tried.best is not None
    assert simulation_make(lead_id=lead.pk, wish=tight, user=ana).pk


def test_a_purchase_is_the_price_less_the_down_payment(lead, ana, browse):
    values = {
        "product": "real_estate_financing", "collateral_value": "500.000", "down_payment": "150.000",
        "term_months": "360", "credit_amount": "",
    }  # fmt: skip
    browse(ana).post(reverse("agent:simulate", args=[lead.pk]), values)
    assert Simulation.objects.get().result["credit_amount"] == 35_000_000


def test_a_financing_may_be_simulated_by_price(lead, ana):
    wish = Wish("real_estate_financing", 30_000_000, 360, collateral_value=50_000_000, system="price")
    assert simulation_make(lead_id=lead.pk, wish=wish, user=ana).result["system"] == "price"


def test_a_product_that_is_not_offered_cannot_be_simulated(lead, ana):
    changed_terms("home_equity", active=False)
    with pytest.raises(Invalid):
        simulation_make(lead_id=lead.pk, wish=HOME, user=ana)


@pytest.mark.parametrize("code", ["home_equity", "real_estate_financing", "consorcio", "payroll_loan"])
def test_the_page_shows_every_figure_and_the_whole_schedule(lead, ana, browse, code):
    version = ProductVersion.objects.get(code=code)
    result = simulate(version.terms(), sample_wish(version.terms()))
    made = Simulation.objects.create(lead=lead, product_version=version, result=result.as_dict())
    page = browse(ana).get(reverse("agent:simulation", args=[made.pk])).content.decode()
    assert page.count('<th scope="row">') == result.term_months
    assert "Lívia" in page and str(version) in page


def test_terms_that_changed_since_are_pointed_out(made, ana, browse):
    address = reverse("agent:simulation", args=[made.pk])
    assert 'data-level="warn"' not in browse(ana).get(address).content.decode()
    changed_terms("home_equity")  # the same terms again
    assert 'data-level="warn"' not in browse(ana).get(address).content.decode()
    instalment = brl(made.result["first_instalment"]).removeprefix("R$ ")
    changed_terms("home_equity", rate_month=Decimal("0.0129"))
    page = browse(ana).get(address).content.decode()
    assert 'data-level="warn"' in page and instalment in page  # its own figures stay


def test_the_schedule_is_a_file_for_a_spreadsheet(made, ana, browse):
    answer = browse(ana).get(reverse("agent:schedule", args=[made.pk]))
    text = answer.content.decode("utf-8-sig")
    rows = list(csv.reader(text.splitlines(), delimiter=";"))
    assert len(rows) == 181 and rows[-1][-1] == "0,00"
    assert answer["Content-Disposition"].endswith('.csv"')
    assert sum(int(row[2].replace(",", "")) for row in rows[1:]) == made.result["total"]


def test_it_goes_to_the_client_once_as_the_consultants_message(made, ana, maria_thread, browse):
    values = {"conversation": maria_thread.pk, "client_token": uuid4()}
    for _again in range(2):
        answer = browse(ana).post(reverse("agent:send", args=[made.pk]), values)
        assert answer.url == reverse("conversations:detail", args=[maria_thread.pk])
    message = Message.objects.get(author=Author.CONSULTANT)
    assert message.text == client_text(made) and "sujeita a análise de crédito" in message.text
    maria_thread.refresh_from_db()
    assert maria_thread.attended_by == Attendance.PERSON and maria_thread.taken_by == ana


def test_a_client_who_left_is_sent_nothing(made, ana, maria_thread, browse):
    contact_opt_out(conversation_id=maria_thread.pk, confirmation="Pronto.")
    address = reverse("agent:simulation", args=[made.pk])
    assert f'action="{reverse("agent:send", args=[made.pk])}"' not in browse(ana).get(address).content.decode()
    answer = browse(ana).post(reverse("agent:send", args=[made.pk]), {"conversation": maria_thread.pk})
    assert answer.status_code == 409
    assert not Message.objects.filter(author=Author.CONSULTANT).exists()


def test_it_goes_into_the_leads_own_threads_only(made, ana, says, browse):
    other = says("oi", phone="5511911112222").conversation
    answer = browse(ana).post(reverse("agent:send", args=[made.pk]), {"conversation": other.pk})
    assert answer.status_code == 422
    assert not Message.objects.filter(author=Author.CONSULTANT).exists()


def test_a_stranger_sees_nothing_of_it(made, caio, browse):
    for name in ("simulation", "schedule"):
        assert browse(caio).get(reverse(f"agent:{name}", args=[made.pk])).status_code == 404
    assert browse(caio).post(reverse("agent:send", args=[made.pk])).status_code == 404


def test_the_page_costs_the_same_with_many_threads(made, ana, browse):
    client, address = browse(ana), reverse("agent:simulation", args=[made.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    assert len(queries) <= 12


def test_the_lead_page_leads_to_a_new_simulation(made, lead, ana, browse):
    page = browse(ana).get(reverse("leads:detail", args=[lead.pk])).content.decode()
    assert reverse("agent:simulate", args=[lead.pk]) in page
