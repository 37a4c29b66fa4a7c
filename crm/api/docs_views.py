"""The API's description: a page to read and try it, and the document itself. For everyone: it holds no secret."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from crm.api.document import as_json, as_yaml
from crm.core.errors import Invalid

_KINDS = {"json": ("application/json", as_json), "yaml": ("application/yaml; charset=utf-8", as_yaml)}


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    return render(request, "api/docs.html")


@require_safe
@conditional_page
def schema(request: HttpRequest) -> HttpResponse:
    """As JSON, or `?format=yaml`."""
    kind = request.GET.get("format", "json")
    if kind not in _KINDS:
        raise Invalid(_("Ask for json or yaml."), fields={"format": _("Ask for json or yaml.")})
    content_type, make = _KINDS[kind]
    return HttpResponse(make(), content_type=content_type, headers={"Cache-Control": "no-cache"})
