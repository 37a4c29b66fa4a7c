"""The board page, its paging, and the drawer."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.models import Lead


def test_a_consultant_sees_own_and_unowned_leads_a_stranger_does_not(ana, caio, browse, new_lead):
    lead = new_lead(owner=ana, name="Cliente da Ana")
    new_lead(name="De ninguém")
    page = browse(ana).get("/board/").content.decode()
    assert "Cliente da Ana" in page and "De ninguém" in page
    other = browse(caio).get("/board/").content.decode()
    assert "Cliente da Ana" not in other and "De ninguém" in other
    for address in ("", "edit/"):
        assert browse(caio).get(f"/leads/{lead.pk}/{address}").status_code == 404
    assert browse(caio).post(f"/leads/{lead.pk}/move/", {"to": "CONTACTED"}).status_code == 404


def test_a_manager_sees_all(bruno, ana, browse, new_lead):
    new_lead(owner=ana, name="Cliente da Ana")
    assert "Cliente da Ana" in browse(bruno).get("/board/").content.decode()


def test_unowned_leads_are_hidden_when_the_setting_says_so(ana, browse, new_lead, settings):
    settings.CONSULTANTS_SEE_UNOWNED = False
    new_lead(name="De ninguém")
    assert "De ninguém" not in browse(ana).get("/board/").content.decode()


def test_a_shared_board_shows_the_team(ana, caio, browse, new_lead, settings):
    settings.BOARD_SHARED = True
    new_lead(owner=ana, name="Cliente da Ana")
    assert "Cliente da Ana" in browse(caio).get("/board/").content.decode()


def test_a_column_loads_page_by_page_without_gaps_or_repeats(bruno, browse, new_lead, settings):
    settings.BOARD_PAGE_SIZE = 2
    leads = [new_lead(name=f"Lead {number}") for number in range(5)]
    client = browse(bruno)
    seen, page = [], client.get("/board/").content.decode()
    last = leads[-2]
    for _ in range(3):
        seen += [lead.pk for lead in reversed(leads) if f'id="lead-{lead.pk}"' in page]
        last.refresh_from_db()
        page = client.get(f"/board/columns/NEW/?rank={last.rank}&id={last.pk}").content.decode()
        last = leads[max(leads.index(last) - 2, 0)]
    assert seen == [lead.pk for lead in reversed(leads)]


@pytest.mark.parametrize("query", ["", "?rank=x&id=1", "?rank=1&id=99999999999999999999"])
def test_a_nonsense_page_is_a_400(bruno, browse, query):
    assert browse(bruno).get(f"/board/columns/NEW/{query}").status_code == 400


def test_an_unknown_column_is_a_404(bruno, browse):
    assert browse(bruno).get("/board/columns/XX/?rank=1&id=1").status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_board(bruno, ana, browse, new_lead):
    client = browse(bruno)
    for _ in range(3):
        new_lead(owner=ana)
    with CaptureQueriesContext(connection) as few:
        client.get("/board/")
    for _ in range(12):
        new_lead(owner=ana)
    with CaptureQueriesContext(connection) as many:
        client.get("/board/")
    assert len(many) == len(few) <= 20


def test_a_refused_move_answers_with_the_card_where_it_belongs(ana, browse, new_lead):
    lead = new_lead(owner=ana)
    answer = browse(ana).post(f"/leads/{lead.pk}/move/", {"to": "WON", "version": lead.version})
    assert answer.status_code == 409
    body = answer.json()
    assert body["error"]["code"] == "move_refused"
    assert 'data-place="#cards-NEW"' in body["card"]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"to": "CONTACTED"}, 409),
        ({"to": "CONTACTED", "version": "999"}, 409),
        ({"to": "💸", "version": "1"}, 400),
        ({}, 400),
        ({"to": "LOST", "version": "1"}, 400),
        ({"to": "WON", "version": "1", "won_amount": "abc"}, 400),
    ],
)
def test_nonsense_moves_are_refused_with_a_sentence(ana, browse, new_lead, data, status):
    lead = new_lead(owner=ana)
    answer = browse(ana).post(f"/leads/{lead.pk}/move/", data)
    assert answer.status_code == status
    assert answer.json()["error"]["message"]


def test_a_move_answers_204_and_after_an_unknown_card_goes_to_the_top(ana, browse, new_lead):
    lead = new_lead(owner=ana)
    answer = browse(ana).post(
        f"/leads/{lead.pk}/move/", {"to": "CONTACTED", "version": lead.version, "after": "987654"}
    )
    assert answer.status_code == 204


def test_a_lead_typed_by_hand_belongs_to_who_typed_it(ana, caio, browse):
    answer = browse(caio).post(
        "/leads/new/", {"name": "Digitado", "phone": "(11) 99812-3340", "credit_amount": "150 mil"}
    )
    assert answer.status_code == 204
    lead = Lead.objects.get(name="Digitado")
    assert (lead.consultant_id, lead.phone, lead.credit_amount) == (caio.pk, "+5511998123340", 15_000_000)


def test_only_a_manager_assigns(ana, caio, bruno, browse, new_lead):
    lead = new_lead(owner=ana)
    assert browse(ana).post(f"/leads/{lead.pk}/assign/", {"consultant": caio.pk}).status_code == 404
    assert browse(bruno).post(f"/leads/{lead.pk}/assign/", {"consultant": caio.pk}).status_code == 302
    lead.refresh_from_db()
    assert lead.consultant_id == caio.pk
    assert browse(ana).get(f"/leads/{lead.pk}/").status_code == 404


@pytest.mark.parametrize("consultant", ["abc", "999999"])
def test_assigning_to_nobody_known_is_refused(bruno, ana, browse, new_lead, consultant):
    answer = browse(bruno).post(f"/leads/{new_lead(owner=ana).pk}/assign/", {"consultant": consultant})
    assert answer.status_code in (400, 404)
