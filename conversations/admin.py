from django.contrib import admin
from unfold.admin import ModelAdmin

from conversations.models import Contact, Conversation, Inbox, Message, WhatsAppConversation
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


@admin.register(Message)
class MessageAdmin(ReadOnly, ModelAdmin):
    list_display = ("id", "conversation", "author", "kind", "state", "error_code", "sent_at")
    list_filter = ("direction", "author", "kind", "state", "media_state")
    list_select_related = ("conversation__contact", "conversation__inbox")
    search_fields = ("provider_id",)
