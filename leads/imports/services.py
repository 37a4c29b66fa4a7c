"""What a person does with an import: upload, map, try out, run, stop, take back. The work itself is a worker's."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid, NotFound, TooLarge
from crm.core.facts import publish as publish_fact
from crm.core.files import name_clean
from crm.core.numbers import whole
from crm.core.text import clean_text
from crm.core.work import service
from leads.events import ImportBegun
from leads.imports import spool
from leads.imports.boards import boards_refresh, owners_met
from leads.imports.checking import COUNTS
from leads.imports.mapping import Head, mapping_clean
from leads.imports.reading import Table, table_of
from leads.imports.running import FILL, NOBODY, ROTATION, SKIP
from leads.imports.undoing import undoable
from leads.models import Consultant, Import, ImportState

State = ImportState
# What a person may begin in which state; what a worker ends stands in checking, running and undoing.
_FROM: dict[str, tuple[ImportState, ...]] = {
    "map": (State.UPLOADED, State.CHECKED, State.FAILED),
    "run": (State.CHECKED,),
    "go_on": (State.FAILED,),
    "stop": (State.CHECKING, State.RUNNING),
    "undo": (State.DONE, State.FAILED),
    "discard": (State.UPLOADED, State.CHECKED, State.FAILED),
}


def import_start(*, creator_id: int, upload: UploadedFile) -> Import:
    """Take a file in and look at how it begins. Raises Invalid (no table), TooLarge."""
    if (upload.size or 0) > settings.IMPORT_LIMIT_BYTES:
        text = _("This file is too large: at most %(limit)s. Split it, or leave out columns.")
        raise TooLarge(text % {"limit": filesizeformat(settings.IMPORT_LIMIT_BYTES)})
    content = upload.read()
    table = table_of(content)
    values = _described(table)  # before anything is kept
    path = spool.file_keep(content)
    name = name_clean(upload.name) or "lista"
    try:
        return _import_add(creator_id=creator_id, name=name, path=path, size=len(content), **values)
    except Exception:
        spool.file_drop(path)
        raise


def _described(table: Table) -> dict[str, Any]:
    head = Head(table)
    return {
        "encoding": table.encoding,
        "separator": table.separator,
        "sheet": table.sheet[:80],
        "columns": head.columns,
        "sample": head.sample,
        "mapping": head.mapping,
        "options": {"heading": head.line, "sheets": list(table.sheets)},
    }


@service
def _import_add(**values: Any) -> Import:
    return Import.objects.create(**values)


@service
def import_sheet(*, import_id: int, sheet: str) -> Import:
    """Read another sheet of the workbook."""
    batch = _locked(import_id, "map")
    _refuse_run(batch)
    if sheet not in batch.options.get("sheets", []):
        raise NotFound
    batch.sheet = sheet
    for name, value in _described(spool.table(batch)).items():
        setattr(batch, name, value)
    batch.rows.all().delete()
    _save(batch, State.UPLOADED)
    return batch


@service
def import_map(*, import_id: int, mapping: Mapping[str, str]) -> Import:
    """Say what each column is, and have the file tried out. Raises Invalid, Conflict."""
    batch = _locked(import_id, "map")
    _refuse_run(batch)
    batch.mapping = mapping_clean(mapping, batch.columns)
    _begin(batch, State.CHECKING)
    return batch


@service
def import_run(*, import_id: int, options: Mapping[str, Any]) -> Import:
    """Write the leads. `options`: assign (rotation, nobody or a consultant's id), known (fill or skip), consent,
    consent_text. Raises Invalid, Conflict."""
    batch = _locked(import_id, "run")
    batch.options |= _options_clean(options)
    batch.rows.all().delete()  # from here on they say what happened, which is what an undoing goes by
    batch.started_at, batch.rows_done = now(), 0
    for name in COUNTS.values():
        setattr(batch, name, 0)
    _begin(batch, State.RUNNING)
    return batch


def _options_clean(options: Mapping[str, Any]) -> dict[str, Any]:
    assign, known = str(options.get("assign", ROTATION)), str(options.get("known", FILL))
    if assign not in (ROTATION, NOBODY):
        consultant_id = whole(assign)
        if not Consultant.objects.filter(pk=consultant_id, user__is_active=True).exists():
            raise Invalid(_("This consultant does not exist or is not active."), code="unknown_consultant")
    if known not in (FILL, SKIP):
        raise Invalid(_("Say what becomes of leads that are known already."))
    consent = bool(options.get("consent"))
    text = clean_text(str(options.get("consent_text", "")), limit=2000).strip()
    if consent and len(text) < 10:
        message = _("Write down the sentence the clients agreed to.")
        raise Invalid(message, code="consent_text_required", fields={"consent_text": message})
    return {"assign": assign, "known": known, "consent": consent, "consent_text": text}


@service
def import_go_on(*, import_id: int) -> Import:
    """After a failure or a stop: where it was left."""
    batch = _locked(import_id, "go_on")
    if _was_undone(batch):
        _begin(batch, State.UNDOING)
    elif _was_run(batch):
        _begin(batch, State.RUNNING)
    else:
        mapping_clean(batch.mapping, batch.columns)
        _begin(batch, State.CHECKING)
    return batch


@service
def import_stop(*, import_id: int, actor: User) -> Import:
    """The worker leaves it after the batch at hand."""
    batch = _locked(import_id, "stop")
    batch.error = gettext("Stopped by %(name)s.") % {"name": actor}
    batch.finished_at = now()
    _save(batch, State.FAILED)
    if _was_run(batch):
        boards_refresh(owners_met(batch))
    return batch


@service
def import_undo(*, import_id: int) -> Import:
    """Take the whole import back. Raises Conflict."""
    batch = _locked(import_id, "undo")
    if not _was_run(batch):
        raise Conflict(_("Nothing of this file was imported."), code="not_run")
    if not _was_undone(batch):
        batch.options |= {"undo": undoable(batch).count(), "owners": owners_met(batch)}
        batch.rows_done = batch.kept_count = 0
    _begin(batch, State.UNDOING)
    return batch


@service
def import_discard(*, import_id: int) -> None:
    """Throw away a file of which nothing was imported."""
    batch = _locked(import_id, "discard")
    _refuse_run(batch)
    path = batch.path
    batch.delete()
    transaction.on_commit(lambda: spool.file_drop(path), robust=True)


def _was_run(batch: Import) -> bool:
    return batch.started_at is not None


def _refuse_run(batch: Import) -> None:
    """The rows say what was imported, which is what an undoing goes by: they stay."""
    if _was_run(batch):
        text = _("Leads from this file have already been imported. Continue, or undo the import.")
        raise Conflict(text, code="was_run")


def _was_undone(batch: Import) -> bool:
    """Its undoing has begun."""
    return "undo" in batch.options


def _locked(import_id: int, act: str) -> Import:
    batch = Import.objects.select_for_update().filter(pk=import_id).first()
    if batch is None:
        raise NotFound
    if batch.state not in _FROM[act]:
        text = _("This import has moved on meanwhile: %(state)s.")
        raise Conflict(text % {"state": batch.get_state_display()}, code="wrong_state")
    return batch


def _save(batch: Import, state: ImportState) -> None:
    batch.state, batch.claimed_at = state, None
    batch.save()


def _begin(batch: Import, state: ImportState) -> None:
    """The row is the queue."""
    batch.error, batch.finished_at = "", None
    _save(batch, state)
    publish_fact(ImportBegun(import_id=batch.pk, state=state))
