"""A list of the API: filtered, ordered, a page at a time."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from crm.api.filtering import AnyOfFilter, MomentFilter, WholeFilter, YesNoFilter, filtered
from crm.api.paging import PARAMETERS, page_of
from crm.api.views import ApiView
from crm.core.errors import Invalid
from crm.core.text import clean_line

_LIMIT = {"type": "integer", "minimum": 1, "maximum": settings.API_PAGE_MOST, "default": settings.API_PAGE_SIZE}
Shape = type[BaseSerializer] | Callable[[Any], Any]


def page(view: ApiView, request: Request, queryset: Any, shape: Shape) -> Response:
    """`{"results", "next", "previous"}`: the rows that the view's `filters` (a FilterSet) leave, in one of its
    `orderings`. `shape` makes the answer's part of a row: a serializer, or a function where a list must be quick.

    Raises Invalid for a filter that is not understood, and for a parameter that is none.
    """
    know_parameters(request, *PARAMETERS, *_names(view.filters))
    if any(name in request.query_params for name in _names(view.filters)):
        queryset = filtered(queryset, view.filters, request)
    found = page_of(queryset, request, view)
    if isinstance(shape, type):
        told: Any = cast(type[BaseSerializer], shape)(found.rows, many=True, context={"request": request}).data
    else:
        told = [shape(row) for row in found.rows]
    return Response({"results": told, "next": found.next, "previous": found.previous})


def know_parameters(request: Request, *names: str) -> None:
    """Raises Invalid if the address says something else than these, or leaves one empty: a filter with a slip in its
    name, or without its value, would leave everything, unseen."""
    unknown = [clean_line(name, limit=80) for name in request.query_params if name not in names]
    if unknown:
        fields = {name: _("Unknown parameter.") for name in unknown[:20]}
        raise Invalid(_("Some parameters are not known."), code="unknown_parameter", fields=fields)
    empty = [name for name, values in request.query_params.lists() if "" in values]
    if empty:
        fields = {name: _("Give it a value, or leave it out.") for name in empty}
        raise Invalid(_("Some parameters are empty."), code="empty_parameter", fields=fields)


def parameters_of(orderings: tuple[str, ...], filters: Any = None) -> list[OpenApiParameter]:
    """The query parameters of such a list, for its document (`extend_schema(parameters=…)`). A filter is described by
    its `help_text`, in plain English."""
    paging = [
        OpenApiParameter("limit", _LIMIT, description="Rows of a page."),
        OpenApiParameter("cursor", str, description="Where the page begins: taken from `next` or `previous`."),
        OpenApiParameter("ordering", str, enum=orderings, description=f"`{orderings[0]}` unless said otherwise."),
    ]
    return [*paging, *(_parameter(name, one) for name, one in (filters.base_filters if filters else {}).items())]


def _names(filters: Any) -> list[str]:
    return list(filters.base_filters) if filters is not None else []


def _parameter(name: str, one: Any) -> OpenApiParameter:
    told = str(one.extra.get("help_text", ""))
    choices = [value for value, _label in one.extra.get("choices", [])] or None
    if isinstance(one, AnyOfFilter):
        schema: Any = {"type": "array", "items": {"type": "string", "enum": choices}}
        return OpenApiParameter(name, schema, description=told, many=False)
    if isinstance(one, WholeFilter):
        numbers = {"minimum": one.extra["min_value"], "maximum": one.extra["max_value"]}
        return OpenApiParameter(name, {"type": "integer", **numbers}, description=told)
    if isinstance(one, MomentFilter):
        return OpenApiParameter(name, {"type": "string", "format": "date-time"}, description=told)
    if isinstance(one, YesNoFilter):
        return OpenApiParameter(name, bool, description=told)
    return OpenApiParameter(name, str, description=told, enum=choices)
