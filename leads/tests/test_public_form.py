"""The public form."""

import pytest

from leads.models import Lead, Source

GOOD = {"name": "Maria Souza", "phone": "(11) 99812-3340", "consent": "on"}


def test_a_stranger_becomes_a_lead_with_consent_and_tracking(client, ana):
    answer = client.post("/contato/?utm_source=insta&x=1", {**GOOD, "credit_amount": "R$ 150.000,00"})
    assert answer.status_code == 302
    lead = Lead.objects.get()
    assert (lead.source, lead.phone, lead.credit_amount) == (Source.FORM, "+5511998123340", 15_000_000)
    assert lead.tracking == {"utm_source": "insta"}
    assert lead.consented_at is not None
    assert lead.consultant_id == ana.pk


@pytest.mark.parametrize(
    "change",
    [{"name": ""}, {"name": "  "}, {"phone": "123"}, {"phone": "💸"}, {"consent": ""}, {"email": "x"},
     {"credit_amount": "muito"}, {"credit_amount": "9" * 25}, {"product": "yacht"}, {"name": "x" * 1_000_000}],
)  # fmt: skip
def test_what_does_not_fit_is_said_on_the_form(client, db, change):
    assert client.post("/contato/", {**GOOD, **change}).status_code == 422
    assert not Lead.objects.exists()


def test_a_robot_is_thanked_and_forgotten(client, db):
    assert client.post("/contato/", {**GOOD, "website": "spam"}).status_code == 302
    assert not Lead.objects.exists()


def test_a_flood_from_one_address_is_slowed_down(client, db, settings):
    settings.THROTTLE_ANONYMOUS = "1/min"
    assert client.post("/contato/", GOOD).status_code == 302
    assert client.post("/contato/", GOOD).status_code == 429
