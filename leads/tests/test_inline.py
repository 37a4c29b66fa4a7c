"""A lead's data, edited field by field in its place."""

import pytest

from leads.actors import person
from leads.models import Interaction, InteractionKind, Lead
from leads.services import lead_update


@pytest.fixture
def lead(ana, new_lead) -> Lead:
    return new_lead(owner=ana, name="Maria Souza", city="Natal", credit_amount=10_000_000)


@pytest.fixture
def save(ana, browse, lead):
    """Ana writes a field, opened when it was `was`: the answer."""

    def write(name, value, was="", *, of=lead, by=ana):
        address = f"/leads/{of.pk}/field/{name}/"
        return browse(by).post(address, {"value": value, "was": was}, headers={"HX-Request": "true"})

    return write


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("name", "  Maria  das Dores 🌻 ", "Maria das Dores 🌻"),
        ("phone", "(31) 98877-6655", "+5531988776655"),
        ("phone", "", ""),
        ("email", "maria@example.com", "maria@example.com"),
        ("uf", "SC", "SC"),
        ("product", "auto_equity", "auto_equity"),
        ("occupation", "retired", "retired"),
        ("purpose", "travel", "travel"),
        ("credit_amount", "R$ 350 mil", 35_000_000),
        ("monthly_income", "4.500,50", 450_050),
        ("down_payment", "", None),
        ("term_months", "96", 96),
    ],
)
def test_each_field_takes_what_people_type(save, lead, name, typed, kept):
    was = getattr(lead, name)
    response = save(name, typed, "" if was is None else str(was))
    assert response.status_code == 200
    lead.refresh_from_db()
    assert getattr(lead, name) == kept
    assert f'id="field-{lead.pk}-{name}"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("name", "   "),
        ("name", "a" * 50_000),
        ("phone", "12"),
        ("phone", "😀" * 9),
        ("email", "maria"),
        ("email", "a" * 50_000 + "@x.br"),
        ("uf", "XX"),
        ("product", "gold"),
        ("credit_amount", "muito"),
        ("credit_amount", "-5"),
        ("term_months", "481"),
        ("term_months", "9" * 50_000),
    ],
)
def test_what_is_wrong_is_said_under_the_field_and_nothing_is_written(save, lead, name, typed):
    before = Lead.objects.values().get(pk=lead.pk)
    was = getattr(lead, name)
    response = save(name, typed, "" if was is None else str(was))
    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert Lead.objects.values().get(pk=lead.pk) == before


def test_markup_is_shown_as_it_was_typed(save, lead, ana, browse):
    assert save("city", "<script>alert(1)</script>", "Natal").status_code == 200
    page = browse(ana).get(f"/leads/{lead.pk}/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_what_somebody_else_wrote_meanwhile_is_not_undone(save, lead, bruno):
    lead_update(lead_id=lead.pk, values={"city": "Recife"}, actor=person(bruno))
    response = save("city", "Olinda", "Natal")
    body = response.content.decode()
    assert response.status_code == 409
    assert "Recife" in body
    assert "Olinda" in body
    assert "Bruno Rocha" in body
    lead.refresh_from_db()
    assert lead.city == "Recife"
    assert save("city", "Olinda", "Recife").status_code == 200  # kept against theirs, knowingly
    lead.refresh_from_db()
    assert lead.city == "Olinda"


def test_the_same_correction_twice_and_another_field_are_no_conflict(save, lead, bruno):
    lead_update(lead_id=lead.pk, values={"city": "Recife", "uf": "PE"}, actor=person(bruno))
    assert save("city", "Recife", "Natal").status_code == 200
    assert save("email", "maria@example.com").status_code == 200


def test_a_taken_phone_offers_its_lead_to_those_who_may_see_it(save, lead, ana, caio, new_lead):
    mine, theirs = new_lead(owner=ana, name="Outra Maria"), new_lead(owner=caio, name="Cliente do Caio")
    known = save("phone", mine.phone, lead.phone)
    assert known.status_code == 422
    assert f"/leads/{lead.pk}/merge/?other={mine.pk}" in known.content.decode()
    hidden = save("phone", theirs.phone, lead.phone)
    assert hidden.status_code == 422
    assert "Cliente do Caio" not in hidden.content.decode()
    assert "merge" not in hidden.content.decode()


def test_a_change_stands_in_the_history_with_what_it_was(save, lead):
    save("credit_amount", "120000", "10000000")
    row = Interaction.objects.filter(lead=lead, kind=InteractionKind.UPDATED).get()
    assert row.data["changes"] == {"credit_amount": [10_000_000, 12_000_000]}


def test_only_known_fields_are_edited_and_only_by_who_sees_the_lead(save, lead, ana, caio, browse):
    for name in ("status", "consultant", "pk", "ai_score"):
        assert save(name, "1").status_code == 404
    assert save("city", "Recife", "Natal", by=caio).status_code == 404
    editor = browse(ana).get(f"/leads/{lead.pk}/field/purpose/", headers={"HX-Request": "true"})
    assert 'name="was"' in editor.content.decode()


def test_words_of_the_client_can_be_kept(save, lead):
    Lead.objects.filter(pk=lead.pk).update(purpose="comprar um barco")
    assert save("purpose", "comprar um barco", "comprar um barco").status_code == 200
    assert save("purpose", "outro barco", "comprar um barco").status_code == 422


def test_a_new_leads_phone_is_known_at_once_and_a_colleagues_lead_is_not_named(lead, ana, caio, browse):
    phone = lead.phone.removeprefix("+55")
    mine = browse(ana).get("/leads/known/", {"phone": phone}).content.decode()
    theirs = browse(caio).get("/leads/known/", {"phone": phone}).content.decode()
    assert f"/leads/{lead.pk}/" in mine
    assert 'class="known"' in theirs
    assert "Maria" not in theirs
    for nothing in ("", "1", "😀" * 20, "9" * 50_000, "+5511900000000"):
        assert not browse(ana).get("/leads/known/", {"phone": nothing}).content.decode().strip()
