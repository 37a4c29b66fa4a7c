"""What of an erased client goes from imports: the rows that name them, and the files those rows came from.

A file of many clients goes whole: it was kept to be looked at, and what it said is in the leads. Of one that was not
imported to its end the rows are read; one that was never unpacked goes, since nobody knows who is in it.
"""

import re
from collections.abc import Collection
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection
from django.utils.translation import gettext_noop

from crm.core.privacy import Subject, erase, likes
from leads.models import Import, ImportState

_FINISHED = (ImportState.DONE, ImportState.UNDONE, ImportState.FAILED)
_HELD_ERASED = gettext_noop("The file held a client who was erased since. Upload it again without them.")

# A phone may stand there in ten shapes: its digits are looked for among the digits. A name beside another's lead is
# another's.
_ROWS = """
WITH known AS (
    SELECT id, batch_id, values IS NOT NULL AS has_values FROM leads_importrow
    WHERE lead_id = ANY(%(leads)s) OR (values IS NOT NULL AND (
        (lead_id IS NULL AND values::text ILIKE ANY(%(words)s))
        OR regexp_replace(values::text, '\\D', '', 'g') LIKE ANY(%(digits)s)))
), emptied AS (UPDATE leads_importrow SET values = NULL WHERE id IN (SELECT id FROM known WHERE has_values))
SELECT DISTINCT batch_id FROM known
"""
_SAMPLES = """
SELECT id FROM leads_import WHERE sample <> '[]' AND (
    sample::text ILIKE ANY(%(words)s) OR regexp_replace(sample::text, '\\D', '', 'g') LIKE ANY(%(digits)s))
"""
_NAMES = """
UPDATE leads_import SET name = %(nameless)s
WHERE name ILIKE ANY(%(words)s) OR regexp_replace(name, '\\D', '', 'g') LIKE ANY(%(digits)s)
"""
_NAMELESS = "–"


@erase.plug
def imports_erase(subject: Subject) -> dict[str, Any]:
    values = {
        "leads": list(subject.lead_ids),
        "words": likes(subject.telling),
        "digits": [f"%{digits}%" for digits in subject.digits],
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        ids = {row[0] for row in cursor.fetchall()}
        cursor.execute(_SAMPLES, values)
        ids |= {row[0] for row in cursor.fetchall()}
        cursor.execute(_NAMES, {**values, "nameless": _NAMELESS})
    ids |= {batch.pk for batch in _unread(ids) if _may_hold(batch, subject)}
    imports = Import.objects.filter(pk__in=ids)
    files = imports.exclude(path="").values_list("path", flat=True)
    paths = [name for path in files for name in (path, f"{path}.rows")]  # the file, and its rows unpacked beside it
    imports.exclude(state__in=_FINISHED).update(state=ImportState.FAILED, error=_HELD_ERASED)
    imports.update(sample=[], path="")
    return {"imports": len(ids), "imports_files": paths}


def _unread(known: Collection[int]) -> list[Import]:
    """Imports with rows that no row of ours stands for yet."""
    read = (ImportState.DONE, ImportState.UNDONE)
    return list(Import.objects.exclude(state__in=read).exclude(path="").exclude(pk__in=known).order_by("pk"))


def _may_hold(batch: Import, subject: Subject) -> bool:
    words = [word.lower() for word in subject.telling]
    try:
        with default_storage.open(f"{batch.path}.rows") as rows:
            for line in iter(rows.readline, b""):
                text = line.decode("utf-8", "replace").lower()
                digits = re.sub(r"\D", "", text)
                if any(word in text for word in words) or any(number in digits for number in subject.digits):
                    return True
    except OSError:
        return True
    return False
