"""What was done to a lead, and what the team notes about it."""

from functools import partial
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.idempotency import about_lead, once
from crm.api.lists import page
from crm.api.schema import ListOf
from crm.api.serializing import body_of
from crm.api.views import ApiView
from leads.api.answers import InteractionAnswer, NoteAnswer, interaction_told, note_told
from leads.api.bodies import NoteNew
from leads.api.filters import InteractionFilters
from leads.api.leads import SCOPES, TAGS, lead_opened
from leads.history import interactions_of
from leads.losses import loss_labels
from leads.models import Note
from leads.notes import note_add


class InteractionsView(ApiView):
    scopes = SCOPES
    filters = InteractionFilters
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")

    @extend_schema(
        operation_id="lead_interactions_list", summary="List what was done to a lead", tags=TAGS,
        responses=ListOf(InteractionAnswer),
    )  # fmt: skip
    def get(self, request: Request, lead_id: int) -> Response:
        rows = interactions_of(lead_opened(request, lead_id))
        return page(self, request, rows, partial(interaction_told, reasons=loss_labels()))


class NotesView(ApiView):
    scopes = SCOPES
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")

    @extend_schema(
        operation_id="lead_notes_list", summary="List the notes of a lead", tags=TAGS, responses=ListOf(NoteAnswer)
    )
    def get(self, request: Request, lead_id: int) -> Response:
        rows = Note.objects.filter(lead=lead_opened(request, lead_id), removed_at=None).select_related("author")
        return page(self, request, rows, note_told)

    @extend_schema(
        operation_id="lead_notes_create", summary="Write a note about a lead", tags=TAGS, request=NoteNew,
        responses={201: NoteAnswer}, description="For the team: the client never sees it.",
    )  # fmt: skip
    @once
    def post(self, request: Request, lead_id: int) -> Response:
        lead = lead_opened(request, lead_id)
        note = note_add(lead_id=lead.pk, author=request.user, **body_of(request, NoteNew))
        return about_lead(Response(note_told(note), status=201), lead.pk)
