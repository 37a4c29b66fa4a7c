"""Numbers, contacts, threads and messages: to look up; what consultants keep at hand: to edit."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action

from conversations.models import (
    CannedReply,
    Contact,
    Conversation,
    Inbox,
    Label,
    Message,
    ScheduledMessage,
    WhatsAppConversation,
)
from conversations.search import matching, named
from crm.accounts.access import What, access_note
from crm.accounts.models import User
from crm.core.admin import Endless, Found, ReadOnly, number_of, of_trace, page_of
from crm.core.phones import phone_display
from leads.admin.shared import ConsultantFilter

_MOST_SHOWN = 120
_MOST_FOUND = 500


class OfLeadFilter(ConsultantFilter):
    field = "lead__consultant"


class InboxFilter(admin.SimpleListFilter):
    """Numbers by name; `field` leads to them."""

    title, parameter_name, field = _("number"), "inbox", "inbox_id"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(pk), name) for pk, name in Inbox.objects.order_by("pk").values_list("pk", "name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        known = value.isdecimal() and len(value) < 18
        return queryset.filter(**{self.field: int(value)}) if known else queryset


class InboxOfThreadFilter(InboxFilter):
    field = "conversation__inbox_id"


@admin.register(Inbox)
class InboxAdmin(ModelAdmin):
    list_display = ("name", "role", "owner", "livia_enabled")
    list_filter = ("role", "livia_enabled")
    list_select_related = ("owner",)
    search_fields = ("name",)
    autocomplete_fields = ("owner",)

    def has_delete_permission(self, request: HttpRequest, obj: Inbox | None = None) -> bool:
        return False  # On the page of numbers, which knows what would be lost.


@admin.register(Contact)
class ContactAdmin(ReadOnly, Endless, Found, ModelAdmin):
    list_display = ("__str__", "push_name", "shown_phone", "opted_out_at", "whatsapp_checked_at", "created_at")
    list_filter = (("opted_out_at", admin.EmptyFieldListFilter), ("erased_at", admin.EmptyFieldListFilter))
    search_help_text = _("Name, phone or e-mail of the client.")
    fields = ("name", "push_name", "shown_phone", "opted_out_at", "whatsapp_checked_at", "erased_at", "created_at")
    readonly_fields = ("shown_phone",)

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        """By their threads, whose leads' names, e-mails and phones have an index."""
        threads = Conversation.objects.filter(named(query))
        return rows.filter(pk__in=list(threads.values_list("contact_id", flat=True)[:_MOST_FOUND]))

    @admin.display(description=_("phone"))
    def shown_phone(self, contact: Contact) -> str:
        return phone_display(contact.phone) if contact.phone else "–"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        answer = super().change_view(request, object_id, form_url, extra_context)
        if answer.status_code == 200 and object_id.isdecimal():
            access_note(user=cast(User, request.user), what=What.CONTACT, object_id=int(object_id))
        return answer


@admin.register(Conversation, WhatsAppConversation)
class ConversationAdmin(ReadOnly, Endless, Found, ModelAdmin):
    list_display = ("__str__", "lead", "attended_by", "status", "unread_count", "turn_failed_at", "last_message_at")
    list_filter = (
        InboxFilter, OfLeadFilter, "attended_by", "status", ("turn_failed_at", admin.EmptyFieldListFilter),
    )  # fmt: skip
    list_select_related = ("contact", "inbox", "lead")
    search_help_text = _("Name or phone of the client, or #number of the conversation.")
    actions_detail = ("open_page",)
    fields = (
        "contact", "inbox", "lead", "status", ("attended_by", "attended_since", "taken_by"), "unread_count",
        "last_message_at", ("snoozed_until", "snoozed_by"), "labels", "turn_failed_at", "created_at",
    )  # fmt: skip

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        number = number_of(query) if query.startswith("#") else None
        return rows.filter(Q(pk=number) if number is not None else named(query))

    @action(description=_("Open the conversation"), url_path="page", icon="open_in_new")
    def open_page(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return page_of("conversations:detail", object_id)


@admin.register(Label)
class LabelAdmin(ModelAdmin):
    list_display = ("name", "color", "threads")
    list_filter = ("color",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Label]:
        return super().get_queryset(request).annotate(n=Count("conversations"))

    @admin.display(description=_("conversations"), ordering="n")
    def threads(self, label: Label) -> int:
        return label.n  # type: ignore[attr-defined]  # annotated above


@admin.register(CannedReply)
class CannedReplyAdmin(ModelAdmin):
    list_display = ("shortcut", "owner", "beginning", "created_at")
    list_filter = (("owner", admin.EmptyFieldListFilter),)
    list_select_related = ("owner",)
    search_fields = ("shortcut", "text")
    autocomplete_fields = ("owner",)

    @admin.display(description=_("text"))
    def beginning(self, reply: CannedReply) -> str:
        return reply.text[:_MOST_SHOWN]


@admin.register(ScheduledMessage)
class ScheduledMessageAdmin(ReadOnly, Endless, Found, ModelAdmin):
    list_display = ("id", "conversation", "author", "beginning", "send_at", "state", "reason")
    list_filter = ("state", ("send_at", admin.DateFieldListFilter))
    list_select_related = ("conversation__contact", "conversation__inbox", "author")
    search_help_text = _("Name or phone of the client.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        return rows.filter(conversation__in=Conversation.objects.filter(named(query)))

    @admin.display(description=_("text"))
    def beginning(self, message: ScheduledMessage) -> str:
        return message.text[:_MOST_SHOWN]


@admin.register(Message)
class MessageAdmin(ReadOnly, Endless, Found, ModelAdmin):
    list_display = ("id", "client", "author", "kind", "beginning", "state", "error_code", "sent_at")
    list_filter = (InboxOfThreadFilter, "direction", "author", "kind", "state", "media_state")
    list_select_related = ("conversation__contact", "conversation__inbox")
    search_help_text = _("Words that were said, a WhatsApp id, a trace, or #number of the message.")
    readonly_fields = ("trace_id",)

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        """By the index of words; all that hold them are listed first, since asked for in order PostgreSQL would walk
        back through everything for a word nobody said."""
        number = number_of(query) if query.startswith("#") else None
        if number is not None:
            return rows.filter(pk=number)
        said = matching(Message.objects.all(), query).order_by().values_list("pk", flat=True)[:_MOST_FOUND]
        found = rows.filter(Q(pk__in=list(said)) | Q(provider_id=query))
        return found if found.exists() else of_trace(rows, query)

    @admin.display(description=_("conversation"))
    def client(self, message: Message) -> str:
        return format_html(
            '<a class="text-primary-600 dark:text-primary-500" href="{}">{}</a>',
            _address(message), message.conversation,
        )  # fmt: skip

    @admin.display(description=_("text"))
    def beginning(self, message: Message) -> str:
        return message.words[:_MOST_SHOWN] or "–"


def _address(message: Message) -> str:
    return f"{reverse('conversations:detail', args=[message.conversation_id])}?around={message.pk}"
