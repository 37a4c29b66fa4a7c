"""A list becomes a file in the background: what the requester may see, once, whatever dies meanwhile."""

import csv
import io
import re
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from crm.accounts.models import Access, Role
from crm.core.cells import phone_cell, safe
from crm.core.clock import now
from crm.core.errors import Forbidden, Invalid, TooSoon
from crm.core.phones import phone_normalise
from crm.core.privacy import Subject, erase
from crm.core.work import unit
from crm.exports import running
from crm.exports.models import Export, ExportKind, ExportState
from crm.exports.services import export_claim, export_request
from crm.exports.tasks import run, sweep
from crm.realtime.models import Notification
from leads.models import Lead, Source
from leads.services import lead_assign, lead_create

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture(autouse=True)
def in_english(bruno, ana):
    for person in (bruno, ana):
        person.language = "en"
        person.save()


@pytest.fixture
def leads(ana, caio) -> list[Lead]:
    found = []
    for n, owner in enumerate((ana, ana, caio)):
        values = {"name": ("Alba", "Bento", "Célia")[n], "phone": f"+551199812334{n}"}
        lead, _new = lead_create(values=values, source=Source.MANUAL)
        found.append(lead_assign(lead_id=lead.pk, consultant_id=owner.pk))
    Lead.objects.filter(pk=found[0].pk).update(
        name="=HYPERLINK(1)", credit_amount=123456, tracking={"utm_source": "@ads"}, created_at="2026-01-02T15:04:00Z"
    )
    return found


def written(user, kind="leads", **params: str) -> Export:
    export = export_request(user_id=user.pk, kind=kind, params={k: v for k, v in params.items() if k != "format"},
                            format=params.get("format", "csv"))  # fmt: skip
    run(export.pk)
    export.refresh_from_db()
    return export


def table(export: Export, media: Path) -> list[dict[str, str]]:
    raw = (media / export.path).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))


def test_a_csv_opens_in_a_brazilian_spreadsheet_and_holds_no_formula(bruno, leads, media):
    export = written(bruno)
    assert (export.state, export.rows_done, export.attempts) == (ExportState.READY, 3, 1)
    assert export.size == (media / export.path).stat().st_size
    row = table(export, media)[-1]
    assert row["Name"] == "'=HYPERLINK(1)" and row["utm_source"] == "'@ads"
    assert row["Phone"] == "(11) 99812-3340" and row["Credit (R$)"] == "1234,56"
    assert row["Created"] == "02/01/2026 12:04" and row["Consultant"] == "Ana Clara"


def test_the_headings_are_in_the_language_of_who_asked(bruno, leads, media):
    type(bruno).objects.update(language="")
    assert {"Nome", "Telefone"} <= table(written(bruno), media)[0].keys()


def test_an_xlsx_has_numbers_and_moments_and_goes_on_on_another_sheet(bruno, leads, media, monkeypatch):
    monkeypatch.setattr("crm.exports.writing.MOST_ROWS", 2)
    export = written(bruno, format="xlsx")
    book = load_workbook(media / export.path)
    first, second = book.worksheets
    assert (first.max_row, second.max_row) == (3, 2)
    row = dict(zip([cell.value for cell in second[1]], second[2], strict=True))
    assert row["Credit (R$)"].value == Decimal("1234.56") or row["Credit (R$)"].value == 1234.56
    assert row["Created"].is_date and row["Name"].data_type == "s" and row["Name"].value == "'=HYPERLINK(1)"


def test_the_rows_are_those_the_requester_may_see_when_it_runs(ana, leads, media, settings):
    export = export_request(user_id=ana.pk, kind="leads", params={})
    lead_assign(lead_id=leads[2].pk, consultant_id=ana.pk)
    lead_assign(lead_id=leads[1].pk, consultant_id=leads[0].consultant_id)
    Lead.objects.filter(pk=leads[0].pk).update(consultant_id=None)
    settings.CONSULTANTS_SEE_UNOWNED = False
    run(export.pk)
    export.refresh_from_db()
    assert {row["Name"] for row in table(export, media)} == {"Bento", "Célia"}


