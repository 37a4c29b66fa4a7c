"""The admin's own history. People themselves stand in leads.admin.users: who leaves hands leads over."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice
from unfold.admin import ModelAdmin

from crm.accounts.access import What
from crm.accounts.models import Access, Role, SecurityEvent
from crm.accounts.views import admin_login
from crm.core.admin import Endless, Found, ReadOnly, number_of

# Keys and codes of other people's second factors are nobody's to see.
for _model in (Group, TOTPDevice, StaticDevice):
    admin.site.unregister(_model)
# One door: what Django's own pages of these would do, ours do with second factor, limits and the security log.
_site: Any = admin.site
_site.login = admin_login
_site.password_change = lambda request, extra_context=None: redirect("accounts:account")


@admin.register(LogEntry)
class LogEntryAdmin(ReadOnly, Endless, ModelAdmin):
    """What was changed in the admin, by whom."""

    list_display = ("action_time", "user", "what", "content_type", "object_repr", "get_change_message")
    list_filter = ("action_flag", ("action_time", admin.DateFieldListFilter))
    list_select_related = ("user", "content_type")
    search_fields = ("object_repr", "user__name", "user__email")
    fields = readonly_fields = ("action_time", "user", "what", "content_type", "object_repr", "get_change_message")

    @admin.display(description=_("what"), ordering="action_flag")
    def what(self, entry: LogEntry) -> str:
        return str(entry.get_action_flag_display())

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: LogEntry | None = None) -> bool:
        return bool(request.user.is_active and getattr(request.user, "is_manager", False))


@admin.register(Access)
class AccessAdmin(ReadOnly, Endless, Found, ModelAdmin):
    """Who looked at a client's data; searched by the lead's number."""

    list_display = ("at", "user", "kind", "object_id", "lead_id", "times")
    list_filter = (("user", admin.RelatedOnlyFieldListFilter), ("at", admin.DateFieldListFilter))
    list_select_related = ("user",)
    search_help_text = _("Lead number")
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("at", "user", "kind", "object_id", "lead_id", "times")

    def find(self, request: HttpRequest, rows: QuerySet[Access], query: str) -> QuerySet[Access]:
        number = number_of(query)
        return rows.none() if number is None else rows.filter(lead_id=number)

    @admin.display(description=_("what"), ordering="what")
    def kind(self, access: Access) -> str:
        return str(dict(What.choices).get(access.what, access.what))


@admin.register(SecurityEvent)
class SecurityEventAdmin(ReadOnly, Endless, ModelAdmin):
    """What happened around people's access. Managers see what is not about an administrator."""

    list_display = ("at", "kind", "user", "by", "place", "browser")
    list_filter = ("kind", ("user", admin.RelatedOnlyFieldListFilter), ("at", admin.DateFieldListFilter))
    list_select_related = ("user", "by")
    ordering = ("-at", "-pk")
    fields = readonly_fields = ("at", "kind", "user", "by", "place", "program", "data")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SecurityEvent]:
        rows = super().get_queryset(request)
        if request.user.is_superuser or getattr(request.user, "role", "") == Role.ADMIN:
            return rows
        return rows.exclude(Q(user__role=Role.ADMIN) | Q(user__is_superuser=True))

    @admin.display(description=_("network address"))
    def place(self, event: SecurityEvent) -> str | None:
        return event.address

    @admin.display(description=_("program"))
    def browser(self, event: SecurityEvent) -> str:
        return event.browser
