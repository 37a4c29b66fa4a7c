"""The privacy pages: overview, the question before erasing, how long things stay."""

from crm.privacy.models import Erasure, RetentionRule
from leads.models import Lead

HTMX = {"hx-request": "true"}


def test_a_manager_erases_by_typing_the_name(browse, bruno, ana, new_lead):
    lead = new_lead(owner=ana, name="Maria Souza")
    address = f"/privacy/leads/{lead.pk}/erase/"
    assert browse(ana).get(address).status_code == 404 and browse(ana).post(address).status_code == 404
    client = browse(bruno)
    assert "Maria Souza" in client.get(address, headers=HTMX).content.decode()
    refused = ({}, {"reason": "pediu"}, {"reason": "pediu", "confirm": "Mario"}, {"confirm": "Maria Souza"})
    for values in (*refused, {"reason": "Maria Souza pediu", "confirm": "Maria Souza"}):
        assert client.post(address, values, headers=HTMX).status_code == 422
    assert not Erasure.objects.exists()
    done = client.post(address, {"reason": "pediu por e-mail", "confirm": " maria  souza "}, headers=HTMX)
    assert done.status_code == 204 and done["HX-Redirect"] == f"/leads/{lead.pk}/"
    assert client.get(address, headers=HTMX).status_code == 204
    page = client.get(f"/leads/{lead.pk}/").content.decode()
    assert "Maria" not in page and 'class="erased-note"' in page


def test_the_overview_shows_what_was_erased_and_what_would_go(browse, bruno, new_lead):
    lead = new_lead(name="Maria Souza")
    client = browse(bruno)
    assert client.get("/privacy/").status_code == 200
    client.post(f"/privacy/leads/{lead.pk}/erase/", {"reason": "pediu por carta", "confirm": str(lead.pk)})
    page = client.get("/privacy/").content.decode()
    assert "pediu por carta" in page and f"#{lead.pk}" in page and "Maria" not in page
    assert Lead.objects.get().erased_at


def test_a_rule_is_changed_in_its_row(browse, bruno, ana):
    address = "/privacy/retention/lost_leads/"
    assert browse(ana).post(address, {"days": "400", "active": "on"}).status_code == 404
    client = browse(bruno)
    answer = client.post(address, {"days": "400", "active": "on"}, headers=HTMX)
    assert answer.status_code == 200 and 'value="400"' in answer.content.decode()
    assert RetentionRule.objects.get(kind="lost_leads").active
    for bad in ({"days": "x"}, {"days": "0"}, {"days": "99999999999999999999"}):
        assert client.post(address, bad, headers=HTMX).status_code == 400
    assert client.post("/privacy/retention/nothing/", {"days": "4"}, headers=HTMX).status_code == 400
