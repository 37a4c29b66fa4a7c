from typing import Any

from django.contrib import admin
from django.db.models import Field
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from conversations.admin import InboxFilter
from crm.core.admin import Endless, ReadOnly
from whatsapp.gateways.registry import available
from whatsapp.models import Session, SessionHistory, SetAside
from whatsapp.states import Gateway

_CHOSEN = ("inbox", "gateway")


class InboxOfSessionFilter(InboxFilter):
    field = "session__inbox_id"


class HistoryInline(ReadOnly, TabularInline):
    model = SessionHistory
    fields = readonly_fields = ("at", "from_state", "to_state", "reason")
    extra = 0
    per_page = 20


@admin.register(Session)
class SessionAdmin(ModelAdmin):
    """Choose a number's inbox and gateway here; connect it on the WhatsApp page."""

    list_display = ("inbox", "gateway", "state", "wanted", "phone", "state_changed_at", "last_event_at", "failures")
    list_filter = ("state", "gateway", "wanted")
    list_select_related = ("inbox",)
    search_fields = ("inbox__name", "phone")
    inlines = (HistoryInline,)
    exclude = ("lease_token", "watched")

    def get_readonly_fields(self, request: HttpRequest, obj: Session | None = None) -> list[str]:
        editable = _CHOSEN if obj is None else ()
        names = [field.name for field in Session._meta.fields if field.name not in ("id", *self.exclude)]
        return [name for name in names if name not in editable]

    def formfield_for_choice_field(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "gateway":
            usable = available()
            kwargs["choices"] = [choice for choice in Gateway.choices if choice[0] in usable]
            kwargs["initial"] = usable[0] if usable else None
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Session | None = None) -> bool:
        return False


@admin.register(SessionHistory)
class SessionHistoryAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("at", "session", "from_state", "to_state", "why")
    list_filter = (InboxOfSessionFilter, "to_state", ("at", admin.DateFieldListFilter))
    list_select_related = ("session__inbox",)
    exclude = ("reason",)
    readonly_fields = ("why",)

    @admin.display(description=_("reason"))
    def why(self, change: SessionHistory) -> str:
        return change.reason_text or "–"


@admin.register(SetAside)
class SetAsideAdmin(ReadOnly, Endless, ModelAdmin):
    """What could not be stored. It is tried again, or given up, on the page of failures."""

    list_display = ("pk", "session", "error", "attempts", "tried_at", "created_at")
    list_filter = (InboxOfSessionFilter,)
    list_select_related = ("session__inbox",)
    exclude = ("raw",)
