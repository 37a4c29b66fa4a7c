"""Consultants: whom leads may be given to."""

from typing import ClassVar

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.lists import page
from crm.api.schema import ListOf
from crm.api.views import ApiView
from leads.api.answers import ConsultantAnswer, consultant_told
from leads.api.leads import SCOPES, TAGS
from leads.models import Consultant
from leads.rotation import with_open_leads


class ConsultantsView(ApiView):
    scopes = SCOPES
    orderings: ClassVar[tuple[str, ...]] = ("id", "-id")

    @extend_schema(
        operation_id="consultants_list", summary="List consultants", tags=TAGS, responses=ListOf(ConsultantAnswer),
        description="Everybody's for managers, and for all where the team shares its board; else your own entry.",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = with_open_leads(Consultant.objects.select_related("user"))
        if not (request.user.is_manager or settings.BOARD_SHARED):
            rows = rows.filter(pk=request.user.pk)
        return page(self, request, rows, consultant_told)
