"""Version 1 of the API: products and simulations."""

from typing import cast

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agent import catalogue
from agent.api import examples
from agent.api.filters import SimulationFilters
from agent.api.serializers import (
    ProductSerializer,
    ProductsSerializer,
    ScheduleSerializer,
    SendIn,
    SentSerializer,
    SimulationSerializer,
    SimulationWholeSerializer,
    WishIn,
)
from agent.brain.choices import PRODUCTS
from agent.models import Simulation
from agent.simulating import Wish, client_text, result_of, simulation_make, simulation_send
from conversations.doors import refuse_beside
from conversations.selectors import conversation_get
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.api.etags import tagged
from crm.api.idempotency import about_lead, once
from crm.api.lists import know_parameters, page
from crm.api.schema import ListOf, errors
from crm.api.scopes import Scope
from crm.api.serializing import body_of
from crm.api.views import ApiView
from leads.selectors import lead_get, leads_visible_to

_TAGS = ("simulations",)


def _asking(request: Request) -> User:
    """Who came past MayAsk."""
    return cast(User, request.user)


def _visible(user: User) -> QuerySet[Simulation]:
    rows = Simulation.objects.filter(lead__in=leads_visible_to(user))
    return rows.select_related("product_version", "made_by")


def _opened(request: Request, simulation_id: int) -> Simulation:
    item = get_object_or_404(_visible(_asking(request)), pk=simulation_id)
    access_note(user=_asking(request), what=What.SIMULATION, object_id=item.pk, lead_id=item.lead_id)
    return item


class Products(ApiView):
    scopes = {"GET": Scope.SIMULATIONS_READ}

    @extend_schema(
        operation_id="products_list",
        summary="Products on offer",
        description="The terms in force today of every product that is offered, in the order clients are asked.",
        tags=_TAGS,
        responses={200: ProductsSerializer},
        examples=[examples.PRODUCTS],
    )
    def get(self, request: Request) -> Response:
        know_parameters(request)
        offered = catalogue.products()
        ordered = [offered[code] for code in PRODUCTS if code in offered]
        return Response({"results": ProductSerializer(ordered, many=True).data})


class Simulations(ApiView):
    scopes = {"GET": Scope.SIMULATIONS_READ}
    orderings = ("-id", "id", "-created_at", "created_at")
    filters = SimulationFilters

    @extend_schema(
        operation_id="simulations_list",
        summary="List simulations",
        description="Those of the leads one may see, whether Lívia or a person made them.",
        tags=_TAGS,
        responses={200: ListOf(SimulationSerializer)},
        examples=[examples.SIMULATIONS],
    )
    def get(self, request: Request) -> Response:
        return page(self, request, _visible(_asking(request)), SimulationSerializer)


class OneSimulation(ApiView):
    scopes = {"GET": Scope.SIMULATIONS_READ}
    has_etag = True

    @extend_schema(
        operation_id="simulations_get",
        summary="A simulation",
        description="With every figure as its page shows it, and the text a client gets.",
        tags=_TAGS,
        responses={200: SimulationWholeSerializer},
        examples=[examples.SIMULATION],
    )
    def get(self, request: Request, simulation_id: int) -> Response:
        know_parameters(request)
        item = _opened(request, simulation_id)
        return tagged(request, item.pk, SimulationWholeSerializer(item).data)


class Schedule(ApiView):
    scopes = {"GET": Scope.SIMULATIONS_READ}

    @extend_schema(
        operation_id="simulations_schedule",
        summary="A simulation's instalments",
        description="All of them at once: as many as the term has months.",
        tags=_TAGS,
        responses={200: ScheduleSerializer},
        examples=[examples.SCHEDULE],
    )
    def get(self, request: Request, simulation_id: int) -> Response:
        know_parameters(request)
        rows = result_of(_opened(request, simulation_id)).schedule()
        return Response(ScheduleSerializer({"results": rows}).data)


class Simulate(ApiView):
    scopes = {"POST": Scope.SIMULATIONS_WRITE}

    @extend_schema(
        operation_id="simulations_create",
        summary="Simulate for a lead",
        description=(
            "Computes by the terms in force and stores it in the lead's history, as one made by the key's owner. What "
            "the product refuses is 400 with the reason (`limit_ltv`, `limit_term_max`, `limit_credit_max`, …) and the "
            "field; an income that does not carry the instalment is no refusal: see `commitment` and `min_income`."
        ),
        tags=_TAGS,
        request=WishIn,
        responses={201: OpenApiResponse(SimulationWholeSerializer, "Stored; its address is in Location.")},
        examples=[examples.WISH, examples.SIMULATED],
    )
    @once
    def post(self, request: Request, lead_id: int) -> Response:
        lead = lead_get(_asking(request), lead_id)
        made = simulation_make(lead_id=lead.pk, wish=Wish(**body_of(request, WishIn)), user=_asking(request))
        data = SimulationWholeSerializer(made).data
        place = reverse("api:simulation", args=[made.pk])
        return about_lead(Response(data, status=201, headers={"Location": place}), lead.pk)


class Send(ApiView):
    scopes = {"POST": Scope.CONVERSATIONS_WRITE}

    @extend_schema(
        operation_id="simulations_send",
        summary="Send a simulation to the client",
        description=(
            "As the own message of the key's owner, in one of the lead's conversations; that takes the conversation "
            "from Lívia. Refused (409) where the client asked for no more messages, and while a colleague attends."
        ),
        tags=_TAGS,
        request=SendIn,
        responses={201: OpenApiResponse(SentSerializer, "Queued."), **errors(409)},
        examples=[examples.SEND, examples.SENT],
    )
    @once
    def post(self, request: Request, simulation_id: int) -> Response:
        item = get_object_or_404(_visible(_asking(request)), pk=simulation_id)
        wish = body_of(request, SendIn)
        thread = conversation_get(_asking(request), wish["conversation_id"])
        refuse_beside(_asking(request), thread, over=wish.get("over"))
        message = simulation_send(simulation_id=item.pk, conversation_id=thread.pk, user=_asking(request))
        told = {"message_id": message.pk, "conversation_id": thread.pk, "state": message.state}
        data = SentSerializer({**told, "text": client_text(item)}).data
        return about_lead(Response(data, status=201), item.lead_id)
