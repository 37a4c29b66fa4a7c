import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from leads.imports import checking, running, undoing
from leads.imports.services import import_map, import_run, import_start, import_undo
from leads.models import Import

Upload = Callable[..., Import]


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def upload(bruno) -> Upload:
    """Bruno uploads a list: text, bytes, or the rows of a workbook."""

    def send(content: str | bytes | list[list[object]], name: str = "lista.csv") -> Import:
        if isinstance(content, list):
            content, name = workbook(content), "lista.xlsx"
        if isinstance(content, str):
            content = content.encode()
        return import_start(creator_id=bruno.pk, upload=SimpleUploadedFile(name, content))

    return send


def workbook(rows: list[list[object]]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


@pytest.fixture
def checked(upload) -> Upload:
    """A list after its dry run, columns as guessed."""

    def check(content) -> Import:
        batch = upload(content)
        import_map(import_id=batch.pk, mapping=batch.mapping)
        checking.check(batch.pk)
        return Import.objects.get(pk=batch.pk)

    return check


@pytest.fixture
def imported(checked) -> Upload:
    """A list that became leads."""

    def run(content, **options) -> Import:
        batch = checked(content)
        import_run(import_id=batch.pk, options=options)
        running.run(batch.pk)
        return Import.objects.get(pk=batch.pk)

    return run


def undone(batch: Import) -> Import:
    import_undo(import_id=batch.pk)
    undoing.undo(batch.pk)
    return Import.objects.get(pk=batch.pk)
