"""What several admins share."""

import re
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.paginator import InfinitePaginator

from crm.core.text import clean_line
from crm.core.tracing import SHORT


class ReadOnly:
    """Mixin: to look at. What the product writes changes through its own pages and services."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class Endless:
    """Mixin: a table of which nobody counts the rows; pages follow each other, newest first."""

    paginator = InfinitePaginator
    show_full_result_count = False
    list_disable_select_all = True
    list_per_page = 50
    ordering: tuple[str, ...] = ("-pk",)


class Found:
    """Mixin: searched by `find` alone, which asks an index."""

    search_fields = ("pk",)

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        raise NotImplementedError

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        query = clean_line(search_term, limit=100)
        return (self.find(request, queryset, query) if query else queryset), False


def number_of(query: str) -> int | None:
    """The number somebody looks for: `#12` or `12`; None for anything else, a phone's digits too."""
    text = query.removeprefix("#")
    return int(text) if text.isdecimal() and len(text) <= 7 else None


def of_trace(rows: QuerySet[Any], query: str) -> QuerySet[Any]:
    """Those of a trace, by its id or the beginning of it that an error page shows. Asks no index: for what is looked
    for now and then."""
    return rows.filter(trace_id__startswith=query.lower()) if _TRACE.fullmatch(query) else rows.none()


_TRACE = re.compile(rf"[0-9a-fA-F]{{{SHORT},32}}")


def page_of(name: str, object_id: str) -> HttpResponse:
    """To the product's own page of a record. Raises Http404 for what is no number."""
    if not object_id.isdecimal():
        raise Http404
    return redirect(name, int(object_id))
