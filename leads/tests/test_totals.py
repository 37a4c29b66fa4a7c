"""Column totals are exact for every room, whatever changes a lead."""

from django.db.models import Sum

from leads.actors import person
from leads.merge import lead_absorb
from leads.models import BoardDelta, Lead
from leads.moves import lead_move
from leads.selectors import room_totals
from leads.services import lead_assign
from leads.totals import totals_compact


def totals(room: str) -> dict[str, tuple[int, int]]:
    return {total.status: (total.n, total.amount) for total in room_totals(room) if total.n or total.amount}


def test_totals_follow_creation_amount_owner_and_status(ana, caio, new_lead):
    lead = new_lead(owner=ana, credit_amount=500)
    new_lead(credit_amount=70)
    assert totals("board") == {"NEW": (2, 570)}
    assert totals(f"board.{ana.pk}") == {"NEW": (1, 500)}
    assert totals("board.open") == {"NEW": (1, 70)}
    lead = lead_move(lead_id=lead.pk, to="PROPOSAL", version=lead.version, actor=person(ana))
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk)
    assert totals(f"board.{ana.pk}") == {}
    assert totals(f"board.{caio.pk}") == {"PROPOSAL": (1, 500)}


def test_won_deals_count_with_the_amount_of_the_deal(ana, new_lead):
    lead = new_lead(owner=ana, credit_amount=500)
    lead = lead_move(lead_id=lead.pk, to="PROPOSAL", version=lead.version, actor=person(ana))
    lead_move(lead_id=lead.pk, to="WON", version=lead.version, actor=person(ana), won_amount=450)
    assert totals("board") == {"WON": (1, 450)}


def test_bulk_changes_count_too_and_folding_changes_nothing(ana, new_lead):
    for amount in (100, 200, 300):
        new_lead(credit_amount=amount)
    Lead.objects.filter(credit_amount=300).update(status="LOST")
    before = totals("board")
    rows = BoardDelta.objects.count()
    totals_compact()
    assert totals("board") == before == {"NEW": (2, 300), "LOST": (1, 300)}
    assert BoardDelta.objects.count() < rows
    assert BoardDelta.objects.aggregate(Sum("leads"))["leads__sum"] == Lead.objects.count()


def test_a_lead_merged_into_another_counts_no_more(ana, caio, new_lead):
    keep, gone = new_lead(owner=ana, phone="", credit_amount=100), new_lead(owner=caio, credit_amount=70)
    lead_absorb(keep_id=keep.pk, gone_id=gone.pk)
    assert totals("board") == totals(f"board.{ana.pk}") == {"NEW": (1, 100)}
    assert totals(f"board.{caio.pk}") == {}
    Lead.objects.filter(pk=gone.pk).update(status="LOST", credit_amount=999)
    assert totals("board") == {"NEW": (1, 100)}
    Lead.objects.filter(pk=gone.pk).update(merged_into=None)
    assert totals("board") == {"NEW": (1, 100), "LOST": (1, 999)}
    Lead.objects.filter(pk=gone.pk).update(merged_into=keep)
    gone.interactions.all()._raw_delete("default")
    Lead.objects.filter(pk=gone.pk)._raw_delete("default")
    assert totals("board") == {"NEW": (1, 100)}
    totals_compact()
    assert totals("board") == {"NEW": (1, 100)}


def test_an_amount_learned_from_a_merged_lead_is_counted_once(new_lead):
    keep, gone = new_lead(), new_lead(credit_amount=70)
    lead_absorb(keep_id=keep.pk, gone_id=gone.pk)
    assert totals("board") == {"NEW": (1, 70)}
