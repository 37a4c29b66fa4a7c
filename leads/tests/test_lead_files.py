"""Documents kept with a lead."""

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from leads.lead_files import document_type
from leads.models import Interaction, InteractionKind, LeadFile
from leads.services import lead_assign

PNG = b"\x89PNG\r\n\x1a\n" + bytes(30)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF = b"%PDF-1.7\n" + bytes(30)


@pytest.fixture
def lead(ana, new_lead):
    return new_lead(owner=ana)


@pytest.fixture
def send(lead, browse, ana, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)

    def post(name, content, *, by=ana):
        return browse(by).post(f"/leads/{lead.pk}/files/", {"file": SimpleUploadedFile(name, content)})

    return post


@pytest.mark.parametrize(
    ("name", "content", "mime"),
    [
        ("rg.png", PNG, "image/png"),
        ("foto.exe", PNG, "image/png"),
        ("contrato.pdf", PDF, "application/pdf"),
        (
            "planilha.xlsx",
            b"PK\x03\x04" + bytes(30),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("antigo.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(30), "application/msword"),
        ("lista.csv", "nome;ção".encode("latin-1"), "text/csv"),
        ("programa.exe", b"MZ" + bytes(30), ""),
        ("fingida.pdf", b"MZ" + bytes(30), ""),
        ("pagina.html", b"<script>alert(1)</script>", ""),
        ("desenho.svg", b"<svg onload='alert(1)'/>", ""),
        ("programa.jar", b"PK\x03\x04" + bytes(30), ""),
        ("script.txt", b"a\0b", ""),
    ],
)
def test_a_document_is_what_it_holds_not_what_it_says(name, content, mime):
    assert document_type(content, name) == mime


def test_a_file_is_kept_listed_and_served_harmless(lead, send, ana, browse):
    assert send("../../RG da Maria.png", PNG).status_code == 200
    file = LeadFile.objects.get()
    assert (file.name, file.mime, file.size, file.uploader) == ("RG da Maria.png", "image/png", len(PNG), ana)
    response = browse(ana).get(f"/leads/{lead.pk}/files/{file.pk}/")
    assert response.content == PNG
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    send("contrato.pdf", PDF)
    paper = LeadFile.objects.first()
    response = browse(ana).get(f"/leads/{lead.pk}/files/{paper.pk}/")
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"


@pytest.mark.parametrize(("name", "content", "status"), [("vazio.pdf", b"", 400), ("virus.exe", b"MZ\0", 400)])
def test_what_is_refused_says_why_and_leaves_nothing(send, name, content, status, settings):
    response = send(name, content)
    assert response.status_code == status
    assert name in response.content.decode()
    assert not LeadFile.objects.exists()


def test_a_file_over_the_limit_is_refused(send, settings):
    settings.WHATSAPP_MEDIA_LIMIT_BYTES = 20
    assert send("grande.png", PNG).status_code == 413
    assert not LeadFile.objects.exists()


def test_one_removes_own_files_and_managers_any_and_the_bytes_go(
    lead, send, ana, bruno, browse, django_capture_on_commit_callbacks
):
    send("rg.png", PNG, by=bruno)
    file = LeadFile.objects.get()
    address = f"/leads/{lead.pk}/files/{file.pk}/remove/"
    assert browse(ana).post(address).status_code == 403
    with django_capture_on_commit_callbacks(execute=True):
        assert browse(bruno).post(address).status_code == 200
    assert not default_storage.exists(file.path)
    assert browse(bruno).get(f"/leads/{lead.pk}/files/{file.pk}/").status_code == 404
    kinds = list(Interaction.objects.filter(lead=lead).values_list("kind", flat=True)[:2])
    assert kinds == [InteractionKind.FILE_REMOVED, InteractionKind.FILE_ADDED]


def test_strangers_reach_no_file_and_a_file_only_through_its_lead(lead, send, ana, caio, browse, new_lead):
    send("rg.png", PNG)
    file = LeadFile.objects.get()
    assert browse(caio).get(f"/leads/{lead.pk}/files/{file.pk}/").status_code == 404
    other = new_lead(owner=caio)
    assert browse(caio).get(f"/leads/{other.pk}/files/{file.pk}/").status_code == 404
    assert browse(caio).post(f"/leads/{other.pk}/files/{file.pk}/remove/").status_code == 404
    lead_assign(lead_id=lead.pk, consultant_id=caio.pk)
    assert browse(caio).get(f"/leads/{lead.pk}/files/{file.pk}/").status_code == 200
    assert browse(ana).get(f"/leads/{lead.pk}/files/{file.pk}/").status_code == 404
