"""Cards kept in the cache show what is true, and a page of them costs one look."""

import pytest
from django.db import transaction
from django.utils import translation

from leads.actors import person
from leads.cards import cards_html
from leads.models import Lead
from leads.moves import lead_move
from leads.services import lead_update


def card(lead: Lead) -> str:
    fresh = Lead.objects.select_related("consultant__user").get(pk=lead.pk)
    return cards_html([fresh])[lead.pk]


def test_a_second_page_takes_its_cards_from_the_cache(ana, browse, new_lead, monkeypatch) -> None:
    for _ in range(3):
        new_lead(owner=ana)
    client = browse(ana)
    first = client.get("/board/").content
    monkeypatch.setattr("leads.cards.render_to_string", lambda *_: pytest.fail("rendered again"))
    second = client.get("/board/").content
    assert first.count(b"<article") == second.count(b"<article") == 3


def test_a_change_shows_at_once_and_so_does_a_consultants_new_name(ana, new_lead) -> None:
    lead = new_lead(owner=ana)
    assert "Maria Souza" in card(lead) and 'title="Ana Clara"' in card(lead)
    lead_update(lead_id=lead.pk, values={"name": "Maria Nova"}, actor=person(ana))
    assert "Maria Nova" in card(lead)
    ana.name = "Ana Dias"
    ana.save()
    assert 'title="Ana Dias"' in card(lead)


def test_a_card_is_kept_in_each_language(ana, new_lead) -> None:
    lead = new_lead(owner=ana)
    with translation.override("en"):
        english = card(lead)
    with translation.override("pt-br"):
        assert card(lead) != english
    assert "Amount to be defined" in english


@pytest.mark.django_db(transaction=True)
def test_a_change_that_was_undone_leaves_no_card_behind(ana, new_lead) -> None:
    lead = new_lead(owner=ana)

    class Undone(Exception):
        pass

    with pytest.raises(Undone), transaction.atomic():
        lead_update(lead_id=lead.pk, values={"name": "Nunca foi"}, actor=person(ana))
        raise Undone
    lead_update(lead_id=lead.pk, values={"city": "Natal"}, actor=person(ana))
    assert "Nunca foi" not in card(lead)


@pytest.mark.django_db(transaction=True)
def test_the_push_stores_what_it_rendered(ana, new_lead, monkeypatch) -> None:
    lead = new_lead(owner=ana)
    lead_move(lead_id=lead.pk, to="CONTACTED", version=lead.version, actor=person(ana))
    monkeypatch.setattr("leads.cards.render_to_string", lambda *_: pytest.fail("rendered again"))
    with translation.override("pt-br"):
        assert 'data-status="CONTACTED"' in card(lead)
