"""Two leads of one person become one: what stays, what is filled, what nobody sees any more."""

import pytest

from crm.core.errors import NotFound
from crm.realtime.models import Event
from leads.actors import person
from leads.merge import lead_absorb, leads_unite
from leads.models import InteractionKind, Lead, LostReason, Source
from leads.moves import lead_move
from leads.selectors import board_columns, lead_get, leads_visible_to
from leads.services import lead_assign, lead_create, lead_update, leads_assign_waiting


def place(lead: Lead, status: str, **values: object) -> Lead:
    Lead.objects.filter(pk=lead.pk).update(status=status, **values)
    lead.refresh_from_db()
    return lead


def absorb(keep: Lead, gone: Lead) -> Lead:
    lead_absorb(keep_id=keep.pk, gone_id=gone.pk)
    gone.refresh_from_db()
    keep.refresh_from_db()
    return keep


def test_empty_fields_are_filled_and_known_ones_stay(ana, new_lead):
    keep = new_lead(owner=ana, name="Maria Souza", phone="", city="Natal")
    gone = new_lead(name="Maria", city="Recife", uf="RN", credit_amount=500)
    absorb(keep, gone)
    assert (keep.name, keep.city, keep.uf, keep.credit_amount) == ("Maria Souza", "Natal", "RN", 500)
    assert (keep.phone, keep.phone_key, gone.phone_key) == (gone.phone, gone.phone, "")
    assert (gone.merged_into, gone.name, gone.credit_amount) == (keep, "Maria", 500)


@pytest.mark.parametrize(
    ("of_keep", "of_gone", "stays"),
    [
        ("NEW", "QUALIFIED", "QUALIFIED"),
        ("PROPOSAL", "CONTACTED", "PROPOSAL"),
        ("WON", "PROPOSAL", "WON"),
        ("PROPOSAL", "WON", "WON"),
        ("LOST", "WON", "WON"),
        ("LOST", "CONTACTED", "CONTACTED"),
        ("LOST", "NEW", "LOST"),
        ("NEW", "LOST", "LOST"),
    ],
)
def test_the_further_column_stays_and_a_won_deal_is_never_reopened(new_lead, of_keep, of_gone, stays):
    closing = {"LOST": {"lost_reason": LostReason.RATE}, "WON": {"won_amount": 900}}
    keep = place(new_lead(), of_keep, **closing.get(of_keep, {}))
    gone = place(new_lead(), of_gone, **closing.get(of_gone, {}))
    absorb(keep, gone)
    assert keep.status == stays
    assert (keep.lost_reason, keep.won_amount) == (
        LostReason.RATE if stays == "LOST" else "",
        900 if stays == "WON" else None,
    )


def test_who_drags_the_card_meanwhile_is_told_that_it_changed(ana, new_lead):
    keep = new_lead(owner=ana)
    version = keep.version
    absorb(keep, new_lead())
    assert keep.version > version


def test_the_consultant_of_the_kept_lead_wins_else_the_other_one(ana, caio, new_lead):
    assert absorb(new_lead(owner=ana), new_lead(owner=caio)).consultant_id == ana.pk
    assert absorb(new_lead(), new_lead(owner=caio)).consultant_id == caio.pk
    assert caio.notifications.filter(kind="leads_merged").count() == 2
    assert ana.notifications.filter(kind="leads_merged").count() == 1


@pytest.mark.parametrize("first_is_kept", [True, False])
def test_the_lead_with_a_consultant_stays_else_the_further_one_else_the_older(ana, new_lead, first_is_kept):
    one, two = new_lead(), new_lead()
    assert leads_unite(lead_ids=[two.pk, one.pk]) == one.pk
    one, two = new_lead(), place(new_lead(), "QUALIFIED")
    assert leads_unite(lead_ids=[two.pk, one.pk]) == two.pk
    one, two = place(new_lead(), "QUALIFIED"), new_lead(owner=ana)
    assert leads_unite(lead_ids=[one.pk, two.pk]) == two.pk
    assert leads_unite(lead_ids=[]) is None


