"""Version 1: the messages of a conversation: reading, sending, files."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api import examples
from conversations.api.bodies import NewFileMessage, NewMessage
from conversations.api.filters import MessageFilters
from conversations.api.shapes import MessageSerializer
from conversations.api.threads import thread_seen
from conversations.canned import refuse_unfilled
from conversations.doors import refuse_beside
from conversations.models import Conversation, Message
from conversations.outbox import message_send
from conversations.selectors import conversation_find, lines_of, message_get, messages_dress
from conversations.sending import message_send_file
from conversations.serving import file_response
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.api.etags import tagged
from crm.api.idempotency import about_lead, once
from crm.api.lists import page
from crm.api.parsers import StrictJSONParser
from crm.api.schema import ListOf, errors
from crm.api.scopes import Scope
from crm.api.serializing import body_of
from crm.api.views import ApiView

_TAGS = ["conversations"]
_BYTES = "application/octet-stream"

_SENDING = """\
The message is queued, and leaves as soon as the number is connected and its turn has come: follow `state` at the
address in `Location`. Sending takes the conversation over from Lívia, as on the pages; it does not wait for the end of
a snooze and brings an archived conversation back.

As `multipart/form-data` with a `file`: pictures, films and recordings are sent as what their content says they are,
everything else as a document; `text` is the caption, which follows a recording as a message of its own.

409: `opted_out` (the client asked for no messages), `erased` (their data was erased), `attended` (a colleague attends:
send `over` with their id to answer all the same). 400 `not_quotable`: `quoted_id` is no message of this conversation
that WhatsApp knows; `unfilled`: a ready answer's places, such as `{nome}`, are not filled in."""


class MessagesView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ, "POST": Scope.CONVERSATIONS_WRITE}
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")
    filters = MessageFilters
    parser_classes = (StrictJSONParser, MultiPartParser)

    @extend_schema(
        operation_id="messages_list",
        summary="Messages of a conversation",
        description="The latest first, events and the team's private notes among them. For what is new: "
        "`ordering=id&after_id=…`.",
        tags=_TAGS,
        responses=ListOf(MessageSerializer),
        examples=examples.MESSAGES,
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        conversation = conversation_find(request.user, conversation_id)
        thread_seen(request, conversation)
        return page(self, request, lines_of(conversation), MessageSerializer)

    @extend_schema(
        operation_id="messages_send",
        summary="Send a message",
        description=_SENDING,
        tags=_TAGS,
        request={"application/json": NewMessage, "multipart/form-data": NewFileMessage},
        responses={202: OpenApiResponse(MessageSerializer, "It waits to leave."), **errors(409)},
        examples=examples.SEND,
    )
    @once
    def post(self, request: Request, conversation_id: int) -> Response:
        conversation = conversation_find(request.user, conversation_id)
        body = body_of(request, NewFileMessage if request.FILES else NewMessage)
        refuse_beside(request.user, conversation, over=body.pop("over", None))
        refuse_unfilled(body.get("text", ""))
        message = _send(conversation, request.user, body)
        headers = {"Location": reverse("api:message", args=[message.pk])}
        response = Response(MessageSerializer(messages_dress([message])[0]).data, status=202, headers=headers)
        return about_lead(response, conversation.lead_id)


def _send(conversation: Conversation, user: User, body: dict[str, Any]) -> Message:
    common: dict[str, Any] = {"conversation_id": conversation.pk, "user": user, "quoted_id": body.get("quoted_id")}
    if upload := body.get("file"):
        return message_send_file(**common, upload=upload, caption=body.get("text", ""))
    return message_send(**common, text=body["text"])


class MessageView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    has_etag: ClassVar[bool] = True

    @extend_schema(
        operation_id="messages_get",
        summary="A message",
        description="What became of it: `queued`, `sending`, `sent`, `delivered`, `read`, `played`; or `failed`, "
        "`unknown` (nobody can tell whether it arrived) and `cancelled`, where `reason` says why if there is a word "
        "for it. What came in is `received`.",
        tags=_TAGS,
        responses=MessageSerializer,
        examples=examples.MESSAGE,
    )
    def get(self, request: Request, message_id: int) -> Response:
        message = message_get(request.user, message_id)
        thread_seen(request, message.conversation)
        return tagged(request, message.pk, MessageSerializer(messages_dress([message])[0]).data)


class MessageFileView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    has_etag: ClassVar[bool] = True

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file is what it is, whatever is preferred."""
        return super().perform_content_negotiation(request, force=True)

    @extend_schema(
        operation_id="messages_file",
        summary="The file of a message",
        description="Only pictures, films and recordings keep their type; all else is bytes to be saved.",
        tags=_TAGS,
        parameters=[OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="`bytes=0-1023`: a part.")],
        responses={
            (200, _BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The whole file."),
            (206, _BYTES): OpenApiResponse(OpenApiTypes.BINARY, "The part that was asked for."),
            416: OpenApiResponse(None, "The file ends before that part begins."),
        },
    )
    def get(self, request: HttpRequest, message_id: int) -> HttpResponse:
        message = message_get(request.user, message_id)
        answer = file_response(request, message)
        lead_id = message.conversation.lead_id
        access_note(user=request.user, what=What.MEDIA, object_id=message.pk, lead_id=lead_id)
        return answer
