"""Importing leads: the list of imports, and one page an import that shows what comes next. Managers only."""

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.accounts.permissions import manager_required
from crm.core.cells import phone_cell, safe
from crm.core.errors import DomainError, Invalid
from crm.core.middleware import takes_file_of
from leads.imports.cleaning import SENTENCES
from leads.imports.fields import FIELDS
from leads.imports.pages import PAGE, TABS, detail_context, note_of, progress_of, tab_rows
from leads.imports.services import (
    import_discard,
    import_go_on,
    import_map,
    import_run,
    import_sheet,
    import_start,
    import_stop,
    import_undo,
)
from leads.models import Import, ImportRow, ImportState

_EXAMPLE = ("Maria Souza", "(11) 99812-3340", "maria@exemplo.com.br", "Campinas", "SP", "Home equity", "150.000,00")
_EXAMPLE_HEADINGS = ("Nome", "Telefone", "E-mail", "Cidade", "UF", "Produto", "Valor do crédito")
_BOM = "\ufeff"  # or Excel takes UTF-8 for something else


@takes_file_of("IMPORT_LIMIT_BYTES")
@manager_required
@require_http_methods(["GET", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """The imports so far; a file that is sent begins one."""
    error = ""
    if request.method == "POST":
        try:
            return redirect("imports:detail", _started(request).pk)
        except DomainError as refused:
            error, status = str(refused.message), refused.status
    page = Paginator(Import.objects.select_related("creator"), PAGE).get_page(request.GET.get("page"))
    context = {"imports": page, "error": error, "limit": settings.IMPORT_LIMIT_BYTES}
    return render(request, "imports/list.html", context, status=status if error else 200)


def _started(request: HttpRequest) -> Import:
    upload = request.FILES.get("file")
    if upload is None:
        raise Invalid(_("Choose a file."), fields={"file": _("Choose a file.")})
    return import_start(creator_id=request.user.pk, upload=upload)


@manager_required
@require_GET
def example(request: HttpRequest) -> HttpResponse:
    """A file to begin with."""
    rows = (_EXAMPLE_HEADINGS, _EXAMPLE)
    return _csv(iter(rows), "leads.csv")


@manager_required
@require_GET
def detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """An import at the point it is at; with HTMX the rows of one kind, or the whole below the heading."""
    batch = _import(import_id)
    context = detail_context(batch, tab=request.GET.get("rows", ""), page=request.GET.get("page", "1"))
    return render(request, "imports/_import.html" if request.htmx else "imports/import.html", context)


def _import(import_id: int) -> Import:
    return get_object_or_404(Import.objects.select_related("creator"), pk=import_id)


@manager_required
@require_GET
def status(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far it has come, asked each second; once there is nothing to wait for, the page as it is then."""
    batch = _import(import_id)
    context = {"batch": batch, **progress_of(batch)}
    if context["is_at_work"]:
        return render(request, "imports/_progress.html", context)
    answer = render(request, "imports/_import.html", detail_context(batch))
    answer["HX-Retarget"], answer["HX-Reswap"] = "#import", "outerHTML"
    return answer


@manager_required
@require_GET
def rows_file(request: HttpRequest, import_id: int) -> HttpResponse:
    """Rows of one kind as CSV: what the file says, and what is wrong, to be mended and imported again."""
    batch, tab = _import(import_id), request.GET.get("rows", "error")
    if tab not in TABS:
        raise Http404
    names = [name for name in FIELDS if name in batch.mapping.values()]
    headings = [_("Line"), *(str(FIELDS[name].label) for name in names), _("What is wrong")]
    rows = (_line(row, names) for row in tab_rows(batch, tab).iterator(chunk_size=1000))
    return _csv(_chained(headings, rows), f"{batch.name.rpartition('.')[0] or batch.name}-{tab}.csv")


def _chained(first: list[str], rest: Iterator[list[str]]) -> Iterator[list[str]]:
    yield first
    yield from rest


def _line(row: ImportRow, names: list[str]) -> list[str]:
    lead = {"name": row.lead.name, "phone": phone_cell(row.lead.phone)} if row.lead else {}
    values = {**lead, **(row.values or {})}
    wrong = [str(SENTENCES[code]) for code in row.errors.values() if code in SENTENCES]
    return [str(row.line), *(values.get(name, "") for name in names), "; ".join(filter(None, [*wrong, note_of(row)]))]


def _csv(rows: Iterator[Any], name: str) -> HttpResponse:
    text = io.StringIO(_BOM)
    text.seek(0, io.SEEK_END)
    csv.writer(text, delimiter=";").writerows([safe(cell) for cell in row] for row in rows)
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return answer


@manager_required
@require_POST
def sheet(request: HttpRequest, import_id: int) -> HttpResponse:
    """Another sheet of the workbook."""
    return _done(request, lambda: import_sheet(import_id=import_id, sheet=request.POST.get("sheet", "")))


@manager_required
@require_POST
def map_columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """What each column is (`column-0` …), and off to the dry run."""
    prefix = "column-"
    mapping = {name.removeprefix(prefix): text for name, text in request.POST.items() if name.startswith(prefix)}
    return _done(request, lambda: import_map(import_id=import_id, mapping=mapping))


@manager_required
@require_GET
def columns(request: HttpRequest, import_id: int) -> HttpResponse:
    """The columns again, before anything was imported."""
    batch = _import(import_id)
    if batch.started_at is not None or batch.state not in (
        ImportState.CHECKED,
        ImportState.FAILED,
        ImportState.UPLOADED,
    ):
        return redirect("imports:detail", import_id)
    batch.state = ImportState.UPLOADED  # as shown; the row changes with the new mapping
    return render(request, "imports/import.html", detail_context(batch))


@manager_required
@require_POST
def run(request: HttpRequest, import_id: int) -> HttpResponse:
    """Write the leads, as the form says."""
    return _done(request, lambda: import_run(import_id=import_id, options=request.POST.dict()))


@manager_required
@require_POST
def go_on(request: HttpRequest, import_id: int) -> HttpResponse:
    return _done(request, lambda: import_go_on(import_id=import_id))


@manager_required
@require_POST
def stop(request: HttpRequest, import_id: int) -> HttpResponse:
    return _done(request, lambda: import_stop(import_id=import_id, actor=request.user))


@manager_required
@require_POST
def undo(request: HttpRequest, import_id: int) -> HttpResponse:
    return _done(request, lambda: import_undo(import_id=import_id))


@manager_required
@require_POST
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    import_discard(import_id=import_id)
    answer = redirect("imports:list")
    return HttpResponse(headers={"HX-Redirect": answer.url}) if request.htmx else answer


def _done(request: HttpRequest, act: Callable[[], Import]) -> HttpResponse:
    """Back to the page of the import; what was refused is said there, with what was chosen."""
    try:
        return redirect("imports:detail", act().pk)
    except Invalid as refused:
        batch = _import(request.resolver_match.kwargs["import_id"])
        if request.resolver_match.url_name == "map":
            batch.state = ImportState.UPLOADED
            chosen = {name.removeprefix("column-"): text for name, text in request.POST.items()}
            batch.mapping = {number: name for number, name in chosen.items() if name in FIELDS}
        context = {**detail_context(batch), "error": str(refused.message), "said": request.POST}
        return render(request, "imports/import.html", context, status=refused.status)
