"""Lists of the API: what filters leave, how pages follow each other, what is refused, what they cost."""

from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.accounts.models import User
from crm.api.tests.asking import program
from crm.core.clock import now
from leads.actors import person
from leads.agenda import task_create
from leads.models import Consultant, Lead, Source
from leads.notes import note_add
from leads.services import lead_create

PLACE = "/api/v1/leads"
NOT_UNDERSTOOD = [
    ("status=DONE", "status"),
    ("colour=red", "colour"),
    ("consultant=ana", "consultant"),
    ("consultant=0", "consultant"),
    (f"consultant={10**30}", "consultant"),
    ("unassigned=maybe", "unassigned"),
    ("created_after=2026-01-01", "created_after"),
    ("created_after=2026-01-01T00:00:00", "created_after"),
    ("created_after=2026-13-41T00:00:00Z", "created_after"),
    ("credit_amount_min=-1", "credit_amount_min"),
    ("phone=abc", "phone"),
    ("search=%00", "search"),
    ("ordering=name", "ordering"),
    ("ordering=-created_at,id", "ordering"),
    ("limit=0", "limit"),
    ("limit=1000", "limit"),
    ("limit=ten", "limit"),
    ("limit=00000000011000", "limit"),
    (f"limit={'9' * 5000}", "limit"),
    ("cursor=", "cursor"),
    ("cursor=x", "cursor"),
    ("cursor=%C3%A9", "cursor"),
    ("cursor=WyItY3JlYXRlZF9hdCIsInllc3RlcmRheSIsMSwwXQ", "cursor"),  # ["-created_at","yesterday",1,0]
    ("cursor=WyItY3JlYXRlZF9hdCIsICJcdTAwMDAiLCAxLCAwXQ", "cursor"),  # a NUL
    ("cursor=WyJpZCIsMSwxLDBd", "cursor"),  # of another ordering
    ("cursor=WyItY3JlYXRlZF9hdCIsbnVsbCwxZTQwMCwwXQ", "cursor"),  # a key of 1e400
    # ["-created_at","2026-01-01T00:00:00",1,0]: of which zone?
    ("cursor=WyItY3JlYXRlZF9hdCIsIjIwMjYtMDEtMDFUMDA6MDA6MDAiLDEsMF0", "cursor"),
]


def ids(answer) -> list[int]:
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


def walk(client: Client, query: dict, *, between=lambda: None) -> list[int]:
    """The ids of all pages, one after the other."""
    answer, found = client.get(PLACE, query), []
    while True:
        found += ids(answer)
        if (address := answer.json()["next"]) is None:
            return found
        between()
        answer = client.get(address)


@pytest.fixture
def many(ana):
    """Thirty leads; only some have an amount, scores are shared by many."""
    rows = [
        Lead(
            name=f"Lead {n}", phone=f"+55119980000{n}", phone_key=f"+55119980000{n}", rank=n, consultant_id=ana.pk,
            ai_score=n % 2 * 50, credit_amount=n % 3 * 100 if n % 4 else None, source=Source.API,
        )
        for n in range(10, 40)
    ]  # fmt: skip
    return Lead.objects.bulk_create(rows)


@pytest.mark.parametrize(
    "ordering", ["-created_at", "updated_at", "-ai_score", "credit_amount", "-credit_amount", "id"]
)
def test_pages_show_each_row_once_in_order_while_others_are_added(ana, many, ordering):
    """All rows of one score, or without an amount, stand at one place but for their key."""
    number = iter(range(100))

    def add():
        lead_create(values={"name": "New", "phone": f"+551199700{next(number):04}"}, source=Source.API)

    found = walk(program(ana), {"ordering": ordering, "limit": 11}, between=add)
    known = {lead.pk for lead in many}
    kept = [pk for pk in found if pk in known]
    assert sorted(kept) == sorted(known)
    name, down = ordering.removeprefix("-"), ordering.startswith("-")
    rows = sorted(Lead.objects.filter(pk__in=known), key=lambda lead: lead.pk, reverse=down)
    values = [lead for lead in rows if getattr(lead, name) is not None]
    empty = [lead for lead in rows if getattr(lead, name) is None]
    assert kept == [lead.pk for lead in [*sorted(values, key=lambda lead: getattr(lead, name), reverse=down), *empty]]


