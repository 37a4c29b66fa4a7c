"""What of an erased client goes from imports: the rows that name them, and the files those rows came from.

A file of many clients goes whole: it was kept to be looked at, and what it said is in the leads.
"""

from typing import Any

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
    imports = Import.objects.filter(pk__in=ids)
    files = imports.exclude(path="").values_list("path", flat=True)
    paths = [name for path in files for name in (path, f"{path}.rows")]  # the file, and its rows unpacked beside it
    imports.exclude(state__in=_FINISHED).update(state=ImportState.FAILED, error=_HELD_ERASED)
    imports.update(sample=[], path="")
    return {"imports": len(ids), "imports_files": paths}
