"""Leads: the list, one of them, and what is done to it."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.accounts.access import What, access_note
from crm.api.etags import etag_of, expect_state, tagged
from crm.api.idempotency import about_lead, once
from crm.api.lists import page
from crm.api.schema import ListOf, errors
from crm.api.scopes import Scope
from crm.api.serializing import body_of
from crm.api.views import ApiView
from crm.core.phones import phone_identity
from crm.core.work import unit
from leads.actors import person
from leads.api.answers import COLUMNS, LeadAnswer, LeadTaken, lead_told, one_lead_told
from leads.api.bodies import LeadAssign, LeadChange, LeadMove, LeadNew
from leads.api.filters import LeadFilters
from leads.api.taking import lead_take
from leads.models import Lead
from leads.moves import lead_move
from leads.selectors import lead_get, leads_visible_to
from leads.services import lead_assign, lead_lock, lead_of_phone, lead_update
from leads.tracking import tracking_from

SCOPES = {"GET": Scope.LEADS_READ, "POST": Scope.LEADS_WRITE, "PATCH": Scope.LEADS_WRITE}
TAGS = ["leads"]


def lead_opened(request: Request, lead_id: int) -> Lead:
    """A lead this person may see, else 404; that they look at it is written down."""
    lead = lead_get(request.user, lead_id)
    access_note(user=request.user, what=What.LEAD, object_id=lead.pk, lead_id=lead.pk)
    return lead


class LeadsView(ApiView):
    scopes = SCOPES
    filters = LeadFilters
    orderings: ClassVar[tuple[str, ...]] = (
        "-created_at", "created_at", "-updated_at", "updated_at", "-ai_score", "-credit_amount", "credit_amount", "-id",
        "id",
    )  # fmt: skip

    @extend_schema(
        operation_id="leads_list", summary="List leads", tags=TAGS, responses=ListOf(LeadAnswer),
        description="To keep a copy in step, ask for `updated_after` the last time you asked, ordered by `updated_at`, "
        "a minute earlier than that: what is being written just then is seen when it is done.",
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        return page(self, request, leads_visible_to(request.user).values(*COLUMNS), lead_told)

    @extend_schema(
        operation_id="leads_create", summary="Create a lead", tags=TAGS, request=LeadNew,
        responses={201: LeadTaken, 200: LeadTaken, **errors(400)},
        description="201 and assigned in turn; 200 for a phone that is known: what is empty is filled, nothing else "
        "changes.",
    )  # fmt: skip
    @once
    def post(self, request: Request) -> Response:
        values = body_of(request, LeadNew)
        tracking, agreed = tracking_from(values.pop("tracking", {})), values.pop("consent", False)
        lead, created = lead_take(values=values, tracking=tracking, agreed=agreed, actor=person(request.user))
        visible = leads_visible_to(request.user).filter(pk=lead.pk).exists()
        if visible:
            access_note(user=request.user, what=What.LEAD, object_id=lead.pk, lead_id=lead.pk)
        body = {"id": lead.pk, "created": created, "lead": one_lead_told(lead) if visible else None}
        return about_lead(Response(body, status=201 if created else 200), lead.pk)


class LeadView(ApiView):
    scopes = SCOPES

    @extend_schema(
        operation_id="leads_get", summary="Read a lead", tags=TAGS, responses=LeadAnswer,
        description="A lead that was merged into another is answered as that other one.",
    )  # fmt: skip
    def get(self, request: Request, lead_id: int) -> Response:
        lead = lead_opened(request, lead_id)
        return tagged(request, lead.pk, one_lead_told(lead))

    @extend_schema(
        operation_id="leads_update", summary="Change a lead's data", tags=TAGS, request=LeadChange,
        responses={200: LeadAnswer, **errors(409)},
        description="Column, consultant and score have ways of their own. 409 `phone_taken`: another lead has it.",
    )  # fmt: skip
    def patch(self, request: Request, lead_id: int) -> Response:
        lead, values = lead_opened(request, lead_id), body_of(request, LeadChange, partial=True)
        with unit():
            if values.get("phone"):
                lead_of_phone(phone_identity(values["phone"]))  # a phone is held before any lead
            expect_state(request, lead.pk, one_lead_told(lead_lock(lead.pk)))
            lead = lead_update(lead_id=lead.pk, values=values, actor=person(request.user))
        return tagged(request, lead.pk, one_lead_told(lead))


class LeadMoveView(ApiView):
    scopes = SCOPES

    @extend_schema(
        operation_id="leads_move", summary="Move a lead to a column", tags=TAGS, request=LeadMove,
        responses={200: LeadAnswer, **errors(409)},
        description="409 `move_refused`: the pipeline does not allow it; `stale`: moved since `version`.",
    )  # fmt: skip
    @once
    def post(self, request: Request, lead_id: int) -> Response:
        lead, body = lead_opened(request, lead_id), body_of(request, LeadMove)
        with unit():
            version = body.pop("version", None) or lead_lock(lead.pk, erased_too=True).version
            told: dict[str, Any] = {"after_id": body.pop("after", None), "version": version, **body}
            lead = lead_move(lead_id=lead.pk, actor=person(request.user), **told)
        return lead_answer(lead)


class LeadAssignView(ApiView):
    scopes = SCOPES
    managers_only = True

    @extend_schema(
        operation_id="leads_assign", summary="Give a lead to a consultant", tags=TAGS, request=LeadAssign,
        responses={200: LeadAnswer},
    )  # fmt: skip
    @once
    def post(self, request: Request, lead_id: int) -> Response:
        lead, body = lead_opened(request, lead_id), body_of(request, LeadAssign)
        return lead_answer(lead_assign(lead_id=lead.pk, actor=person(request.user), **body))


def lead_answer(lead: Lead) -> Response:
    """The lead as it is after what was done to it."""
    told = one_lead_told(lead)
    return about_lead(Response(told, headers={"ETag": etag_of(lead.pk, told)}), lead.pk)
