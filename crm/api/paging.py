"""Pages of a list by cursor: no count, no offset, and what is added meanwhile moves nothing."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from crm.core.errors import Invalid


class Cursor(CursorPagination):
    """`?limit=` rows (API_PAGE_SIZE, at most API_PAGE_MOST), `?ordering=` one of the view's `orderings`, the first of
    which counts without a wish. Every ordering ends in the key, so that no two rows stand at one place."""

    page_size_query_param = "limit"
    cursor_query_param = "cursor"
    offset_cutoff = 1000

    @property
    def page_size(self) -> int:  # type: ignore[override]
        return settings.API_PAGE_SIZE

    @property
    def max_page_size(self) -> int:  # type: ignore[override]
        return settings.API_PAGE_MOST

    def get_page_size(self, request: Request) -> int:
        text = request.query_params.get("limit")
        if text is None:
            return self.page_size
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= self.max_page_size):
            message = _("Ask for 1 to %(most)d rows.") % {"most": self.max_page_size}
            raise Invalid(message, fields={"limit": message})
        return int(text)

    def get_ordering(self, request: Request, queryset: Any, view: Any) -> tuple[str, ...]:
        wish = request.query_params.get("ordering") or view.orderings[0]
        if wish not in view.orderings:
            message = _("Order by one of: %(names)s.") % {"names": ", ".join(view.orderings)}
            raise Invalid(message, fields={"ordering": message})
        sign = "-" if wish.startswith("-") else ""
        return (wish,) if wish.lstrip("-") in ("id", "pk") else (wish, f"{sign}pk")

    def decode_cursor(self, request: Request) -> Any:
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise Invalid(_("This cursor is not valid."), fields={"cursor": _("This cursor is not valid.")}) from error

    def get_paginated_response(self, data: Any) -> Response:
        return Response({"results": data, "next": self.get_next_link(), "previous": self.get_previous_link()})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["results", "next", "previous"],
            "properties": {"results": schema, "next": link, "previous": link},
        }
