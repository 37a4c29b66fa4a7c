"""Version 1: the people who write to us."""

from typing import ClassVar

from django.db.models import Prefetch, QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from conversations.api import examples
from conversations.api.filters import ContactFilters
from conversations.api.shapes import ContactSerializer
from conversations.models import Contact, Conversation
from conversations.selectors import contacts_visible_to, conversations_visible_to
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.api.etags import tagged
from crm.api.lists import page
from crm.api.schema import ListOf
from crm.api.scopes import Scope
from crm.api.views import ApiView

_TAGS = ["contacts"]


def _contacts(user: User) -> QuerySet[Contact]:
    threads = conversations_visible_to(user).only("pk", "contact_id", "lead_id").order_by("pk")
    return contacts_visible_to(user).prefetch_related(Prefetch("conversations", threads, to_attr="threads"))


class ContactsView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    orderings: ClassVar[tuple[str, ...]] = ("-id", "id")
    filters = ContactFilters

    @extend_schema(
        operation_id="contacts_list",
        summary="Contacts",
        description="Who writes in the conversations you may see, the newest first.",
        tags=_TAGS,
        responses=ListOf(ContactSerializer),
        examples=examples.CONTACTS,
    )
    def get(self, request: Request) -> Response:
        return page(self, request, _contacts(request.user), ContactSerializer)


class ContactView(ApiView):
    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CONVERSATIONS_READ}
    has_etag: ClassVar[bool] = True

    @extend_schema(
        operation_id="contacts_get",
        summary="A contact",
        tags=_TAGS,
        responses=ContactSerializer,
        examples=examples.CONTACT,
    )
    def get(self, request: Request, contact_id: int) -> Response:
        contact = get_object_or_404(_contacts(request.user), pk=contact_id)
        threads: list[Conversation] = contact.threads  # type: ignore[attr-defined]  # prefetched
        lead_id = threads[0].lead_id if threads else None  # its lead may have become another's a moment ago
        access_note(user=request.user, what=What.CONTACT, object_id=contact.pk, lead_id=lead_id)
        return tagged(request, contact.pk, ContactSerializer(contact).data)
