"""All we hold of one person, packed: complete, readable, hers alone, for managers, for a few days."""

import json
import re
import zipfile
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from agent.brain.calculator import SimulationRequest, simulate
from agent.brain.products import DEFAULT_PRODUCTS
from agent.models import Dialogue, ProductVersion, Simulation
from conversations.models import MediaState, Message
from conversations.services import conversation_take
from crm.accounts.models import Access
from crm.core import clock
from crm.core.errors import NotFound
from crm.privacy import handing_out
from crm.privacy.handing_out import export_ask, export_run, export_settle, exports_due, exports_expire
from crm.privacy.models import SubjectExport, SubjectExportState
from crm.privacy.reviews import review_ask
from crm.realtime.models import Notification
from leads.actors import CLIENT, SYSTEM, person
from leads.lead_files import file_keep
from leads.merge import leads_merge
from leads.models import Consent, Interaction, Lead
from leads.notes import note_add
from leads.services import lead_assign, lead_update

WISH = SimulationRequest(credit_amount=1_000_000, term_months=12, contract_date=clock.now().date())
State = SubjectExportState
SLY = "Maria <script>alert(1)</script> & Filhos"


@pytest.fixture
def maria(ana, says, settings, tmp_path, new_lead) -> Lead:
    """Maria's data in every app; João's beside it."""
    settings.MEDIA_ROOT = tmp_path
    thread = says("quero 180 mil <b>já</b>").conversation
    picture = says("olha minha casa")
    path = default_storage.save("whatsapp/casa.jpg", ContentFile(b"a house" * 100_000))
    Message.objects.filter(pk=picture.pk).update(
        kind="image", media_state=MediaState.STORED, media={"path": path, "name": "../casa da Maria.jpg"}
    )
    lead = thread.lead
    lead_assign(lead_id=lead.pk, consultant_id=ana.pk)
    lead_update(lead_id=lead.pk, values={"name": SLY, "credit_amount": 18_000_000}, actor=person(ana))
    conversation_take(conversation_id=thread.pk, user=ana)
    note_add(lead_id=lead.pk, text="Prefere ligação de manhã", author=ana)
    file_keep(lead_id=lead.pk, upload=SimpleUploadedFile("contrato.pdf", b"%PDF-1.7 contrato"), uploader=ana)
    Consent.objects.create(lead=lead, purpose="data", given=True, source="form", text="Aceito o uso", at=clock.now())
    product = ProductVersion.objects.filter(code="personal_loan").first()
    result = simulate(DEFAULT_PRODUCTS["personal_loan"], WISH)
    Simulation.objects.create(lead=lead, product_version=product, result=result.as_dict())
    Dialogue.objects.create(conversation=thread, slots={"credit_amount": 18_000_000}, sources={"credit_amount": 1})
    review_ask(lead_id=lead.pk, what="score", channel="whatsapp", actor=CLIENT)
    twin = new_lead(name="Maria antiga", phone="", message="vim pelo formulário")
    leads_merge(keep_id=lead.pk, gone_id=twin.pk, actor=SYSTEM)
    says("oi, sou o João Segredo", phone="5511977776666", push_name="João Segredo")
    return Lead.objects.get(pk=lead.pk)


def packed(lead: Lead, bruno) -> tuple[SubjectExport, zipfile.ZipFile]:
    export = export_ask(lead_id=lead.pk, requester=bruno)
    export_run(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error) == (State.READY, "")
    return export, zipfile.ZipFile(default_storage.open(export.path))


def test_the_archive_holds_everything_of_hers_and_nothing_of_others(maria, ana, bruno):
    export, archive = packed(maria, bruno)
    data = json.loads(archive.read("dados.json"))
    first, second = data["leads"]
    assert first["name"] == SLY and first["credit_amount_brl"] == "180000.00" and first["consultant"] == "Ana"
    assert second["message"] == "vim pelo formulário" and second["merged_into"] == maria.pk
    assert [each["text"] for each in data["conversations"][0]["messages"]][:1] == ["quero 180 mil <b>já</b>"]
    assert data["notes"][0]["text"] == "Prefere ligação de manhã"
    assert data["consents"][0]["text"] == "Aceito o uso"
    assert data["understood"][0]["message"] == 1
    assert data["simulations"][0]["credit_amount_brl"] == "10000.00"
    assert data["reviews"] and data["history"] and data["contacts"][0]["phone"].startswith("+5511")
    for name, content in (("contrato.pdf", b"%PDF-1.7 contrato"), ("casa da Maria.jpg", b"a house" * 100_000)):
        entry = next(each for each in archive.namelist() if each.endswith(name))
        assert archive.read(entry) == content and ".." not in entry
    everything = archive.read("dados.json").decode() + archive.read("index.html").decode()
    for other in ("João", "Segredo", "977776666", ana.email, "Clara", "Rocha"):
        assert other not in everything, other
    assert archive.testzip() is None and export.size == default_storage.size(export.path)


