"""Who saw what: written beside every page that opens a client's data, and read by managers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from crm.accounts import access
from crm.accounts.access import What, access_note
from crm.accounts.models import Access, User
from crm.core import clock
from leads.actors import SYSTEM
from leads.merge import leads_merge
from leads.models import LeadFile


def looks() -> list[tuple[str, str, int, int | None, int]]:
    rows = Access.objects.order_by("pk").select_related("user")
    return [(row.user.name, row.what, row.object_id, row.lead_id, row.times) for row in rows]


@pytest.mark.django_db(transaction=True)
def test_opening_a_clients_pages_is_written_down_once_an_hour(ana, bruno, browse, maria_thread, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    lead = maria_thread.lead
    manager = browse(bruno)
    for _time in range(2):
        assert manager.get(f"/leads/{lead.pk}/").status_code == 200
    assert manager.get(f"/leads/{lead.pk}/", headers={"HX-Request": "true"}).status_code == 200
    assert manager.get(f"/conversations/{maria_thread.pk}/").status_code == 200
    assert manager.get(f"/conversations/{maria_thread.pk}/older/?before=99999999").status_code == 200
    manager.post(f"/leads/{lead.pk}/files/", {"file": SimpleUploadedFile("rg.png", b"\x89PNG\r\n\x1a\n" + bytes(9))})
    file = LeadFile.objects.get()
    assert manager.get(f"/leads/{lead.pk}/files/{file.pk}/").status_code == 200
    assert manager.get(f"/privacy/leads/{lead.pk}/decision/").status_code == 200
    assert looks() == [
        ("Bruno Rocha", "lead", lead.pk, lead.pk, 3),
        ("Bruno Rocha", "conversation", maria_thread.pk, lead.pk, 2),
        ("Bruno Rocha", "file", file.pk, lead.pk, 1),
        ("Bruno Rocha", "decision", lead.pk, lead.pk, 1),
    ]


@pytest.mark.django_db(transaction=True)
def test_what_a_stranger_is_refused_is_no_access(ana, caio, browse, new_lead):
    lead = new_lead(owner=ana)
    assert browse(caio).get(f"/leads/{lead.pk}/").status_code == 404
    assert looks() == []


@pytest.mark.django_db(transaction=True)
def test_a_note_is_one_statement_and_the_next_hour_another_row(ana, monkeypatch):
    begin = datetime(2026, 11, 20, 13, 59, 59, tzinfo=UTC)
    for at in (begin, begin, begin + timedelta(seconds=1)):
        monkeypatch.setattr(access, "now", lambda at=at: at)
        with CaptureQueriesContext(connection) as queries:
            access_note(user=ana, what=What.EXPORT, object_id=7)
        assert len(queries) == 1
    assert [(row.times, row.at) for row in Access.objects.order_by("pk")] == [
        (2, begin),
        (1, begin + timedelta(seconds=1)),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_note_that_cannot_be_written_costs_no_page_and_no_transaction(ana):
    ghost = User(pk=987_654, name="Nobody")
    access_note(user=ghost, what=What.LEAD, object_id=1)
    with transaction.atomic():
        access_note(user=ghost, what=What.LEAD, object_id=2)
        access_note(user=ana, what=What.LEAD, object_id=3)
        assert User.objects.filter(pk=ana.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        access_note(user=ana, what=What.LEAD, object_id=4)
        raise IntegrityError
    assert [row[2] for row in looks()] == [3]


def test_managers_filter_page_and_take_the_list_along(
    ana, caio, bruno, browse, new_lead, django_capture_on_commit_callbacks
):
    maria, joao = new_lead(owner=ana, name="Maria Souza"), new_lead(owner=ana, name="João =SOMA")
    caio.name = "=HYPERLINK(1)"
    caio.save()
    with django_capture_on_commit_callbacks(execute=True):
        access_note(user=ana, what=What.LEAD, object_id=maria.pk, lead_id=maria.pk)
        access_note(user=caio, what=What.FILE, object_id=5, lead_id=joao.pk)
        for number in range(60):
            access_note(user=bruno, what=What.SIMULATION, object_id=number, lead_id=maria.pk)
    page = browse(bruno).get
    assert page("/privacy/accesses/").content.decode().count("Maria Souza</a>") == 50
    assert page("/privacy/accesses/?page=2").content.decode().count("Maria Souza</a>") == 11
    text = page(f"/privacy/accesses/?user={ana.pk}&lead=%23{maria.pk}&what=lead").content.decode()
    assert text.count("<tr>") == 2 and "João" not in text
    today = f"{clock.now():%Y-%m-%d}"
    assert "Nobody looked" not in page(f"/privacy/accesses/?first={today[:4]}-01-01").content.decode()
    assert page("/privacy/accesses/?last=2020-01-01").context["rows"] == []
    rows = page("/privacy/accesses.csv?what=file").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 2 and f";'=HYPERLINK(1);{caio.email};" in rows[1] and rows[1].endswith(f";5;{joao.pk};1")
    for wrong in ("user=x", "lead=1e9", "what=everything", "first=2026-02-31", "last=0001-01-01", "lead=9" + "9" * 30):
        assert page(f"/privacy/accesses/?{wrong}").status_code == 400, wrong
    assert browse(ana).get("/privacy/accesses/").status_code == 404


def test_a_lead_shows_managers_who_saw_it_and_those_it_took_in(
    ana, bruno, browse, new_lead, django_capture_on_commit_callbacks
):
    kept, gone = new_lead(owner=ana), new_lead(name="Maria S.")
    with django_capture_on_commit_callbacks(execute=True):
        access_note(user=ana, what=What.LEAD, object_id=gone.pk, lead_id=gone.pk)
    leads_merge(keep_id=kept.pk, gone_id=gone.pk, actor=SYSTEM)
    seen = browse(bruno).get(f"/leads/{kept.pk}/").content.decode()
    assert "rights-title" in seen and seen.count("Ana Clara</span>") >= 1
    assert "rights-title" not in browse(ana).get(f"/leads/{kept.pk}/").content.decode()
