"""Version 1: the company's WhatsApp numbers. Managers only.

Pairing by QR code is the page's alone: a code opens the account to whoever has it, and stays in no program's log.
"""

from typing import ClassVar

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django_filters import FilterSet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from crm.api.etags import tagged
from crm.api.filtering import AnyOfFilter, WholeFilter
from crm.api.idempotency import once
from crm.api.lists import page
from crm.api.schema import ListOf, errors
from crm.api.scopes import Scope
from crm.api.serializing import Nothing, body_of
from crm.api.views import ApiView
from whatsapp.api import examples
from whatsapp.api.shapes import NewSession, SessionSerializer, SessionWholeSerializer, session_whole
from whatsapp.creation import session_create, session_delete
from whatsapp.models import Session
from whatsapp.selectors import sessions_all
from whatsapp.services import session_connect, session_disconnect
from whatsapp.states import State

_TAGS = ["sessions"]


def _session(session_id: int) -> Session:
    return get_object_or_404(sessions_all(), pk=session_id)


class SessionFilters(FilterSet):
    state = AnyOfFilter(choices=State.choices, help_text="In one of these states.")
    inbox = WholeFilter(help_text="Of this inbox, as conversations name it.")

    class Meta:
        model = Session
        fields: tuple[str, ...] = ()


class _View(ApiView):
    managers_only: ClassVar[bool] = True
    scopes: ClassVar[dict[str, str]] = {
        "GET": Scope.SESSIONS_READ,
        "POST": Scope.SESSIONS_WRITE,
        "DELETE": Scope.SESSIONS_WRITE,
    }


class SessionsView(_View):
    orderings: ClassVar[tuple[str, ...]] = ("id", "-id")
    filters = SessionFilters

    @extend_schema(
        operation_id="sessions_list",
        summary="WhatsApp numbers",
        tags=_TAGS,
        responses=ListOf(SessionSerializer),
        examples=examples.SESSIONS,
    )
    def get(self, request: Request) -> Response:
        return page(self, request, sessions_all(), SessionSerializer)

    @extend_schema(
        operation_id="sessions_create",
        summary="Add a WhatsApp number",
        description="It is not connected yet: ask for the connection, then pair the phone on the page of WhatsApp "
        "numbers, which shows the QR code.",
        tags=_TAGS,
        request=NewSession,
        responses={201: SessionWholeSerializer},
        examples=examples.CREATE,
    )
    @once
    def post(self, request: Request) -> Response:
        session = session_create(**body_of(request, NewSession))
        headers = {"Location": reverse("api:session", args=[session.pk])}
        return Response(session_whole(_session(session.pk)), status=201, headers=headers)


class SessionView(_View):
    has_etag: ClassVar[bool] = True

    @extend_schema(
        operation_id="sessions_get",
        summary="A WhatsApp number",
        description="With what needs a look, what waits to leave, and its latest changes of state.",
        tags=_TAGS,
        responses=SessionWholeSerializer,
        examples=examples.SESSION,
    )
    def get(self, request: Request, session_id: int) -> Response:
        session = _session(session_id)
        return tagged(request, session.pk, session_whole(session))

    @extend_schema(
        operation_id="sessions_delete",
        summary="Remove a WhatsApp number",
        description="Only one that was never used: 409 `in_use` once it was paired or holds a conversation, `running` "
        "while it is being connected.",
        tags=_TAGS,
        responses={204: None, **errors(409)},
    )
    def delete(self, request: Request, session_id: int) -> Response:
        session_delete(session_id=session_id)
        return Response(status=204)


class ConnectView(_View):
    @extend_schema(
        operation_id="sessions_connect",
        summary="Connect a WhatsApp number",
        description="A paired number comes online by itself; another waits in `awaiting_qr` for its phone, to be "
        "paired on the page. 409 `banned` while WhatsApp blocks it, `no_gateway` where it cannot be connected here; "
        "429 within seconds of the last attempt.",
        tags=_TAGS,
        request=None,
        responses={202: OpenApiResponse(SessionWholeSerializer, "It is being connected."), **errors(409)},
        examples=examples.CONNECT,
    )
    @once
    def post(self, request: Request, session_id: int) -> Response:
        body_of(request, Nothing)
        session_connect(session_id=session_id)
        return Response(session_whole(_session(session_id)), status=202)


class DisconnectView(_View):
    @extend_schema(
        operation_id="sessions_disconnect",
        summary="Disconnect a WhatsApp number",
        description="It stays paired: connecting it again needs no phone. Messages wait until then.",
        tags=_TAGS,
        request=None,
        responses={202: OpenApiResponse(SessionWholeSerializer, "It is being disconnected.")},
        examples=examples.DISCONNECT,
    )
    @once
    def post(self, request: Request, session_id: int) -> Response:
        body_of(request, Nothing)
        session_disconnect(session_id=session_id)
        return Response(session_whole(_session(session_id)), status=202)