def test_it_is_the_list_that_was_on_screen(bruno, leads, media):
    by_name = written(bruno, query="q=bento&chip=&temperature=NONSENSE&page=7")
    assert [row["Name"] for row in table(by_name, media)] == ["Bento"]
    chosen = written(bruno, ids=f"{leads[2].pk},x,{leads[1].pk}")
    assert [row["Name"] for row in table(chosen, media)] == ["Célia", "Bento"]
    of_january = written(bruno, first="2026-01-01", last="2026-01-02")
    assert len(table(of_january, media)) == 1


@pytest.mark.parametrize("kind", ExportKind.values)
def test_every_list_is_written_with_the_same_number_of_queries_however_long(kind, bruno, maria_thread, says, media):
    from agent.brain.calculator import SimulationRequest, simulate
    from agent.brain.products import DEFAULT_PRODUCTS
    from agent.models import ProductVersion, Simulation
    from leads.actors import SYSTEM
    from leads.agenda import task_create
    from leads.models import Consent

    for n in range(4):
        says(f"oi {n}", phone=f"551199812335{n}")
    wish = SimulationRequest(credit_amount=1_000_000, term_months=12, contract_date=now().date())
    result = simulate(DEFAULT_PRODUCTS["personal_loan"], wish).as_dict()
    version = ProductVersion.objects.filter(code="personal_loan").first() or ProductVersion.objects.create(
        code="personal_loan", name="Pessoal", version=1
    )
    for lead in Lead.objects.all():
        task_create(lead_id=lead.pk, title="Ligar", due_at=now(), actor=SYSTEM)
        Simulation.objects.create(lead=lead, product_version=version, result=result)
        Consent.objects.create(lead=lead, purpose="data", given=True, source="form", at=now())
    export = export_request(user_id=bruno.pk, kind=kind, params={})
    with CaptureQueriesContext(connection) as queries:
        run(export.pk)
    asked = Counter(re.sub(r"\d+", "n", query["sql"]) for query in queries)
    assert max(asked.values()) < 5, asked.most_common(1)
    export.refresh_from_db()
    assert export.state == ExportState.READY and len(table(export, media)) == export.rows_done >= 5


def test_killed_in_the_middle_it_starts_over_and_leaves_no_file_behind(bruno, leads, media, monkeypatch):
    export = export_request(user_id=bruno.pk, kind="leads", params={})
    dead = export_claim(export_id=export.pk)
    (media / "exports").mkdir()
    (media / dead.path).write_text("half a fi")
    run(export.pk)
    assert Export.objects.get().claim == dead.claim  # it may still be alive
    Export.objects.update(claimed_at=now() - timedelta(minutes=3))
    monkeypatch.setattr("crm.exports.tasks.run.delay", run)
    sweep()
    export.refresh_from_db()
    assert (export.state, export.attempts, export.rows_done) == (ExportState.READY, 2, 3)
    assert [file.name for file in (media / "exports").iterdir()] == [Path(export.path).name]
    assert Notification.objects.filter(kind="export_ready").count() == 1


def test_a_worker_that_was_thought_dead_does_not_finish_what_another_wrote(bruno, leads, media, monkeypatch):
    export = export_request(user_id=bruno.pk, kind="leads", params={})
    monkeypatch.setattr(running, "PAGE", 1)
    pages = running._pages

    def robbed(rows):
        for n, page in enumerate(pages(rows)):
            if n == 1:
                Export.objects.update(claimed_at=now() - timedelta(minutes=3))
                assert export_claim(export_id=export.pk)
            yield page

    monkeypatch.setattr(running, "_pages", robbed)
    run(export.pk)
    export.refresh_from_db()
    assert (export.state, export.attempts) == (ExportState.RUNNING, 2)
    assert not list((media / "exports").iterdir()) and not Notification.objects.filter(kind="export_ready").exists()


def test_what_fails_every_time_is_given_up_with_a_sentence(bruno, leads, monkeypatch):
    def breaks(*_values):
        raise ValueError("broken")

    monkeypatch.setattr(running, "_pages", breaks)
    export = written(bruno)
    assert export.state == ExportState.FAILED and Notification.objects.get(kind="export_failed").body


def test_three_at_a_time_and_only_what_one_may(ana, bruno, caio, leads):
    for kind in ("messages", "contacts", "consents", "interactions", "simulations"):
        with pytest.raises(Forbidden):
            export_request(user_id=ana.pk, kind=kind, params={})
    with pytest.raises(Invalid):
        export_request(user_id=bruno.pk, kind="passwords", params={})
    for _ in range(3):
        export_request(user_id=ana.pk, kind="leads", params={})
    with pytest.raises(TooSoon):
        export_request(user_id=ana.pk, kind="leads", params={})
    export_request(user_id=caio.pk, kind="leads", params={})


