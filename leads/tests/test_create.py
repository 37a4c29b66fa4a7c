"""Leads enter: validated, classified, assigned, on the board, in one transaction."""

import pytest

from crm.core.errors import Invalid
from crm.realtime.models import Event, Notification
from leads.models import InteractionKind, Lead, Source
from leads.services import lead_create


def create(**values):
    return lead_create(values={"name": "Maria", "phone": "+5511998123340", **values}, source=Source.API)


def test_a_lead_is_classified_assigned_and_announced_at_once(ana):
    lead, created = create(product="home_equity", credit_amount=25_000_000, monthly_income=1_400_000)
    assert created
    assert lead.consultant_id == ana.pk
    assert lead.ai_temperature in ("HOT", "WARM", "COLD")
    assert [item.kind for item in lead.interactions.all()] == [InteractionKind.TASK_ADDED, InteractionKind.CREATED]
    assert Notification.objects.get(user=ana).title == "Novo lead: Maria"
    rooms = Event.objects.filter(object_id=f"lead-{lead.pk}", kind="card").values_list("room", flat=True)
    assert sorted(rooms) == ["board", f"board.{ana.pk}"]


def test_a_failure_in_the_middle_leaves_nothing(ana):
    with pytest.raises(Invalid):
        create(phone="+123")
    assert not Lead.objects.exists()
    assert not Event.objects.exists()
    assert not Notification.objects.exists()


def test_the_same_phone_is_the_same_lead_with_and_without_the_ninth_digit(ana):
    first, _ = create()
    again, created = create(phone="+551198123340", email="maria@example.com", name="Outra Maria")
    assert not created
    assert again.pk == first.pk
    assert (again.name, again.email) == ("Maria", "maria@example.com")
    assert again.interactions.first().kind == InteractionKind.RETURNED


def test_who_comes_back_rings_the_owner_bell(ana):
    create()
    create(message="ainda quero")
    assert Notification.objects.filter(user=ana, kind="lead_returned").count() == 1


def test_with_nobody_in_the_rotation_a_lead_waits(db):
    lead, _ = create()
    assert lead.consultant is None
    assert lead.awaits_consultant


def test_a_lead_needs_no_phone_when_typed_by_hand(ana):
    one, _ = lead_create(values={"name": "Sem Telefone"}, source=Source.MANUAL)
    two, _ = lead_create(values={"name": "Também sem"}, source=Source.MANUAL)
    assert one.pk != two.pk
