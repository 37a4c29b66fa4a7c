from django.contrib import admin
from unfold.admin import ModelAdmin

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
from crm.core.admin import ReadOnly


@admin.register(Inbox)
class InboxAdmin(ModelAdmin):
    list_display = ("name", "role", "owner", "livia_enabled")
    list_filter = ("role", "livia_enabled")
    list_select_related = ("owner",)
    search_fields = ("name",)
    autocomplete_fields = ("owner",)


@admin.register(Contact)
class ContactAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "phone", "opted_out_at", "created_at")
    search_fields = ("name", "push_name", "phone")


@admin.register(Conversation, WhatsAppConversation)
class ConversationAdmin(ReadOnly, ModelAdmin):
    list_display = ("__str__", "lead", "attended_by", "status", "unread_count", "last_message_at")
    list_filter = ("inbox", "attended_by", "status")
    list_select_related = ("contact", "inbox", "lead")
    search_fields = ("contact__name", "contact__push_name", "contact__phone", "lead__name")


@admin.register(Label)
class LabelAdmin(ModelAdmin):
    list_display = ("name", "color")
    list_filter = ("color",)
    search_fields = ("name",)


@admin.register(CannedReply)
class CannedReplyAdmin(ModelAdmin):
    list_display = ("shortcut", "owner", "text")
    list_filter = (("owner", admin.EmptyFieldListFilter),)
    list_select_related = ("owner",)
    search_fields = ("shortcut", "text")
    autocomplete_fields = ("owner",)


@admin.register(ScheduledMessage)
class ScheduledMessageAdmin(ReadOnly, ModelAdmin):
    list_display = ("id", "conversation", "author", "send_at", "state", "reason")
    list_filter = ("state", "send_at")
    list_select_related = ("conversation__contact", "conversation__inbox", "author")
    search_fields = ("conversation__contact__name", "author__name")


@admin.register(Message)
class MessageAdmin(ReadOnly, ModelAdmin):
    list_display = ("id", "conversation", "author", "kind", "state", "error_code", "sent_at")
    list_filter = ("direction", "author", "kind", "state", "media_state")
    list_select_related = ("conversation__contact", "conversation__inbox")
    search_fields = ("provider_id",)
