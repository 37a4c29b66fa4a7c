"""The page of the rotation: the line and why, switches, a look ahead that writes nothing, leads that wait."""

from datetime import time, timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone, translation

from crm.accounts.models import User
from crm.accounts.services import availability_set
from crm.core.clock import now
from leads.models import Absence, AssignmentRule, Consultant, Lead, Source, WorkingHours
from leads.rotation_page import hours_in_words, rotation_page
from leads.services import lead_create

PAGE = "/rotation/"


@pytest.fixture
def manager(bruno, browse):
    client = browse(bruno)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def lead_number(number: int) -> Lead:
    values = {"name": f"Lead {number}", "phone": f"+55119{number:08d}"}
    return lead_create(values=values, source=Source.API)[0]


def act(client, user, **change: str):
    return client.post(reverse("leads:rotation_member", args=[user.pk]), change, headers={"HX-Request": "true"})


def rows() -> dict[int, tuple[int | None, str]]:
    return {row.consultant.pk: (row.place, row.why) for row in rotation_page()["rows"]}


def test_everybody_has_a_place_or_the_reason_for_none(ana, caio):
    people = [User.objects.create_user(f"c{n}@example.com", name=f"Consultora {n}") for n in range(4)]
    for user in people:
        Consultant.objects.create(user=user)
    absent, off_hours, out, gone = people
    today = timezone.localdate()
    Absence.objects.create(consultant_id=absent.pk, first_day=today, last_day=today + timedelta(days=3))
    other_day = (today.weekday() + 3) % 7
    WorkingHours.objects.create(consultant_id=off_hours.pk, weekday=other_day, begins="09:00", ends="10:00")
    Consultant.objects.filter(pk=out.pk).update(in_rotation=False)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    availability_set(user_id=caio.pk, available=False)
    assert rows() == {
        ana.pk: (1, "On duty"),
        caio.pk: (2, "Switched to away"),
        absent.pk: (3, f"Off until {today + timedelta(days=3):%d/%m/%Y}"),
        off_hours.pk: (4, "Outside working hours"),
        out.pk: (None, "Out of the rotation"),
        gone.pk: (None, "Account switched off"),
    }


def test_figures_are_those_of_today_the_week_and_in_all(ana, caio):
    old = lead_number(1)
    past = now() - timedelta(days=8)
    Lead.objects.filter(pk=old.pk).update(created_at=past)
    with connection.cursor() as cursor:  # interactions are append-only to everybody else
        cursor.execute("UPDATE leads_interaction SET created_at = %s", [past])
    for number in (2, 3):
        lead_number(number)
    page = rotation_page()
    figures = {row.consultant.pk: (row.today, row.week, row.consultant.assigned_count) for row in page["rows"]}
    assert figures == {ana.pk: (1, 1, 2), caio.pk: (1, 1, 1)}
    assert (page["spread"], page["week_spread"]) == (1, 0)


def test_pausing_the_last_one_warns_and_leads_wait_until_somebody_is_back(ana, manager):
    answer = act(manager, ana, in_rotation="0")
    assert b"Nobody is in the rotation" in answer.content
    lead = lead_number(1)
    assert lead.awaits_consultant
    waiting = manager.get(PAGE)
    assert b"Lead 1" in waiting.content and b"Nobody is in the rotation: the lead would wait" in waiting.content
    none = manager.post(reverse("leads:rotation_waiting"), headers={"HX-Request": "true"})
    assert "No lead found" in none["HX-Trigger"]
    assert Lead.objects.get(pk=lead.pk).revision == lead.revision  # asking again each minute changes nothing
    act(manager, ana, in_rotation="1")
    done = manager.post(reverse("leads:rotation_waiting"), headers={"HX-Request": "true"})
    assert "1 lead found a consultant" in done["HX-Trigger"]
    assert Lead.objects.get(pk=lead.pk).consultant_id == ana.pk


def test_a_manager_switches_somebody_away(ana, caio, manager):
    act(manager, ana, available="0")
    assert not User.objects.get(pk=ana.pk).available
    assert rows()[caio.pk][0] == 1


@pytest.mark.parametrize("change", [{}, {"in_rotation": "x"}, {"available": "1", "in_rotation": "1"}])
def test_what_is_no_change_is_refused(ana, manager, change):
    assert act(manager, ana, **change).status_code == 400


def test_nobody_outside_the_rotation_can_be_switched(bruno, manager):
    assert act(manager, bruno, in_rotation="1").status_code == 404


def test_the_look_ahead_names_the_rule_and_writes_nothing(ana, caio, manager):
    rule = AssignmentRule.objects.create(name="São Paulo", ufs=["SP"])
    rule.consultants.add(caio.pk)
    ahead = reverse("leads:rotation_ahead")
    before = list(Consultant.objects.order_by("pk").values())
    ruled = manager.get(ahead, {"uf": "SP", "at": "2026-11-29T03:00"}).content.decode()
    assert "The rule “São Paulo” applies." in ruled and "Caio Mendes 10" in ruled and "Ana" not in ruled
    free = manager.get(ahead).content.decode()
    assert "No rule fits" in free and "Ana Clara 5 · Caio Mendes 5" in free
    Consultant.objects.filter(pk=caio.pk).update(in_rotation=False)
    assert "none of its consultants is in the rotation" in manager.get(ahead, {"uf": "SP"}).content.decode()
    Consultant.objects.filter(pk=caio.pk).update(in_rotation=True)
    assert list(Consultant.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("asked", [{"uf": "XX"}, {"at": "yesterday"}, {"at": "9999-12-31T23:59"}, {"product": "'"}])
def test_a_look_ahead_at_nonsense_says_so(ana, manager, asked):
    answer = manager.get(reverse("leads:rotation_ahead"), asked)
    assert answer.status_code == 200 and b"alert-line" in answer.content


def test_the_page_costs_the_same_for_two_and_for_twenty(ana, caio, manager, django_assert_max_num_queries):
    for number in range(18):
        user = User.objects.create_user(f"c{number}@example.com", name=f"Consultora {number}")
        Consultant.objects.create(user=user)
        lead_number(number)
    with django_assert_max_num_queries(20):
        assert manager.get(PAGE).status_code == 200


def test_nobody_at_all_is_a_page_too(manager):
    assert b"No consultants yet" in manager.get(PAGE).content


def test_hours_read_as_people_say_them(db):
    morning, afternoon, brunch = (time(9), time(12)), (time(13), time(18)), (time(10), time(11))
    week = [(day, span) for day in range(3) for span in (afternoon, morning)]
    week += [(5, morning), (4, morning), (6, brunch)]
    hours = [WorkingHours(weekday=day, begins=begins, ends=ends) for day, (begins, ends) in week]
    assert hours_in_words(hours) == "Mon–Wed 09:00–12:00, 13:00–18:00 · Fri–Sat 09:00–12:00 · Sun 10:00–11:00"


def test_a_consultants_own_page_takes_them_out_and_leaves_their_turns_alone(manager, ana, caio):
    lead_number(1)
    before = Consultant.objects.get(pk=ana.pk)
    none = {f"{name}-{field}_FORMS": 0 for name in ("working_hours", "absences") for field in ("TOTAL", "INITIAL")}
    answer = manager.post(reverse("admin:leads_consultant_change", args=[ana.pk]), none)  # in_rotation is not marked
    assert answer.status_code == 302, answer.context["errors"]
    after = Consultant.objects.get(pk=ana.pk)
    assert not after.in_rotation
    assert (after.turn, after.assigned_count) == (before.turn, before.assigned_count) and before.assigned_count == 1
