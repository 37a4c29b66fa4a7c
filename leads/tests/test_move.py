"""Moving cards: allowed moves, refused ones, order, and what the board is told."""

import pytest

from crm.core.errors import Conflict, Invalid
from crm.realtime.models import Event
from leads.actors import person
from leads.models import InteractionKind, Lead
from leads.moves import lead_move
from leads.pipeline import Status


def move(lead, to, user, **options):
    return lead_move(lead_id=lead.pk, to=to, version=lead.version, actor=person(user), **options)


def column(status) -> list[int]:
    return list(Lead.objects.filter(status=status).order_by("rank", "-pk").values_list("pk", flat=True))


def test_a_move_changes_status_and_leaves_a_trace(ana, new_lead):
    lead = move(new_lead(owner=ana), "CONTACTED", ana)
    assert lead.status == Status.CONTACTED
    trace = lead.interactions.first()
    assert (trace.kind, trace.actor, trace.data["origin"], trace.data["to"]) == (
        InteractionKind.MOVED, ana, "NEW", "CONTACTED",
    )  # fmt: skip


def test_the_board_gets_the_card_and_the_totals_of_all_columns(ana, new_lead):
    lead = move(new_lead(owner=ana, credit_amount=10_000_00), "CONTACTED", ana)
    card, html = (
        Event.objects.filter(room="board", object_id=name).latest("seq").html["pt-br"]
        for name in (f"lead-{lead.pk}", "totals")
    )
    assert 'data-place="#cards-CONTACTED"' in card
    assert 'id="total-board-CONTACTED"' in html
    assert 'data-n="1"' in html
    assert 'data-amount="1000000"' in html


def test_a_stale_version_is_refused(ana, new_lead):
    lead = new_lead(owner=ana)
    old = Lead.objects.get(pk=lead.pk)
    move(lead, "CONTACTED", ana)
    with pytest.raises(Conflict) as refusal:
        move(old, "QUALIFIED", ana)
    assert refusal.value.code == "stale"


@pytest.mark.parametrize("to", ["NOWHERE", "", "new", "💸"])
def test_an_unknown_column_is_refused(ana, new_lead, to):
    with pytest.raises(Invalid):
        move(new_lead(owner=ana), to, ana)


def test_nothing_goes_back_to_livia(ana, new_lead):
    lead = move(new_lead(owner=ana), "CONTACTED", ana)
    with pytest.raises(Conflict) as refusal:
        move(lead, "NEW", ana)
    assert refusal.value.code == "move_refused"


def test_losing_asks_for_the_reason_and_winning_for_the_amount(ana, new_lead):
    lead = move(new_lead(owner=ana), "PROPOSAL", ana)
    with pytest.raises(Invalid):
        move(lead, "LOST", ana)
    with pytest.raises(Invalid):
        move(lead, "WON", ana, won_amount=0)
    lead = move(lead, "WON", ana, won_amount=30_000_000)
    assert lead.won_amount == 30_000_000


def test_only_a_manager_reopens_a_won_deal(ana, bruno, new_lead):
    lead = move(move(new_lead(owner=ana), "PROPOSAL", ana), "WON", ana, won_amount=100)
    with pytest.raises(Conflict):
        move(lead, "PROPOSAL", ana)
    lead = move(lead, "PROPOSAL", bruno)
    assert lead.won_amount is None


def test_a_card_lands_under_the_one_it_was_dropped_on(ana, new_lead):
    first, second, third = (move(new_lead(owner=ana), "CONTACTED", ana) for _ in range(3))
    assert column("CONTACTED") == [third.pk, second.pk, first.pk]
    move(third, "CONTACTED", ana, after_id=second.pk)
    assert column("CONTACTED") == [second.pk, third.pk, first.pk]


def test_a_hundred_drops_into_one_gap_keep_the_order(ana, new_lead):
    bottom, mover, other, top = (move(new_lead(owner=ana), "CONTACTED", ana) for _ in range(4))
    for turn in range(100):
        card = mover if turn % 2 else other
        card = move(Lead.objects.get(pk=card.pk), "CONTACTED", ana, after_id=top.pk)
        assert column("CONTACTED")[:2] == [top.pk, card.pk]
    assert column("CONTACTED")[-1] == bottom.pk


def test_moving_a_card_nobody_owns_makes_it_mine(ana, new_lead):
    assert move(new_lead(), "CONTACTED", ana).consultant_id == ana.pk
