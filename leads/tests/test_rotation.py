"""Round-robin: exact, also when many leads come at once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from crm.accounts.services import availability_set
from leads.models import Consultant, Lead, Source
from leads.rotation import next_in_turn
from leads.services import lead_create, leads_assign_waiting


def lead_number(number: int) -> Lead:
    lead, _ = lead_create(values={"name": f"Lead {number}", "phone": f"+55119{number:08d}"}, source=Source.API)
    return lead


def test_consultants_take_turns(ana, caio):
    owners = [lead_number(number).consultant_id for number in range(10, 14)]
    assert owners == [ana.pk, caio.pk, ana.pk, caio.pk]


def test_the_next_in_turn_is_visible(ana, caio):
    lead_number(10)
    assert next_in_turn().pk == caio.pk


def test_who_is_away_is_passed_over_and_then_served_once(ana, caio):
    availability_set(user_id=ana.pk, available=False)
    assert [lead_number(number).consultant_id for number in (10, 11)] == [caio.pk, caio.pk]
    availability_set(user_id=ana.pk, available=True)
    assert [lead_number(number).consultant_id for number in (12, 13, 14)] == [ana.pk, caio.pk, ana.pk]


def test_nobody_available_means_everybody_active(ana, caio):
    for user in (ana, caio):
        availability_set(user_id=user.pk, available=False)
    assert {lead_number(number).consultant_id for number in (10, 11)} == {ana.pk, caio.pk}


def test_statistics_are_kept(ana):
    lead_number(10)
    row = Consultant.objects.get(pk=ana.pk)
    assert row.assigned_count == 1
    assert row.last_assigned_at is not None


def test_leads_nobody_could_take_are_assigned_when_someone_returns(ana):
    Consultant.objects.update(in_rotation=False)
    lead = lead_number(10)
    assert lead.consultant_id is None
    Consultant.objects.update(in_rotation=True)
    assert leads_assign_waiting() == 1
    lead.refresh_from_db()
    assert lead.consultant_id == ana.pk


@pytest.mark.thorough
@pytest.mark.django_db(transaction=True)
def test_sixteen_clients_at_once_spread_leads_evenly(ana, caio):
    def create(number: int) -> int | None:
        try:
            return lead_number(number).consultant_id
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        owners = Counter(pool.map(create, range(1, 201)))
    assert Lead.objects.count() == 200
    assert owners == {ana.pk: 100, caio.pk: 100}
