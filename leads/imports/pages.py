"""What the pages of an import show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.paginator import Paginator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.imports.cleaning import SENTENCES, WHOLE_ROW
from leads.imports.fields import FIELDS
from leads.imports.undoing import CHANGED, KEPT
from leads.imports.work import AT_WORK
from leads.models import Consultant, Import, ImportRow, ImportState, RowOutcome

PAGE = 50
SHOWN = ("name", "phone")  # of a row, beside what is wrong with it
_ENCODINGS = {"utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Latin-1"}
_SEPARATORS = {
    ";": gettext_lazy("semicolon"),
    ",": gettext_lazy("comma"),
    "\t": gettext_lazy("tab"),
    "|": gettext_lazy("bar"),
}


@dataclass(frozen=True)
class Column:
    """A column of the file to choose a field for. `is_blank`: nothing stands in it, as far as the sample goes."""

    number: int
    heading: str
    samples: list[str]
    chosen: str

    @property
    def is_blank(self) -> bool:
        return not self.heading and not self.samples


def columns_of(batch: Import) -> list[Column]:
    return [
        Column(
            number,
            heading,
            [row[number] for row in batch.sample if number < len(row) and row[number]][:3],
            batch.mapping.get(str(number), ""),
        )
        for number, heading in enumerate(batch.columns)
    ]


@dataclass(frozen=True)
class Problem:
    field: str
    text: str
    value: str


@dataclass(frozen=True)
class Row:
    """A row to look at: who it is about, and what is wrong with it or whom it was taken for."""

    line: int
    name: str
    phone: str
    problems: list[Problem]
    lead: Any
    note: str


def rows_shown(rows: Iterable[ImportRow]) -> list[Row]:
    return [_row(row) for row in rows]


def _row(row: ImportRow) -> Row:
    values = row.values or {}
    errors = {name: code for name, code in row.errors.items() if name != KEPT}
    problems = [
        Problem(_label(name), str(SENTENCES.get(code, code)), values.get(name, "")) for name, code in errors.items()
    ]
    lead = row.lead
    return Row(row.line, values.get("name", ""), values.get("phone", ""), problems, lead, note_of(row))


def _label(name: str) -> str:
    return _("Row") if name == WHOLE_ROW else str(FIELDS[name].label) if name in FIELDS else name


def note_of(row: ImportRow) -> str:
    """Why a lead stayed when the import was undone; which fields of a known one were filled."""
    if why := row.errors.get(KEPT):
        return ", ".join(_worked(name) for name in why.split())
    is_run = row.batch.started_at is not None
    if row.outcome == RowOutcome.KNOWN and is_run and row.values:
        return _("Filled: %(fields)s") % {"fields": ", ".join(_label(name) for name in row.values)}
    return ""


def _worked(name: str) -> str:
    if name == CHANGED:
        return _("changed since")
    return str(apps.get_model(name)._meta.verbose_name_plural)


def read_as(batch: Import) -> str:
    """How the file was understood, in a line."""
    if batch.sheet:
        return _("Workbook, sheet “%(sheet)s”") % {"sheet": batch.sheet}
    encoding = _ENCODINGS.get(batch.encoding, batch.encoding)
    separator = _SEPARATORS.get(batch.separator, batch.separator)
    return _("Text in %(encoding)s, separated by %(separator)s") % {"encoding": encoding, "separator": separator}


TABS = {
    "error": RowOutcome.ERROR,
    "known": RowOutcome.KNOWN,
    "repeated": RowOutcome.REPEATED,
    KEPT: RowOutcome.NEW,
}


def tab_rows(batch: Import, tab: str) -> Any:
    """Rows of one kind, `select_related` for the page."""
    rows = batch.rows.filter(outcome=TABS[tab]).select_related("lead__consultant__user", "batch").order_by("line")
    return rows.filter(errors__has_key=KEPT) if tab == KEPT else rows


def tabs_of(batch: Import) -> list[tuple[str, Any, int]]:
    """The kinds of rows worth a look: key, label, how many."""
    kinds = [
        ("error", _("With errors"), batch.error_count),
        ("known", _("Known already"), batch.known_count),
        ("repeated", _("Twice in the file"), batch.repeated_count),
        (KEPT, _("Kept"), batch.kept_count),
    ]
    return [kind for kind in kinds if kind[2]]


def detail_context(batch: Import, *, tab: str = "", page: str = "1") -> dict[str, Any]:
    tabs = tabs_of(batch)
    tab = tab if tab in [key for key, _label, _count in tabs] else (tabs[0][0] if tabs else "")
    context: dict[str, Any] = {"batch": batch, "read_as": read_as(batch), **progress_of(batch)}
    if batch.state == ImportState.UPLOADED:
        context |= {"columns": columns_of(batch), "fields": FIELDS.values(), "sheets": batch.options.get("sheets", [])}
    if batch.state == ImportState.CHECKED:
        people = Consultant.objects.filter(user__is_active=True).select_related("user").order_by("user__name")
        context |= {"consultants": people, "has_consent_column": "consent" in batch.mapping.values()}
    if tab and batch.state not in AT_WORK:
        rows = Paginator(tab_rows(batch, tab), PAGE).get_page(page)
        context |= {"tabs": tabs, "tab": tab, "page": rows, "rows": rows_shown(rows)}
    return context


def progress_of(batch: Import) -> dict[str, Any]:
    """How far a worker has come, and what a person may do now."""
    undoing = "undo" in batch.options
    total = int(batch.options.get("undo", 0)) if undoing else batch.rows_total
    was_run = batch.started_at is not None
    return {
        "is_at_work": batch.state in AT_WORK,
        "total": total,
        "done": min(batch.rows_done, total),
        "percent": min(100, batch.rows_done * 100 // total) if total else 0,
        "was_run": was_run,
        "can_undo": was_run and batch.state in (ImportState.DONE, ImportState.FAILED) and not undoing,
        "can_go_on": batch.state == ImportState.FAILED and bool(batch.path or undoing),
        "can_discard": not was_run and batch.state not in AT_WORK,
        "keep_days": round(settings.IMPORT_KEEP_DAYS),
    }
