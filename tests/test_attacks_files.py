"""Files in and out: formulas in what is downloaded, bombs and hostile names in what is uploaded, where files lie."""

import csv
import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from conversations.looks import file_look
from conversations.media import file_stored
from conversations.models import Contact, Conversation, Message
from crm.accounts.models import User
from crm.exports.running import export_run
from crm.exports.services import export_request
from leads.models import Import, ImportRow, Lead, LeadFile, RowOutcome, Task
from leads.tests.imports.conftest import workbook
from tests.addresses import Places, address, query
from tests.test_urls import TABLE
from whatsapp.gateways.neonize.outbound import _picture

Browse = Callable[[User], Client]
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    "\uff1d1+1",
    '=HYPERLINK("x")',
]
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d")
PICTURE_SIDE = 12_000


@pytest.fixture(autouse=True)
def media(settings: Settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


# ---- formulas
@pytest.fixture(params=FORMULAS)
def formula(request: pytest.FixtureRequest, places: Places, ana: User, caio: User) -> str:
    """Everybody and everything is called it."""
    told: str = request.param
    Lead.objects.update(name=told, city=told, purpose=told, lost_note=told, tracking={"utm_source": told})
    Contact.objects.update(name=told, push_name=told)
    Message.objects.update(text=told)
    Task.objects.update(title=told, note=told)
    User.objects.filter(pk__in=[ana.pk, caio.pk]).update(name=told)
    batch = Import.objects.get(pk=places["imports:rows"]["import_id"])
    Import.objects.filter(pk=batch.pk).update(mapping={"0": "name", "1": "phone"}, columns=[told, told])
    values = {"name": told, "phone": told}
    ImportRow.objects.create(batch=batch, line=2, outcome=RowOutcome.ERROR, values=values, errors={"phone": "phone"})
    return told


def harmful(cells: list[list[str]]) -> list[str]:
    """Numbers may be negative."""
    return [
        cell for row in cells for cell in row if cell.startswith(BEGINS) and not cell[1:].replace(",", "").isdecimal()
    ]


def test_no_file_holds_a_formula(formula: str, places: Places, bruno: User, browse: Browse, media: Path) -> None:
    client, lines = browse(bruno), 0
    files = {name: address(name, places) for name in TABLE if address(name, places).endswith(".csv")}
    for block in ("consultants", "conversion", "cities", "sources"):
        files[block] = reverse("analytics:file", args=[block])
    for name, where in files.items():
        answer = client.get(where, query(name, places))
        if answer.status_code == 200:
            cells = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
            assert harmful(cells) == [], name
            lines += len(cells)
    for form in ("csv", "xlsx"):
        export = export_request(user_id=bruno.pk, kind="leads", params={}, format=form)
        export_run(export.pk)
        export.refresh_from_db()
        path = media / export.path
        if form == "xlsx":
            cells = [[cell.value for cell in row] for row in load_workbook(path).active.iter_rows()]
            assert not [cell for row in load_workbook(path).active.iter_rows() for cell in row if cell.data_type == "f"]
        else:
            cells = list(csv.reader(path.open(encoding="utf-8-sig", newline=""), delimiter=";"))
        assert harmful([[cell for cell in row if isinstance(cell, str)] for row in cells]) == []
        assert any(formula.strip() in str(cell) for row in cells for cell in row)
    assert lines > 5


# ---- bombs
def png_bomb() -> bytes:
    """A black picture of 144 million pixels in some twenty kilobytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    squeeze = zlib.compressobj(1)
    lines = bytes(100 * (1 + PICTURE_SIDE // 8))
    pixels = b"".join(squeeze.compress(lines) for _ in range(PICTURE_SIDE // 100)) + squeeze.flush()
    head = struct.pack(">IIBBBBB", PICTURE_SIDE, PICTURE_SIDE, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")  # it is one
def test_a_picture_that_unfolds_to_a_thousandfold_is_kept_and_never_unfolded(
    says: Callable, places: Places, ana: User, browse: Browse
) -> None:
    bomb = png_bomb()
    message = says("", kind="image", media={"ref": "R", "mime": "image/png", "name": "casa.png", "size": len(bomb)})
    assert file_stored(message_id=message.pk, content=bomb)
    began = time.process_time()
    file_look(message_id=message.pk)
    assert "JPEGThumbnail" not in _picture(bomb)
    where = reverse("leads:files", args=[places["leads:detail"]["lead_id"]])
    assert browse(ana).post(where, {"file": SimpleUploadedFile("casa.png", bomb)}).status_code == 200
    assert time.process_time() - began < 2
    message.refresh_from_db()
    assert "small" not in message.media


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefghi", "bcdefghij", strict=True))
    + "]>"
)
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [LAUGHS, OUTSIDE], ids=["a billion laughs", "a file of ours"])
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "[Content_Types].xml", "xl/styles.xml"]
)
def test_a_workbook_with_entities_of_its_own_is_refused_at_once(
    head: str, part: str, bruno: User, browse: Browse
) -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["Nome", "Telefone"], ["Maria", 1]]))) as old,
        zipfile.ZipFile(out, "w") as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            if name == part:
                text = head + text.partition("?>")[2] if text.startswith("<?xml") else head + text
                text = (
                    text.replace("Maria", "&j;").replace("Sheet", "&j;").replace("xl/", "&j;").replace("Calibri", "&j;")
                )
            new.writestr(name, text)
    began = time.process_time()
    answer = browse(bruno).post(reverse("imports:list"), {"file": SimpleUploadedFile("lista.xlsx", out.getvalue())})
    assert time.process_time() - began < 2
    kept = str(list(Import.objects.values_list("sample", "columns", "sheet")))
    assert answer.status_code in (302, 400) and "root:" not in kept and "haha" not in kept


# ---- names and places of files
NAMES = [
    "../../../etc/cron.d/x.pdf", "..\\..\\x.pdf", "/etc/passwd.pdf", "x.pdf\0.png", "a\r\nSet-Cookie: x=y.pdf",
    "C:\\x.pdf",
    '"; filename="evil.html.pdf', "\u202efdp.exe.pdf", "." * 300 + ".pdf", "con.pdf", "~/.ssh/id.pdf",
    "x" * 5000 + ".pdf",
    "%2e%2e%2fx.pdf", "é" * 200 + ".pdf", "$(id).pdf", "{0.__class__}.pdf",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_no_name_of_a_file_leads_out_of_its_folder_or_into_a_header(
    name: str, places: Places, ana: User, browse: Browse, media: Path, says: Callable
) -> None:
    client, lead = browse(ana), places["leads:detail"]["lead_id"]
    upload = SimpleUploadedFile("x", b"%PDF-1.7\n" + bytes(40))
    upload._name = name
    assert client.post(reverse("leads:files", args=[lead]), {"file": upload}).status_code in (200, 400)
    received = says("", kind="document", media={"ref": "R", "name": name, "mime": "application/pdf", "size": 9})
    file_stored(message_id=received.pk, content=b"%PDF-1.7\n")
    received.refresh_from_db()
    kept = [received.media["path"], *LeadFile.objects.values_list("path", flat=True)]
    for path in kept:
        assert (media / path).resolve().is_relative_to(media.resolve()) and ".." not in path
    assert not [path for path in media.parent.iterdir() if path != media]
    files = [
        received.media_url,
        *(f"/leads/{lead}/files/{pk}/" for pk in LeadFile.objects.values_list("pk", flat=True)),
    ]
    for where in files:
        told = client.get(where)
        assert told.status_code == 200 and "x" not in told.cookies
        assert (
            told["Content-Disposition"].startswith("attachment") and told["Content-Type"] == "application/octet-stream"
        )
        assert not set("\r\n\0") & set(told["Content-Disposition"])


PAGES = {
    "a page": (b"<!doctype html><script>alert(1)</script>", "text/html"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "image/svg+xml"),
    "a page that says it is a picture": (b"<script>alert(1)</script>", "image/png"),
    "a picture that is a page too": (b"GIF89a/*<script>*/=1;alert(1)//</script>", "text/html"),
    "XML with a style": (b"<?xml version='1.0'?><?xml-stylesheet href='x.xsl'?><a/>", "text/xml"),
}


@pytest.mark.parametrize("kind", PAGES)
def test_no_file_of_a_client_is_a_page_of_ours(
    kind: str, says: Callable, places: Places, ana: User, browse: Browse
) -> None:
    content, mime = PAGES[kind]
    message = says("", kind="document", media={"ref": "R", "name": "x.html", "mime": mime, "size": len(content)})
    file_stored(message_id=message.pk, content=content)
    message.refresh_from_db()
    for where in (message.media_url, f"{message.media_url}?open=1", f"{message.media_url}?small=1"):
        told = browse(ana).get(where)
        if told.status_code == 200:
            assert told["Content-Type"] in ("application/octet-stream", "image/gif")
            assert told["X-Content-Type-Options"] == "nosniff" and "sandbox" in told["Content-Security-Policy"]
            assert "script-src" not in told["Content-Security-Policy"]


@pytest.mark.parametrize(
    "where",
    [
        "/media/{path}", "/static/../crm/settings.py", "/static/%2e%2e/crm/settings.py", "/static/..%2f.env",
        "/static//etc/passwd",
        "/static/....//....//etc/passwd", "/.env", "/.git/config", "/static/..\\.env",
        "/conversations/../../etc/passwd",
    ],
)  # fmt: skip
def test_files_have_no_address_but_their_page(
    where: str, says: Callable, places: Places, bruno: User, browse: Browse
) -> None:
    message = says("", kind="document", media={"ref": "R", "name": "x.pdf", "mime": "application/pdf", "size": 9})
    file_stored(message_id=message.pk, content=b"%PDF-1.7\n")
    message.refresh_from_db()
    answer = browse(bruno).get(where.format(path=message.media["path"]))
    assert answer.status_code in (400, 404)
    assert Conversation.objects.exists()
