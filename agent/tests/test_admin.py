"""What managers set in the admin: products by version, the business, its answers. Nothing wrong gets in."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agent.admin.samples import sample_of
from agent.brain.products import DEFAULT_PRODUCTS
from agent.catalogue import product_version_add, products
from agent.models import TERMS, BusinessProfile, FaqEntry, FollowUp, FollowUpState, ProductVersion
from agent.words import CANCELLED
from crm.core.clock import now

FEES = {
    "code": "home_equity", "version": 9, "name": "Garantia", "system": "price", "rate_month": Decimal("0.01"),
    "min_term": 12, "max_term": 60, "collateral": "property",
}  # fmt: skip
ADD = "admin:agent_productversion_add"
SAMPLE = "admin:agent_productversion_sample"


@pytest.fixture
def office(bruno, browse):
    return browse(bruno)


def form(office, code: str = "home_equity", **changes: object) -> dict[str, object]:
    """What the page of new terms holds, with changes; a checkbox left out is off."""
    fields = office.get(f"{reverse(ADD)}?code={code}").context["adminform"].form
    values = {name: fields[name].value() for name in fields.fields}
    return {name: value for name, value in {**values, **changes}.items() if value not in (None, False)}


def test_rates_and_money_are_typed_the_brazilian_way(office):
    values = form(office, rate_month="1,29 %", fee_financed="600", max_credit="2 milhões", max_ltv="55,5")
    assert office.post(reverse(ADD), values).status_code == 302
    terms = products()["home_equity"]
    assert terms.rate_month == Decimal("0.0129") and terms.max_ltv == Decimal("0.555")
    assert (terms.fee_financed, terms.max_credit) == (60_000, 200_000_000)
    assert [row.version for row in ProductVersion.objects.filter(code="home_equity")] == [2, 1]


def test_the_form_begins_with_the_terms_in_force(office):
    values = form(office, "real_estate_financing")
    assert (values["rate_year"], values["max_ltv"], values["max_collateral"]) == ("10,99", "80", "2.250.000,00")


@pytest.mark.parametrize("code", list(DEFAULT_PRODUCTS))
def test_the_terms_in_force_saved_again_are_the_same(office, code):
    assert office.post(reverse(ADD), form(office, code)).status_code == 302
    old, new = ProductVersion.objects.filter(code=code).order_by("version")
    kept = (*TERMS, "collateral", "fee_financed")
    assert {name: getattr(new, name) for name in kept} == {name: getattr(old, name) for name in kept}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"rate_month": "1000"}, "rate_month"),
        ({"rate_month": "-1"}, "rate_month"),
        ({"rate_month": "muito"}, "rate_month"),
        ({"rate_month": "NaN"}, "rate_month"),
        ({"rate_month": "1e3"}, "rate_month"),
        ({"rate_month": "1,1234567"}, "rate_month"),
        ({"rate_month": None}, "rate_month"),
        ({"rate_year": "12"}, "rate_year"),
        ({"rate_month": None, "rate_year": "1000"}, "rate_year"),
        ({"min_term": "300"}, "max_term"),
        ({"max_term": "9999"}, "max_term"),
        ({"min_term": "0"}, "min_term"),
        ({"max_ltv": "120"}, "max_ltv"),
        ({"max_ltv": "0"}, "max_ltv"),
        ({"max_ltv_price": "70"}, "max_ltv_price"),
        ({"system": "consorcio"}, "system"),
        ({"admin_fee": "18"}, "admin_fee"),
        ({"income_commitment": "0"}, "income_commitment"),
        ({"max_credit": "0"}, "max_credit"),
        ({"fee_financed": "dez"}, "fee_financed"),
        ({"fee_financed": "99999999999"}, "fee_financed"),
        ({"max_credit": "2000 milhões"}, "max_credit"),
        ({"name": "Crédito sem consulta ao SPC, aprovação garantida"}, "name"),
        ({"code": "spaceship"}, "code"),
    ],
)
def test_contradictions_are_said_beside_their_field(office, changes, field):
    answer = office.post(reverse(ADD), form(office, **changes))
    assert answer.status_code == 200 and field in answer.context["adminform"].form.errors
    assert ProductVersion.objects.filter(code="home_equity").count() == 1


def test_a_consorcio_has_no_interest_and_a_loan_without_collateral_no_ltv(office):
    answer = office.post(reverse(ADD), form(office, "consorcio", rate_month="1"))
    assert "rate_month" in answer.context["adminform"].form.errors
    answer = office.post(reverse(ADD), form(office, "personal_loan", max_ltv="60"))
    assert "max_ltv" in answer.context["adminform"].form.errors


def test_what_a_client_would_see_comes_before_saving(office):
    values = form(office, rate_month="1,29", max_term="120")
    page = office.post(reverse(SAMPLE), values, headers={"HX-Request": "true"}).content.decode()
    assert "1,29% ao mês" in page and "<html" not in page
    assert "<del>1,19%</del>" in page and "<ins>1,29%</ins>" in page
    assert "<html" in office.post(reverse(SAMPLE), values).content.decode()
    assert ProductVersion.objects.filter(code="home_equity").count() == 1


def test_a_preview_of_nonsense_says_what_is_wrong(office):
    for values in ({}, form(office, rate_month="1000"), form(office, min_term="300")):
        page = office.post(reverse(SAMPLE), values, headers={"HX-Request": "true"})
        assert page.status_code == 200 and 'role="alert"' in page.content.decode()
    assert office.get(reverse(SAMPLE)).status_code == 404


def test_no_amount_breaks_the_preview(office):
    for fee in ("99999999999", "9" * 29, "100.000"):
        page = office.post(reverse(SAMPLE), form(office, fee_financed=fee), headers={"HX-Request": "true"})
        assert page.status_code == 200
    dear = ProductVersion(**{**FEES, "fee_financed": 10**13})  # from before there was a ceiling
    assert "R$" not in sample_of(dear.terms(), None).message


@pytest.mark.parametrize("code", list(DEFAULT_PRODUCTS))
def test_every_product_has_a_sample_and_a_page(office, code):
    version = ProductVersion.objects.get(code=code)
    assert "Total a pagar" in sample_of(version.terms(), None).message
    page = office.get(reverse("admin:agent_productversion_change", args=[version.pk])).content.decode()
    assert "Total a pagar" in page


def test_the_version_in_force_is_marked_and_history_stays(office):
    old = ProductVersion.objects.get(code="home_equity")
    office.post(reverse(ADD), form(office, rate_month="1,29"))
    page = office.get(reverse("admin:agent_productversion_change", args=[old.pk])).content.decode()
    assert "1,19%" in page and "v2" in page
    rows = office.get(reverse("admin:agent_productversion_changelist")).context["cl"].result_list
    assert {row.version: row.is_current for row in rows if row.code == "home_equity"} == {1: False, 2: True}


def test_terms_are_neither_edited_nor_deleted(office):
    version = ProductVersion.objects.get(code="home_equity")
    office.post(reverse("admin:agent_productversion_change", args=[version.pk]), form(office, rate_month="2"))
    assert ProductVersion.objects.get(pk=version.pk).rate_month == Decimal("0.0119")
    assert office.post(reverse("admin:agent_productversion_delete", args=[version.pk])).status_code == 403


def test_the_list_of_products_costs_the_same_with_more_versions(office):
    address = reverse("admin:agent_productversion_changelist")
    office.get(address)
    costs = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as queries:
            office.get(address)
        costs.append(len(queries))
        kept = ProductVersion.objects.filter(code="consorcio").order_by("-version").first()
        product_version_add(
            code="consorcio",
            values={name: getattr(kept, name) for name in (*TERMS, "collateral", "fee_financed") if name != "code"},
        )
    assert costs[0] == costs[1]


# --- the business ---------------------------------------------------------------------------------------------------
@pytest.fixture
def profile(db) -> BusinessProfile:
    made = BusinessProfile(name="Horizonte Crédito")
    made.save()
    return made


def business(**changes: str) -> dict[str, str]:
    values = {
        "name": "Horizonte Crédito", "services": "Empréstimo", "tone": "", "address": "", "links": "horizonte.com.br",
        "hours": "de segunda a sexta, das 9h às 18h", "holidays_uf": "SP", "closed_on": "24/12/2026\n2026-12-31",
        "week-0-0-0": "09:00", "week-0-0-1": "12:00", "week-0-1-0": "13:00", "week-0-1-1": "18:00",
    }  # fmt: skip
    return {**values, **changes}


def save(office, profile: BusinessProfile, **changes: str):
    return office.post(reverse("admin:agent_businessprofile_change", args=[profile.pk]), business(**changes))


def test_the_week_is_typed_day_by_day(office, profile):
    assert save(office, profile).status_code == 302
    profile.refresh_from_db()
    assert profile.week == {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}
    assert profile.closed_on == ["2026-12-24", "2026-12-31"] and profile.holidays_uf == "SP"
    page = office.get(reverse("admin:agent_businessprofile_change", args=[profile.pk])).content.decode()
    assert 'name="week-0-1-1"' in page and 'value="18:00"' in page and "24/12/2026" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"week-0-0-1": "08:00"}, "week"),
        ({"week-0-0-1": ""}, "week"),
        ({"week-0-1-0": "11:00"}, "week"),
        ({"week-3-0-0": "25:00", "week-3-0-1": "26:00"}, "week"),
        ({"closed_on": "32/12/2026"}, "closed_on"),
        ({"holidays_uf": "XX"}, "holidays_uf"),
        ({"links": "isto não é um link"}, "links"),
        ({"services": "Crédito com aprovação garantida"}, "services"),
        ({"name": "Aprovação Garantida Crédito"}, "name"),
        ({"name": "outro-site.com.br"}, "name"),
        ({"name": "<script>alert(1)</script>"}, "name"),
        ({"name": "*Horizonte*"}, "name"),
        ({"tone": "diga que a aprovação é garantida"}, "tone"),
    ],
)
def test_hours_and_words_that_cannot_be_are_refused(office, profile, changes, field):
    answer = save(office, profile, **changes)
    assert answer.status_code == 200 and field in answer.context["adminform"].form.errors


@pytest.mark.parametrize("name", ["Wealth Partners & Co", "horizonte.com.br", "Banco 24 Horas"])
def test_a_business_is_called_as_it_likes(office, profile, name):
    assert save(office, profile, name=name, tone="calm and warm").status_code == 302


@pytest.mark.parametrize(
    "answer",
    [
        "Sim, a aprovação é garantida!",
        "Fazemos sem consulta ao SPC.",
        "É só fazer um Pix da taxa de cadastro antes.",
        "Me passe a sua senha do banco.",
        "Veja em www.outro-site.com.br",
    ],
)
def test_an_answer_that_promises_or_asks_for_money_is_refused(office, profile, answer):
    made = office.post(reverse("admin:agent_faqentry_add"), {"question": "Como é?", "answer": answer, "active": "on"})
    assert made.status_code == 200 and "answer" in made.context["adminform"].form.errors
    assert not FaqEntry.objects.exists()


@pytest.mark.parametrize(
    "answer",
    [
        "Nunca pedimos pagamento antecipado. Se alguém pedir, avise a gente.",
        "Cobramos 1,19% ao mês no crédito com garantia de imóvel.",
        "Fale com a gente pelo telefone (11) 3333-4444.",
        "Está tudo em horizonte.com.br",
    ],
)
def test_the_businesss_own_figures_contacts_and_links_may_be_said(office, profile, answer):
    save(office, profile)
    made = office.post(reverse("admin:agent_faqentry_add"), {"question": "Como é?", "answer": answer, "active": "on"})
    assert made.status_code == 302 and FaqEntry.objects.get().answer == answer


def test_why_a_reminder_was_not_sent_is_told_in_words(office, maria_thread):
    row = FollowUp.objects.create(
        conversation=maria_thread, number=1, due_at=now(), state=FollowUpState.CANCELLED, reason="undelivered"
    )
    for address in (
        f"{reverse('admin:agent_followup_changelist')}?reason=undelivered",
        reverse("admin:agent_followup_change", args=[row.pk]),
    ):
        page = office.get(address).content.decode()
        assert str(CANCELLED["undelivered"]) in page
    assert str(row) not in office.get(f"{reverse('admin:agent_followup_changelist')}?reason=taken").content.decode()


def test_every_list_of_livia_opens(office, profile):
    names = ("simulation", "leadclassification", "followup", "contactprofile", "faqentry", "businessprofile", "turn")
    for name in names:
        assert office.get(reverse(f"admin:agent_{name}_changelist")).status_code == 200, name
