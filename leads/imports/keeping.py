"""Files and what people had written in them are not kept for long."""

from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.files.storage import default_storage

from crm.core.clock import now
from crm.core.work import service
from leads.imports.spool import FOLDER, file_drop
from leads.imports.work import AT_WORK
from leads.models import Import, ImportRow

_UNKNOWN_FOR = timedelta(hours=1)


def imports_forget() -> int:
    """Delete the files of imports older than IMPORT_KEEP_DAYS, their first rows and the values of their rows."""
    old = Import.objects.filter(created_at__lt=now() - timedelta(days=settings.IMPORT_KEEP_DAYS))
    ids = list(old.exclude(state__in=AT_WORK).exclude(path="").values_list("pk", flat=True))
    for import_id in ids:
        import_forget(import_id=import_id)
    return len(ids)


@service
def import_forget(*, import_id: int) -> None:
    batch = Import.objects.select_for_update().exclude(state__in=AT_WORK).filter(pk=import_id).first()
    if batch is None:  # begun anew, or discarded
        return
    file_drop(batch.path)  # before the row says so: a file is looked for again, one without a row never
    ImportRow.objects.filter(batch=batch).update(values=None)
    batch.path, batch.sample = "", []
    batch.save(update_fields=["path", "sample"])


def leftovers_remove() -> int:
    """Delete files no import knows: their upload was cut off, or they were written after the import was gone."""
    known = set(Import.objects.exclude(path="").values_list("path", flat=True))
    oldest, removed = now() - _UNKNOWN_FOR, 0
    for name in _names():
        path = f"{FOLDER}/{name}"
        with suppress(FileNotFoundError):  # deleted meanwhile
            if path.removesuffix(".rows") not in known and default_storage.get_modified_time(path) < oldest:
                default_storage.delete(path)
                removed += 1
    return removed


def _names() -> list[str]:
    try:
        return default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return []
