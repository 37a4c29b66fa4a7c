"""What a manager does in the admin all day."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agent.models import BusinessProfile, ModelPrice, Turn
from conversations.models import Conversation
from crm.accounts.models import Access, Role, User
from crm.alerts.models import Alert, Level
from crm.alerts.services import alert_raise
from crm.core.clock import now
from leads.actors import SYSTEM
from leads.agenda import task_create
from leads.models import Consultant, Interaction, InteractionKind, Lead
from leads.services import lead_assign

INDEX = "admin:index"
LEADS = "admin:leads_lead_changelist"


@pytest.fixture
def office(bruno, browse) -> Client:
    return browse(bruno)


def act(office: Client, action: str, leads: list[Lead], **fields: object):
    chosen = {"action": action, "index": 0, "_selected_action": [lead.pk for lead in leads]}
    return office.post(reverse(LEADS), {**chosen, **fields}, follow=True)


def said(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


# --- The overview ---


def test_the_overview_of_an_empty_installation_is_friendly(office):
    page = office.get(reverse(INDEX))
    board = page.context["dashboard"]
    assert page.status_code == 200
    assert (board["leads"].today, board["waits"].total, board["alerts_total"]) == (0, 0, 0)
    assert reverse("imports:list") in page.content.decode()


def test_the_overview_shows_what_waits_and_where_to_act(office, ana, maria_thread, new_lead):
    lead_assign(lead_id=maria_thread.lead_id, consultant_id=ana.pk)
    Conversation.objects.update(attended_by="person", last_message_at=now() - timedelta(hours=2))
    new_lead(owner=ana)
    yesterday = new_lead()
    Lead.objects.filter(pk=yesterday.pk).update(created_at=now() - timedelta(days=1))
    task_create(lead_id=maria_thread.lead_id, title="Ligar", due_at=now() - timedelta(hours=1), actor=SYSTEM)
    alert_raise(code="test", level=Level.CRITICAL, title="Something is wrong", data={}, url="/")
    page = office.get(reverse(INDEX))
    board, text = page.context["dashboard"], page.content.decode()
    assert (board["leads"].today, board["leads"].yesterday) == (2, 1)
    assert [thread.pk for thread in board["waits"].threads] == [maria_thread.pk] and board["waits"].total == 1
    assert board["overdue_total"] == 1 and board["alerts_total"] == 1
    assert [place.consultant_id for place in board["places"]] == [ana.pk]
    for address in (reverse("conversations:detail", args=[maria_thread.pk]), reverse("alerts:list")):
        assert address in text
    assert "Ana Clara" in text


def test_the_overview_costs_few_queries_however_much_there_is(office, ana, says, new_lead):
    def cost() -> int:
        office.get(reverse(INDEX))
        with CaptureQueriesContext(connection) as queries:
            office.get(reverse(INDEX))
        return len(queries)

    empty = cost()
    for number in range(12):
        thread = says("oi", phone=f"55119981230{number:02}").conversation
        lead_assign(lead_id=thread.lead_id, consultant_id=ana.pk)
    Conversation.objects.update(attended_by="person", last_message_at=now() - timedelta(hours=2))
    assert cost() == empty <= 15


# --- Leads ---


def test_leads_are_assigned_with_a_reason_and_a_refusal_leaves_the_others(office, ana, caio, new_lead):
    leads = [new_lead(owner=ana), new_lead(owner=ana)]
    asked = act(office, "assign", leads)
    assert str(caio) in asked.content.decode()
    answer = act(office, "assign", leads, to=caio.pk, reason="Ana está de férias")
    assert answer.status_code == 200 and "2" in said(answer)
    assert {lead.consultant_id for lead in Lead.objects.all()} == {caio.pk}
    notes = Interaction.objects.filter(kind=InteractionKind.ASSIGNED, data__reason="Ana está de férias")
    assert notes.count() == 2 and {note.actor.name for note in notes} == {"Bruno Rocha"}


def test_somebody_who_is_no_consultant_is_not_chosen(office, bruno, new_lead):
    lead = new_lead()
    assert "to" in act(office, "assign", [lead], to=bruno.pk).context["form"].errors
    assert "to" in act(office, "assign", [lead], to="").context["form"].errors
    assert Lead.objects.get().consultant_id is None


def test_chosen_leads_are_exported_by_their_numbers(office, new_lead):
    leads = [new_lead(), new_lead()]
    page = act(office, "export", leads).content.decode()
    ids = re.search(r'name="ids" value="([\d,]+)"', page).group(1)
    assert sorted(map(int, ids.split(","))) == [lead.pk for lead in leads]
    answer = office.post(reverse("exports:new"), {"kind": "leads", "ids": ids, "format": "xlsx"})
    assert answer.status_code == 302


@pytest.mark.parametrize("asked", ["maria souza", "SOUZA", "(11) 99812-3301", "#{pk}"])
def test_leads_are_found_by_name_phone_or_number_and_never_counted(office, new_lead, asked):
    lead = new_lead(phone="+5511998123301")
    new_lead(name="João")
    with CaptureQueriesContext(connection) as queries:
        answer = office.get(reverse(LEADS), {"q": asked.format(pk=lead.pk)})
    assert [row.pk for row in answer.context["cl"].result_list] == [lead.pk]
    assert not [query["sql"] for query in queries if 'COUNT(*) AS "__count" FROM "leads_lead"' in query["sql"]]


def test_opening_a_lead_in_the_admin_is_noted(office, bruno, new_lead, django_capture_on_commit_callbacks):
    lead = new_lead()
    with django_capture_on_commit_callbacks(execute=True):
        office.get(reverse("admin:leads_lead_change", args=[lead.pk]))
    assert Access.objects.filter(user=bruno, what="lead", object_id=lead.pk).count() == 1


# --- People ---


def hire(office: Client, **fields: object):
    values = {"name": "Dora Dias", "email": "Dora@Example.com", "role": "consultant", "serves": "on"}
    return office.post(reverse("admin:accounts_user_add"), {**values, **fields}, follow=True)


def leave(office: Client, person: User, to: object = "turn"):
    return office.post(
        reverse("admin:accounts_user_leave", args=[person.pk]), {"to": to, "reason": "Saiu"}, follow=True
    )


def test_a_consultant_is_hired_in_one_step_and_sets_a_password_once(office):
    page = hire(office)
    dora = User.objects.get(email="dora@example.com")
    assert Consultant.objects.get(pk=dora.pk).in_rotation and not dora.has_usable_password()
    link = re.search(r'value="(http[^"]+/password/[^"]+)"', page.content.decode()).group(1)
    form = Client().get(link, follow=True)
    stranger = form.client
    words = {"new_password1": "uma-senha-bem-longa", "new_password2": "uma-senha-bem-longa"}
    assert stranger.post(form.redirect_chain[-1][0], words).status_code == 302
    signed_in = Client().post(reverse("login"), {"username": dora.email, "password": "uma-senha-bem-longa"})
    assert signed_in.status_code == 302
    assert Client().get(link, follow=True).context["validlink"] is False


def test_an_address_in_use_and_a_short_password_are_refused_with_a_sentence(office, ana):
    assert "email" in hire(office, email="ANA@example.com").context["adminform"].form.errors
    page = office.get(reverse("admin:accounts_user_password_link", args=[ana.pk])).content.decode()
    form = Client().get(re.search(r'value="(http[^"]+)"', page).group(1), follow=True)
    answer = form.client.post(form.redirect_chain[-1][0], {"new_password1": "curta", "new_password2": "curta"})
    assert answer.status_code == 200 and answer.context["form"].errors


def test_who_leaves_hands_open_leads_to_the_rotation_and_signs_in_no_more(office, ana, caio, new_lead, browse):
    leads = [new_lead(owner=ana) for _number in range(3)]
    lost = new_lead(owner=ana)
    Lead.objects.filter(pk=lost.pk).update(status="LOST")
    at_work = browse(ana)
    page = office.get(reverse("admin:accounts_user_leave", args=[ana.pk]))
    assert page.context["open_leads"] == 3 and not page.context["is_last"]
    leave(office, ana)
    assert not User.objects.get(pk=ana.pk).is_active
    assert set(Lead.objects.filter(pk__in=[lead.pk for lead in leads]).values_list("consultant", flat=True)) == {
        caio.pk
    }
    assert Lead.objects.get(pk=lost.pk).consultant_id == ana.pk  # what is closed stays in her figures
    assert at_work.get(reverse("leads:board")).status_code == 302
    history = office.get(reverse("admin:accounts_user_history", args=[ana.pk])).content.decode()
    assert "Bruno Rocha" in history


def test_the_last_of_the_rotation_leaves_with_a_warning_and_leads_wait(office, ana, new_lead):
    lead = new_lead(owner=ana)
    assert office.get(reverse("admin:accounts_user_leave", args=[ana.pk])).context["is_last"]
    leave(office, ana)
    lead.refresh_from_db()
    assert lead.consultant_id is None and lead.awaits_consultant
    assert office.get(reverse(INDEX)).context["dashboard"]["awaiting"] == 1


def test_leads_go_to_one_person_or_stay(office, ana, caio, new_lead):
    lead = new_lead(owner=ana)
    leave(office, ana, to="keep")
    assert Lead.objects.get(pk=lead.pk).consultant_id == ana.pk
    leave(office, ana, to=caio.pk)  # handed over later
    assert Lead.objects.get(pk=lead.pk).consultant_id == caio.pk


def test_nobody_locks_everybody_out(office, bruno, ana):
    assert "leave" in leave(office, bruno).redirect_chain[0][0]
    values = {"name": "Bruno", "email": bruno.email, "role": "consultant"}
    answer = office.post(reverse("admin:accounts_user_change", args=[bruno.pk]), values)
    assert "role" in answer.context["adminform"].form.errors
    bruno.refresh_from_db()
    assert bruno.is_active and bruno.role == Role.MANAGER


def test_a_manager_neither_makes_nor_touches_administrators(office, ana):
    root = User.objects.create_user("root@example.com", "x" * 12, name="Root", role=Role.ADMIN)
    assert "role" in hire(office, role="admin").context["adminform"].form.errors
    values = {"name": "Ana", "email": ana.email, "role": "admin"}
    assert (
        "role"
        in office.post(reverse("admin:accounts_user_change", args=[ana.pk]), values).context["adminform"].form.errors
    )
    for name in ("leave", "come_back", "password_link", "password_change"):
        address = "admin:auth_user_password_change" if name == "password_change" else f"admin:accounts_user_{name}"
        assert office.post(reverse(address, args=[root.pk]), {"to": "turn"}).status_code == 403, name
    root.refresh_from_db()
    assert root.is_active


def test_who_comes_back_signs_in_and_is_in_the_rotation_again(office, ana, browse):
    leave(office, ana)
    office.post(reverse("admin:accounts_user_come_back", args=[ana.pk]))
    assert browse(User.objects.get(pk=ana.pk)).get(reverse("leads:board")).status_code == 200
    assert office.get(reverse(INDEX)).context["dashboard"]["places"][0].consultant_id == ana.pk


def test_a_switch_in_the_admin_is_the_switch_everybody_sees(office, ana):
    values = {"name": ana.name, "email": ana.email, "role": "consultant", "language": ana.language}  # not available
    answer = office.post(reverse("admin:accounts_user_change", args=[ana.pk]), values)
    assert answer.status_code == 302, answer.context["errors"]
    ana.refresh_from_db()
    assert not ana.available and ana.available_changed_at


def test_nobody_is_given_the_address_of_another(office, ana, bruno):
    values = {"name": ana.name, "email": bruno.email.upper(), "role": "consultant", "available": "on"}
    answer = office.post(reverse("admin:accounts_user_change", args=[ana.pk]), values)
    assert "email" in answer.context["adminform"].form.errors


@pytest.mark.parametrize("name", ["leads_lead_open_page", "leads_lead_erase", "conversations_conversation_open_page"])
def test_a_page_of_no_number_is_not_there(office, name):
    assert office.get(reverse(f"admin:{name}", args=["abc"])).status_code == 404


def test_a_filter_that_is_no_text_is_refused(office):
    assert office.get(reverse(LEADS) + "?status__exact=%00").status_code == 404


# --- What is set, and what is on record ---


def test_holidays_ahead_stand_beside_the_hours(office):
    profile = BusinessProfile.objects.create(holidays_uf="SP", closed_on=[str(now().date() + timedelta(days=3))])
    page = office.get(reverse("admin:agent_businessprofile_change", args=[profile.pk])).content.decode()
    days = [f"{now().date() + timedelta(days=3):%d/%m/%Y}"]
    assert all(day in page for day in days)


def test_prices_of_models_are_kept_by_date(office):
    values = {"model": "openai/gpt-oss-120b", "input_usd": "0.15", "cached_usd": "0.075", "output_usd": "0.60"}
    add = reverse("admin:agent_modelprice_add")
    assert office.post(add, {**values, "effective_from": "2026-01-01"}).status_code == 302
    wrong = office.post(add, {**values, "cached_usd": "9", "effective_from": "2026-02-01"})
    assert "cached_usd" in wrong.context["adminform"].form.errors
    assert office.post(add, {**values, "effective_from": "2026-01-01"}).status_code == 200  # twice the same date
    assert ModelPrice.objects.count() == 1


RECORDS: list[tuple[str, Callable[..., object]]] = [
    ("leads_interaction", lambda lead: Interaction.objects.first()),
    ("leads_lead", lambda lead: lead),
    ("agent_turn", lambda lead: Turn.objects.first()),
    ("alerts_alert", lambda lead: Alert.objects.first()),
]


@pytest.mark.parametrize(("name", "row"), RECORDS, ids=[name for name, _row in RECORDS])
def test_records_are_to_look_at(office, maria_thread, name, row):
    alert_raise(code="test", level=Level.INFO, title="Hello", data={}, url="/")
    Turn.objects.create(
        conversation=maria_thread, message_ids=[], outcome="continue", stage_before="INTRO", stage_after="INTRO"
    )
    record = row(maria_thread.lead)
    for page in ("change", "delete"):
        assert office.post(reverse(f"admin:{name}_{page}", args=[record.pk]), {"post": "yes"}).status_code != 302
    assert type(record).objects.filter(pk=record.pk).exists()
    assert office.get(reverse(f"admin:{name}_add")).status_code == 403