@pytest.mark.parametrize("ordering", ["-created_at", "credit_amount", "-ai_score"])
def test_the_page_before_is_found_again(ana, many, ordering):
    client, pages = program(ana), []
    answer = client.get(PLACE, {"ordering": ordering, "limit": 7}).json()
    assert answer["previous"] is None
    while answer["next"]:
        pages.append([row["id"] for row in answer["results"]])
        answer = client.get(answer["next"]).json()
    while answer["previous"]:
        answer = client.get(answer["previous"]).json()
        assert [row["id"] for row in answer["results"]] == pages.pop()
    assert pages == []


def test_filters_leave_what_fits(ana, caio, bruno, new_lead):
    hot = new_lead(owner=ana, name="Maria Souza", uf="SP", product="home_equity", credit_amount=500)
    cold = new_lead(owner=caio, name="João Lima", uf="RJ", product="consorcio", credit_amount=900)
    free = new_lead(name="Nobody's")
    Lead.objects.filter(pk=hot.pk).update(status="WON", ai_temperature="HOT")
    client = program(bruno)

    def found(**query) -> list[int]:
        return ids(client.get(PLACE, {**query, "ordering": "id"}))

    assert found(status="WON") == found(temperature="HOT") == found(uf="SP") == [hot.pk]
    assert found(status=["WON", "NEW"]) == [hot.pk, cold.pk, free.pk]
    assert found(product="consorcio") == found(consultant=caio.pk) == found(credit_amount_min=501) == [cold.pk]
    assert found(credit_amount_max=500) == [hot.pk]
    assert found(unassigned="true") == [free.pk]
    assert found(unassigned="false", source="manual") == [hot.pk, cold.pk]
    assert found(search="joao") == found(phone=cold.phone) == found(phone=cold.phone[3:]) == [cold.pk]
    assert len(found(created_after="0001-01-01T00:00:00+14:00", created_before="9999-12-31T23:59:59-14:00")) == 3
    soon = (now() + timedelta(minutes=1)).isoformat()
    assert found(created_after=soon) == found(updated_after=soon) == []
    assert len(found(created_before=soon)) == 3
    assert ids(client.get(f"{PLACE}?created_before={soon}")) == [free.pk, cold.pk, hot.pk]  # + not written as %2B


def test_what_is_not_understood_is_named(ana, new_lead):
    new_lead(owner=ana)
    client = program(ana)
    for query, field in NOT_UNDERSTOOD:
        answer = client.get(f"{PLACE}?{query}")
        assert answer.status_code == 400, query
        assert list(answer.json()["error"]["fields"]) == [field], query


def test_a_cursor_may_say_its_moment_by_any_offset(ana, new_lead):
    """Python knows offsets that PostgreSQL does not."""
    new_lead(owner=ana)
    cursor = urlsafe_b64encode(b'["-created_at", "9000-01-01T00:00:00+23:59", 1, 0]').decode()
    assert len(ids(program(ana).get(PLACE, {"cursor": cursor}))) == 1


def test_a_cursor_shows_no_more_than_one_may_see(ana, caio, new_lead):
    for _n in range(3):
        new_lead(owner=ana)
    address = program(ana).get(PLACE, {"limit": 1}).json()["next"]
    assert ids(program(caio).get(address)) == []


def test_a_list_costs_the_same_queries_however_long_it_is(ana: User, many: list[Lead], django_assert_max_num_queries):
    client = program(ana)
    client.get(PLACE)
    for limit in (2, 30):
        with django_assert_max_num_queries(2):  # the key, the leads
            assert len(ids(client.get(PLACE, {"limit": limit}))) == limit


@pytest.mark.parametrize("place", ["/tasks", "/leads/{}/interactions", "/leads/{}/notes", "/consultants"])
def test_other_lists_cost_the_same_too(ana, bruno, new_lead, place):
    lead, client = new_lead(owner=ana), program(bruno)
    client.get("/api/v1/leads")  # that the key was used is written once a minute
    costs = []
    for number in (1, 4):
        for each in range(number):
            note_add(lead_id=lead.pk, text=f"Note {number} {each}", author=bruno)
            due_at = now() + timedelta(hours=number + each)
            task_create(lead_id=new_lead(owner=ana).pk, title="Call", due_at=due_at, actor=person(bruno))
            user = User.objects.create_user(f"{number}{each}@example.com", None, name="Dora")
            Consultant.objects.create(user=user)
        with CaptureQueriesContext(connection) as queries:
            rows = client.get(f"/api/v1{place.format(lead.pk)}").json()["results"]
        costs.append((len(rows), len(queries)))
    (few, cost), (more, as_much) = costs
    assert few < more
    assert cost == as_much
