"""Version 1: conversations, and who attends them."""

from typing import ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api import examples
from conversations.api.bodies import ReadUpto
from conversations.api.filters import ConversationFilters
from conversations.api.shapes import ConversationSerializer
from conversations.doors import serves
from conversations.models import Conversation
from conversations.selectors import conversation_find, conversation_get, conversations_visible_to
from conversations.services import conversation_hand_back, conversation_read, conversation_take
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.api.etags import tagged
from crm.api.idempotency import about_lead, once
from crm.api.lists import page
from crm.api.schema import ListOf, errors
from crm.api.scopes import Scope
from crm.api.serializing import Nothing, body_of
from crm.api.views import ApiView

_TAGS = ["conversations"]
_BESIDE = ("contact", "inbox", "taken_by", "lead__consultant__user")
_OWN = [field.attname for field in Conversation._meta.concrete_fields]
_TOLD = (  # of what stands beside a thread: leads are wide
    *(f"contact__{name}" for name in ("name", "push_name", "phone", "opted_out_at", "erased_at")),
    *("inbox__name", "inbox__role", "taken_by__name", "taken_by__email"),
    *("lead__consultant__user__name", "lead__consultant__user__email"),
)


def threads_shown(user: User) -> QuerySet[Conversation]:
    """As lists show them: without those in which nothing was said yet."""
    threads = conversations_visible_to(user).filter(last_message_at__isnull=False)
    return threads.select_related(*_BESIDE).only(*_OWN, *_TOLD).prefetch_related("labels")


def thread_seen(request: Request, conversation: Conversation) -> None:
    """Whoever reads a thread by a program has read it too."""
    access_note(user=request.user, what=What.CONVERSATION, object_id=conversation.pk, lead_id=conversation.lead_id)


class ConversationsView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    orderings: ClassVar[tuple[str, ...]] = ("-last_message_at", "last_message_at", "-id", "id")
    filled: ClassVar[tuple[str, ...]] = ("last_message_at",)
    filters = ConversationFilters

    @extend_schema(
        operation_id="conversations_list",
        summary="Conversations",
        description="Those of the leads you may see, the latest first. One in which nothing was said yet is not listed."
        " To follow them: `ordering=last_message_at&last_message_after=…`.",
        tags=_TAGS,
        responses=ListOf(ConversationSerializer),
        examples=examples.CONVERSATIONS,
    )
    def get(self, request: Request) -> Response:
        return page(self, request, threads_shown(request.user), ConversationSerializer)


class ConversationView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    has_etag: ClassVar[bool] = True

    @extend_schema(
        operation_id="conversations_get",
        summary="A conversation",
        description="One that was joined with another answers as that other one.",
        tags=_TAGS,
        responses=ConversationSerializer,
        examples=examples.CONVERSATION,
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        conversation = conversation_find(request.user, conversation_id)
        thread_seen(request, conversation)
        return tagged(request, conversation.pk, ConversationSerializer(conversation).data)


class _ActView(ApiView):
    """What is done to a conversation is answered with how it stands then."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.CONVERSATIONS_WRITE}

    def answer(self, request: Request, conversation: Conversation) -> Response:
        now_so = conversation_get(request.user, conversation.pk)
        return about_lead(Response(ConversationSerializer(now_so).data), now_so.lead_id)


class TakeoverView(_ActView):
    @extend_schema(
        operation_id="conversations_takeover",
        summary="Take a conversation over",
        description="Lívia is silent until it is handed back, and what she was about to send is not sent. Taking it "
        "from a colleague needs no more than this. Doing it again changes nothing.",
        tags=_TAGS,
        request=None,
        responses=ConversationSerializer,
        examples=examples.CONVERSATION,
    )
    @once
    def post(self, request: Request, conversation_id: int) -> Response:
        conversation = conversation_find(request.user, conversation_id)
        body_of(request, Nothing)
        conversation_take(conversation_id=conversation.pk, user=request.user)
        return self.answer(request, conversation)


class HandbackView(_ActView):
    @extend_schema(
        operation_id="conversations_handback",
        summary="Hand a conversation back to Lívia",
        description="She answers what nobody has answered yet, or the client's next message. 409 `opted_out` where the "
        "client asked for no more messages. Doing it again changes nothing.",
        tags=_TAGS,
        request=None,
        responses={200: ConversationSerializer, **errors(409)},
        examples=examples.HANDED_BACK,
    )
    @once
    def post(self, request: Request, conversation_id: int) -> Response:
        conversation = conversation_find(request.user, conversation_id)
        body_of(request, Nothing)
        conversation_hand_back(conversation_id=conversation.pk, user=request.user)
        return self.answer(request, conversation)


class ReadView(_ActView):
    @extend_schema(
        operation_id="conversations_mark_read",
        summary="Mark a conversation as read",
        description="The client is shown that it was read. Only whose lead it is marks it, or anybody while it is "
        "nobody's: for a manager who looks in nothing changes, as on the pages.",
        tags=_TAGS,
        request=ReadUpto,
        responses=ConversationSerializer,
        examples=examples.READ,
    )
    @once
    def post(self, request: Request, conversation_id: int) -> Response:
        conversation, upto_id = (
            conversation_find(request.user, conversation_id),
            body_of(request, ReadUpto).get("upto_id"),
        )
        if serves(request.user, conversation):
            conversation_read(conversation_id=conversation.pk, upto_id=upto_id)
        return self.answer(request, conversation)
