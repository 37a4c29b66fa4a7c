"""Files and what people had written in them are not kept for long."""

from datetime import timedelta

from django.conf import settings

from crm.core.clock import now
from crm.core.work import service
from leads.imports.spool import file_drop
from leads.imports.work import AT_WORK
from leads.models import Import, ImportRow


def imports_forget() -> int:
    """Delete the files of imports older than IMPORT_KEEP_DAYS, their first rows and the values of their rows."""
    old = Import.objects.filter(created_at__lt=now() - timedelta(days=settings.IMPORT_KEEP_DAYS))
    ids = list(old.exclude(state__in=AT_WORK).exclude(path="").values_list("pk", flat=True))
    for import_id in ids:
        import_forget(import_id=import_id)
    return len(ids)


@service
def import_forget(*, import_id: int) -> None:
    batch = Import.objects.select_for_update().get(pk=import_id)
    file_drop(batch.path)  # before the row says so: a file is looked for again, one without a row never
    ImportRow.objects.filter(batch=batch).update(values=None)
    batch.path, batch.sample = "", []
    batch.save(update_fields=["path", "sample"])