def test_a_merged_lead_is_on_no_board_and_its_address_shows_the_other(ana, bruno, browse, new_lead):
    keep, gone = new_lead(owner=ana, name="Maria Fica"), new_lead(owner=ana, name="Maria Some")
    absorb(keep, gone)
    for user in (ana, bruno):
        assert list(leads_visible_to(user)) == [keep]
        assert [card.pk for column in board_columns(user) for card in column.cards] == [keep.pk]
        assert lead_get(user, gone.pk) == keep
    page = browse(ana).get(f"/leads/{gone.pk}/").content.decode()
    assert "Maria Fica" in page
    assert browse(bruno).get("/admin/leads/lead/").content.decode().count("Maria Some") == 0


def test_a_stranger_does_not_reach_a_lead_through_one_merged_into_it(ana, caio, browse, new_lead):
    keep, gone = new_lead(owner=ana), new_lead(owner=caio)
    absorb(keep, gone)
    assert browse(caio).get(f"/leads/{gone.pk}/").status_code == 404


def test_a_merged_lead_takes_no_changes_and_is_not_merged_twice(new_lead):
    keep, gone = new_lead(), new_lead()
    absorb(keep, gone)
    with pytest.raises(NotFound):
        lead_update(lead_id=gone.pk, values={"city": "Natal"}, actor=person(None))
    with pytest.raises(NotFound):
        absorb(keep, gone)
    assert absorb(keep, keep) == keep


def test_both_phones_lead_to_the_kept_lead_also_after_a_second_merge(ana, new_lead):
    first, second, third = new_lead(owner=ana), new_lead(), new_lead(owner=ana)
    absorb(first, second)
    absorb(third, first)
    for lead in (first, second, third):
        found, created = lead_create(values={"name": "Maria", "phone": lead.phone}, source=Source.API)
        assert (found, created) == (third, False)


def test_a_kept_lead_may_take_the_phone_of_the_one_merged_into_it(new_lead):
    keep, gone = new_lead(), new_lead()
    absorb(keep, gone)
    lead_update(lead_id=keep.pk, values={"phone": gone.phone}, actor=person(None))
    keep.refresh_from_db()
    assert keep.phone == gone.phone
    assert lead_create(values={"name": "Maria", "phone": gone.phone}, source=Source.API)[0] == keep


def test_a_merged_lead_waits_for_no_consultant(ana, new_lead):
    keep, gone = new_lead(owner=ana), new_lead()
    lead_assign(lead_id=keep.pk, consultant_id=ana.pk)
    Lead.objects.filter(pk=gone.pk).update(awaits_consultant=True)
    absorb(keep, gone)
    assert not keep.awaits_consultant and not gone.awaits_consultant
    assert leads_assign_waiting() == 0


def test_the_history_shows_both_and_remembers_what_is_needed_to_undo_it(ana, browse, new_lead):
    keep, gone = new_lead(owner=ana, city=""), new_lead(city="Natal")
    lead_move(lead_id=keep.pk, to="CONTACTED", version=keep.version, actor=person(ana))
    absorb(keep, gone)
    (told,) = keep.interactions.filter(kind=InteractionKind.MERGED)
    assert told.data["gone"] == gone.pk
    assert told.data["before"]["city"] == ""
    assert gone.interactions.get(kind=InteractionKind.MERGED).data["into"] == keep.pk
    page = browse(ana).get(f"/leads/{keep.pk}/").content.decode()
    assert (page.count('data-kind="created"'), page.count('data-kind="merged"')) == (2, 1)


def test_the_boards_lose_the_gone_card_and_redraw_the_kept_one(ana, caio, new_lead):
    keep, gone = new_lead(owner=ana), new_lead(owner=caio)
    absorb(keep, gone)
    events = {(event.room, event.object_id): event for event in Event.objects.order_by("seq")}
    latest = {place: event.kind for place, event in events.items()}
    assert latest[f"board.{caio.pk}", f"lead-{gone.pk}"] == latest["board", f"lead-{gone.pk}"] == "gone"
    assert latest[f"board.{ana.pk}", f"lead-{keep.pk}"] == latest["board", f"lead-{keep.pk}"] == "card"
    assert f"/leads/{keep.pk}/" in events[f"lead.{gone.pk}", f"detail-{gone.pk}"].html["en"]