def test_the_page_in_it_is_whole_and_harmless(maria, bruno):
    _export, archive = packed(maria, bruno)
    page = archive.read("index.html").decode()
    assert "Maria &lt;script&gt;alert(1)&lt;/script&gt; &amp; Filhos" in page and "<script" not in page
    assert "quero 180 mil &lt;b&gt;já&lt;/b&gt;" in page and "R$\xa0180.000,00" in page
    for link in ("arquivos/", "conversas/"):
        target = page.split(f'href="{link}')[1].split('"')[0]
        assert any(name.startswith(link) for name in archive.namelist()) and "/" not in target and " " not in target
    assert "http" not in page.replace("http-equiv", "")  # it asks nobody for anything


def test_it_is_told_noted_and_fetched_by_managers_only(maria, ana, bruno, browse, django_capture_on_commit_callbacks):
    export, _archive = packed(maria, bruno)
    assert Interaction.objects.get(kind="exported").actor == bruno
    assert Notification.objects.get(kind="subject_export").user == bruno
    with django_capture_on_commit_callbacks(execute=True):
        answer = browse(bruno).get(f"/privacy/exports/{export.pk}/")
        archive = zipfile.ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert "dados.json" in archive.namelist() and "attachment" in answer["Content-Disposition"]
    assert Access.objects.get(what="subject_export").object_id == export.pk
    assert browse(ana).get(f"/privacy/exports/{export.pk}/").status_code == 404
    assert browse(ana).post(f"/privacy/leads/{maria.pk}/export/").status_code == 404
    assert re.fullmatch(r"privacy/[0-9a-f-]{36}\.zip", export.path)


def test_asked_twice_is_one_and_it_goes_after_its_days(maria, bruno, browse, settings):
    url = f"/privacy/leads/{maria.pk}/export/"
    assert [browse(bruno).post(url).status_code for _click in range(2)] == [302, 302]
    export = SubjectExport.objects.get()
    export_run(export.pk)
    export_run(export.pk)  # another worker, later
    export.refresh_from_db()
    kept = export.path
    assert exports_expire(export.expires_at - timedelta(minutes=1)) == 0
    assert exports_expire(export.expires_at + timedelta(minutes=1)) == 1
    export.refresh_from_db()
    assert (export.state, export.path, default_storage.exists(kept)) == (State.EXPIRED, "", False)
    assert browse(bruno).get(f"/privacy/exports/{export.pk}/").status_code == 404


def test_a_worker_that_died_is_followed_and_its_file_is_nobodys(maria, bruno, monkeypatch):
    export = export_ask(lead_id=maria.pk, requester=bruno)
    first = handing_out._Claim.take(export.pk)
    first.work()  # and it dies before it says so
    assert exports_due() == [] and handing_out._Claim.take(export.pk) is None
    late = clock.now() + handing_out.STALE + timedelta(seconds=1)
    monkeypatch.setattr(handing_out, "now", lambda: late)
    assert exports_due() == [export.pk]
    export_run(export.pk)
    export.refresh_from_db()
    assert export.state == State.READY and export.path != first.path
    assert not default_storage.exists(first.path)
    assert not export_settle(export_id=export.pk, path=first.path, size=1)  # it was only slow
    assert default_storage.exists(export.path)


def test_a_lost_file_is_named_and_a_failure_said(maria, bruno, browse, monkeypatch):
    default_storage.delete("whatsapp/casa.jpg")
    _export, archive = packed(maria, bruno)
    assert [name.split("/")[0] for name in json.loads(archive.read("dados.json"))["about"]["files_missing"]] == [
        "conversas"
    ]
    monkeypatch.setattr(handing_out, "subject_of", lambda lead_id: 1 / 0)
    export = export_ask(lead_id=maria.pk, requester=bruno)
    export_run(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error, export.path) == (State.FAILED, "ZeroDivisionError", "")
    assert Notification.objects.filter(kind="subject_export").count() == 2
    assert browse(bruno).get(f"/privacy/leads/{maria.pk}/export/").status_code == 200


def test_of_an_erased_client_nothing_is_handed_out(maria, bruno):
    export = export_ask(lead_id=maria.pk, requester=bruno)
    claim = handing_out._Claim.take(export.pk)
    size = claim.work()
    Lead.objects.filter(pk=maria.pk).update(erased_at=clock.now())
    assert not export_settle(export_id=export.pk, path=claim.path, size=size)
    assert not default_storage.exists(claim.path)
    with pytest.raises(NotFound):
        export_ask(lead_id=maria.pk, requester=bruno)
