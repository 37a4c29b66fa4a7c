"""Numbers are added, given to consultants, and removed while nobody used them."""

import pytest
from django.test import TestCase
from django.urls import reverse

from conversations.models import Contact, Conversation, Inbox, InboxRole
from conversations.tasks import quiet
from crm.core.errors import Conflict, Invalid
from crm.realtime.models import Event
from leads.models import Attendance, Consultant
from leads.services import lead_create
from whatsapp.creation import session_create, session_delete, session_edit
from whatsapp.lease import lease_take
from whatsapp.models import Session
from whatsapp.spool import Spool
from whatsapp.states import State
from whatsapp.tasks import remove_folder

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ana(caio):
    Consultant.objects.create(user=caio)
    return caio


def test_lívias_number_begins_disconnected_and_shows_on_open_pages():
    session = session_create(name=" Lívia ", role=InboxRole.LIVIA)
    assert (session.inbox.name, session.inbox.livia_enabled, session.state) == ("Lívia", True, State.STOPPED)
    assert Event.objects.filter(room="sessions", object_id=f"session-{session.pk}").exists()


def test_a_consultant_may_own_a_number_on_which_lívia_keeps_silent(ana):
    session = session_create(name="Ana", role=InboxRole.CONSULTANTS, owner_id=ana.pk)
    assert (session.inbox.owner, session.inbox.livia_enabled) == (ana, False)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " \n "}, "name"),
        ({"role": "boss"}, "role"),
        ({"gateway": "pigeon"}, "gateway"),
        ({"role": InboxRole.CONSULTANTS, "owner_id": 999_999}, "owner"),
    ],
)
def test_what_makes_no_number_is_refused(changes, field):
    with pytest.raises(Invalid) as refused:
        session_create(**{"name": "Lívia", "role": InboxRole.LIVIA, **changes})
    assert field in refused.value.fields
    assert not Inbox.objects.exists()


def test_lívias_number_belongs_to_nobody_and_a_manager_is_no_owner(ana, bruno):
    with pytest.raises(Invalid):
        session_create(name="Lívia", role=InboxRole.LIVIA, owner_id=ana.pk)
    with pytest.raises(Invalid):
        session_create(name="Bruno", role=InboxRole.CONSULTANTS, owner_id=bruno.pk)


def test_name_owner_and_lívia_may_change(ana):
    session = session_create(name="Time", role=InboxRole.CONSULTANTS)
    session_edit(session_id=session.pk, name="Caio", owner_id=ana.pk, livia_enabled=True)
    inbox = Inbox.objects.get()
    assert (inbox.name, inbox.owner, inbox.livia_enabled) == ("Caio", ana, True)


def test_where_lívia_is_switched_off_she_leaves_whom_she_attended(session, says, monkeypatch):
    rung: list[object] = []
    monkeypatch.setattr("conversations.handlers.ring", rung.append)
    thread = says("oi", inbox=session.inbox).conversation
    for livia_enabled in (True, False, False):
        with TestCase.captureOnCommitCallbacks(execute=True):
            session_edit(session_id=session.pk, name="Lívia", owner_id=None, livia_enabled=livia_enabled)
    assert len(rung) == 1
    quiet()
    thread.refresh_from_db()
    assert thread.attended_by == Attendance.NONE


def test_an_owner_who_left_keeps_the_number_until_it_is_given_away(ana):
    session = session_create(name="Time", role=InboxRole.CONSULTANTS, owner_id=ana.pk)
    type(ana).objects.filter(pk=ana.pk).update(is_active=False)
    session_edit(session_id=session.pk, name="Outro nome", owner_id=ana.pk, livia_enabled=False)
    assert Inbox.objects.get().owner == ana


def test_a_number_nobody_used_can_be_removed():
    session = session_create(name="Engano", role=InboxRole.LIVIA)
    session_delete(session_id=session.pk)
    assert not Session.objects.exists()
    assert not Inbox.objects.exists()
    assert Event.objects.filter(room="sessions", kind="gone").exists()


def test_the_folder_of_a_removed_number_goes_and_messages_in_it_stay(session, session_dir):
    folder, other = session.folder, session_dir / "9999"
    for path in (folder, other):
        path.mkdir()
        (path / "store.db").write_bytes(b"half a pairing")
    remove_folder(session.pk)
    assert (folder / "store.db").exists()  # the number is still there
    pk = session.pk
    session_delete(session_id=pk)
    remove_folder(pk)
    assert not folder.exists()
    with Spool(other / "spool") as spool:
        spool.append(b"something arrived")
    remove_folder(9999)
    assert (other / "spool").exists() and not (other / "store.db").exists()


def test_a_number_that_was_paired_or_talked_on_stays(session):
    lead, _created = lead_create(values={"name": "Maria", "phone": "+5511998123340"}, source="whatsapp", assign=False)
    contact = Contact.objects.create(name="Maria")
    Conversation.objects.create(inbox=session.inbox, contact=contact, lead=lead, chat="x")
    with pytest.raises(Conflict):
        session_delete(session_id=session.pk)
    Conversation.objects.all().delete()
    Session.objects.filter(pk=session.pk).update(jid="5511@s.whatsapp.net")
    with pytest.raises(Conflict):
        session_delete(session_id=session.pk)


def test_a_number_that_runs_is_not_removed(session):
    lease_take(session.pk, "a worker")
    with pytest.raises(Conflict):
        session_delete(session_id=session.pk)


def test_a_manager_adds_a_number_in_the_dialog(client, bruno, caio, ana):
    client.force_login(bruno)
    assert client.get(reverse("whatsapp:new")).status_code == 200
    answer = client.post(reverse("whatsapp:new"), {"name": ""}, headers=HTMX)
    assert answer.status_code == 422
    values = {"name": "Ana", "role": "consultants", "owner": ana.pk, "gateway": "simulator"}
    answer = client.post(reverse("whatsapp:new"), values, headers=HTMX)
    assert answer.status_code == 204
    assert "modal:close" in answer["HX-Trigger"]
    session = Session.objects.get()
    assert (session.inbox.owner, session.gateway) == (ana, "simulator")


def test_an_owner_chosen_for_lívias_number_does_not_count(client, bruno, ana):
    client.force_login(bruno)
    values = {"name": "Lívia", "role": "livia", "owner": ana.pk, "gateway": "simulator"}
    assert client.post(reverse("whatsapp:new"), values, headers=HTMX).status_code == 204
    assert Inbox.objects.get().owner is None


def test_a_manager_edits_and_removes_a_number(client, bruno, session):
    client.force_login(bruno)
    edit, delete = (reverse(f"whatsapp:{name}", args=[session.pk]) for name in ("edit", "delete"))
    page = client.get(edit).content.decode()
    assert delete in page
    assert client.post(edit, {"name": "Nova", "livia_enabled": "on"}, headers=HTMX).status_code == 204
    assert Inbox.objects.get().name == "Nova"
    Session.objects.filter(pk=session.pk).update(jid="5511@s.whatsapp.net")
    assert delete not in client.get(edit).content.decode()
    assert client.post(delete, headers=HTMX).status_code == 409
    Session.objects.filter(pk=session.pk).update(jid="")
    assert client.post(delete, headers=HTMX).status_code == 204
    assert client.get(edit).status_code == 404