def test_who_is_no_longer_a_manager_gets_no_messages(bruno, leads):
    export = export_request(user_id=bruno.pk, kind="messages", params={})
    type(bruno).objects.update(role=Role.CONSULTANT)
    run(export.pk)
    export.refresh_from_db()
    assert export.state == ExportState.FAILED and not export.path


def test_the_file_is_fetched_by_who_asked_and_by_managers_and_that_is_written_down(ana, bruno, caio, leads, browse):
    export = written(ana)
    address = reverse("exports:download", args=[export.pk])
    assert browse(caio).get(address).status_code == 404
    answer = browse(ana).get(address)
    assert answer.status_code == 200 and b"Bento" in b"".join(answer.streaming_content)
    assert "attachment" in answer["Content-Disposition"] and answer["X-Content-Type-Options"] == "nosniff"
    assert browse(bruno).get(address).status_code == 200
    assert set(Access.objects.values_list("user", "what", "object_id")) == {
        (ana.pk, "export", export.pk), (bruno.pk, "export", export.pk),
    }  # fmt: skip


def test_files_go_when_their_time_is_over_when_they_are_dropped_and_when_a_client_is_erased(ana, leads, media, browse):
    first, second, third = written(ana), written(ana), written(ana, query="q=a")
    Export.objects.filter(pk=first.pk).update(expires_at=now())
    assert browse(ana).get(reverse("exports:download", args=[first.pk])).status_code == 404
    sweep()
    assert browse(ana).post(reverse("exports:drop", args=[second.pk])).status_code == 302
    assert {path.name for path in (media / "exports").iterdir()} == {Path(third.path).name}
    with unit():
        assert erase(Subject(lead_ids=(leads[0].pk,)))["exports"] == 1
    assert not list((media / "exports").iterdir())
    assert set(Export.objects.values_list("state", flat=True)) == {"expired"}
    assert not Export.objects.exclude(params={}).exists()


def test_bad_orders_are_refused_with_a_sentence(ana, browse, leads):
    page, address = browse(ana), reverse("exports:new")
    for values in (
        {"kind": "leads", "first": "yesterday"},
        {"kind": "leads", "first": "2026-02-02", "last": "2026-02-01"},
        {"kind": "leads", "last": "9999-12-31"},
        {"kind": "leads", "format": "pdf"},
        {"kind": "leads", "query": "q=" + "x" * 3000},
        {},
    ):
        assert page.post(address, values, headers={"Accept": "application/json"}).status_code == 400, values
    assert page.get(address, {"kind": "messages"}).status_code == 404
    assert page.post(address, {"kind": "leads", "query": "q=\0bento"}).status_code == 302
    ask = page.get(
        address, {"kind": "leads"}, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/leads/?q=1"}
    )
    assert 'value="q=1"' in ask.content.decode()


@pytest.mark.parametrize(
    ("e164", "cell"),
    [
        ("+5511998123340", "(11) 99812-3340"),
        ("+551133334444", "(11) 3333-4444"),
        ("+12125550100", "(+1) 212-555-0100"),
        ("", ""),
    ],
)
def test_a_phone_in_a_cell_is_text_and_can_be_read_back(e164, cell):
    assert phone_cell(e164) == cell == safe(cell)
    if e164.startswith("+55"):
        assert phone_normalise(cell) == e164


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "=cmd|' /C calc'!A0"])
def test_no_cell_begins_like_a_formula(text):
    assert safe(text) == f"'{text}"
    assert safe("a\x00\x0b\ud800b") == "ab"


@pytest.mark.thorough
def test_memory_and_time_do_not_grow_with_the_rows(bruno, db, media):
    import tracemalloc

    peaks = []
    for rows in (4_000, 20_000):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO conversations_contact (name, push_name, phone, whatsapp_jid, created_at) "
                "SELECT 'Cliente ' || n, '', '', '', now() FROM generate_series(1, %s) n",
                [rows],
            )
        export = export_request(user_id=bruno.pk, kind="contacts", params={})
        tracemalloc.start()
        run(export.pk)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.3, peaks
