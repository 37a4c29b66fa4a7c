"""The file of an import on the disk, and its rows unpacked beside it: a line a row, so that going on after row 70,000
costs nothing."""

import json
import tempfile
import uuid
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from crm.core.errors import Invalid
from leads.imports.mapping import data_rows
from leads.imports.reading import Table, table_of
from leads.imports.work import beat
from leads.models import Import

FOLDER = "imports"
_BEAT_EVERY = 2000


def file_keep(content: bytes) -> str:
    return default_storage.save(str(PurePosixPath(FOLDER, str(uuid.uuid4()))), ContentFile(content))


def table(batch: Import) -> Table:
    """Raises Invalid once the file is no longer kept."""
    try:
        with default_storage.open(batch.path) as stored:
            return table_of(stored.read(), sheet=batch.sheet)
    except (OSError, ValueError) as error:
        raise file_gone() from error


def file_gone() -> Invalid:
    return Invalid(_("This file is no longer kept. Upload it again."), code="file_gone")


def _rows_path(batch: Import) -> str:
    return f"{batch.path}.rows"


def rows_unpack(batch: Import) -> int:
    """Write the rows below the headings; how many. Raises Invalid for more than IMPORT_ROWS_MAX."""
    read, count = table(batch), 0
    with tempfile.TemporaryFile("w+b") as rows:
        for count, row in enumerate(data_rows(read.rows(), int(batch.options.get("heading", 1))), start=1):
            if count > settings.IMPORT_ROWS_MAX:
                text = _("This file has more than %(n)s rows. Split it.")
                raise Invalid(text % {"n": settings.IMPORT_ROWS_MAX}, code="too_many_rows")
            rows.write(json.dumps(row, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
            if count % _BEAT_EVERY == 0:
                beat(batch)
        rows.seek(0)
        beat(batch)  # what was erased or stopped meanwhile is not unpacked
        default_storage.delete(_rows_path(batch))
        default_storage.save(_rows_path(batch), File(rows))
    return count


def rows_in_batches(batch: Import, *, size: int, skip: int = 0) -> Iterator[list[list[Any]]]:
    """Rows with their line numbers in front, from the one after `skip`. Raises Invalid once they are gone."""
    try:
        stored = default_storage.open(_rows_path(batch))
    except (OSError, ValueError) as error:
        raise file_gone() from error
    with stored:
        lines = islice(iter(stored.readline, b""), skip, None)
        while part := [json.loads(line) for line in islice(lines, size)]:
            yield part


def file_drop(path: str) -> None:
    """The file and its rows."""
    if path:
        default_storage.delete(path)
        default_storage.delete(f"{path}.rows")
