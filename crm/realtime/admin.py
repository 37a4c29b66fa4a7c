"""How people are told, to look at: each sets it on their own page."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, ReadOnly
from crm.realtime.models import Notification, NotificationSettings, PushSubscription


@admin.register(NotificationSettings)
class NotificationSettingsAdmin(ReadOnly, ModelAdmin):
    list_display = ("person", "quiet_from", "quiet_until", "quiet_weekends", "silenced")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    ordering = ("user__name", "pk")

    @admin.display(description=_("person"), ordering="user__name")
    def person(self, settings: NotificationSettings) -> str:
        return str(settings.user)

    @admin.display(description=_("not told"))
    def silenced(self, settings: NotificationSettings) -> int:
        return len(settings.muted)


@admin.register(PushSubscription)
class PushSubscriptionAdmin(ReadOnly, ModelAdmin):
    list_display = ("user", "device", "language", "created_at")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email", "device")
    fields = ("user", "device", "language", "created_at")  # its keys are nobody's to see
    ordering = ("-pk",)


@admin.register(Notification)
class NotificationAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("created_at", "user", "kind", "title", "push_state", "read_at")
    list_filter = ("kind", ("read_at", admin.EmptyFieldListFilter), ("created_at", admin.DateFieldListFilter))
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    fields = ("user", "kind", "title", "body", "url", "push_state", "created_at", "read_at")
    readonly_fields = ("title", "body")

    @admin.display(description=_("title"))
    def title(self, notification: Notification) -> str:
        return notification.title

    @admin.display(description=_("text"))
    def body(self, notification: Notification) -> str:
        return notification.body or "–"
