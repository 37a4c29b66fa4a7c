"""The other strategy: the lead goes to whoever has the fewest open ones."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from crm.accounts.services import availability_set
from leads.models import Consultant, Lead, Source
from leads.rotation import next_in_turn
from leads.services import lead_create
from leads.totals import totals_compact


@pytest.fixture(autouse=True)
def least_loaded(settings) -> None:
    settings.ASSIGNMENT_STRATEGY = "least_loaded"


def lead_number(number: int) -> Lead:
    lead, _ = lead_create(values={"name": f"Lead {number}", "phone": f"+55119{number:08d}"}, source=Source.API)
    return lead


def test_whoever_has_fewer_open_leads_is_next_and_the_turn_decides_among_equals(ana, caio, new_lead):
    for _ in range(2):
        new_lead(owner=ana)
    assert next_in_turn().pk == caio.pk
    owners = [lead_number(number).consultant_id for number in range(10, 14)]
    assert owners[:2] == [caio.pk, caio.pk]
    assert sorted(owners[2:]) == sorted([ana.pk, caio.pk])


def test_closed_leads_are_no_load(ana, caio, new_lead):
    for status in ("WON", "LOST", "LOST"):
        Lead.objects.filter(pk=new_lead(owner=ana).pk).update(status=status)
    new_lead(owner=caio)
    totals_compact()
    assert lead_number(10).consultant_id == ana.pk


def test_who_is_away_is_passed_over_however_idle(ana, caio, new_lead):
    new_lead(owner=ana)
    availability_set(user_id=caio.pk, available=False)
    assert next_in_turn().pk == lead_number(10).consultant_id == ana.pk


def test_what_is_shown_as_next_is_who_is_chosen(ana, caio, new_lead):
    for number in range(10, 16):
        expected = next_in_turn().pk
        assert lead_number(number).consultant_id == expected
        new_lead(owner=ana)


def test_managers_see_the_open_leads_of_each(ana, caio, bruno, browse, new_lead):
    new_lead(owner=ana)
    page = browse(bruno).get(reverse("admin:leads_consultant_changelist"))
    assert {row.pk: row.open_leads for row in page.context["cl"].result_list} == {ana.pk: 1, caio.pk: 0}


@pytest.mark.django_db(transaction=True)
def test_sixteen_clients_at_once_even_out_an_uneven_start(ana, caio, new_lead):
    for _ in range(20):
        new_lead(owner=ana)

    def create(number: int) -> int | None:
        try:
            return lead_number(number).consultant_id
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        owners = Counter(pool.map(create, range(1, 61)))
    assert owners == {ana.pk: 20, caio.pk: 40}
    assert Consultant.objects.get(pk=caio.pk).assigned_count == 40
