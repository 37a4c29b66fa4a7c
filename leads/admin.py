from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from crm.core.admin import ReadOnly
from leads.models import Consultant, Interaction, Lead, Task
from leads.rotation import with_open_leads


@admin.register(Consultant)
class ConsultantAdmin(ModelAdmin):
    list_display = ("user", "in_rotation", "is_available", "open_leads", "assigned_count", "last_assigned_at")
    list_filter = ("in_rotation", "user__available")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    readonly_fields = ("assigned_count", "last_assigned_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultant]:
        return with_open_leads(super().get_queryset(request))

    @admin.display(description=_("open leads"), ordering="open_leads")
    def open_leads(self, consultant: Consultant) -> int:
        return consultant.open_leads  # type: ignore[attr-defined]  # annotated

    @admin.display(description=_("available"), boolean=True, ordering="user__available")
    def is_available(self, consultant: Consultant) -> bool:
        return consultant.user.available

    def has_delete_permission(self, request: HttpRequest, obj: Consultant | None = None) -> bool:
        return False  # They leave the rotation instead: their name stays in the audit.


class InteractionInline(TabularInline):
    model = Interaction
    fields = readonly_fields = ("created_at", "kind", "actor_kind", "actor", "data")
    extra = 0
    max_num = 0
    can_delete = False
    per_page = 20


@admin.register(Lead)
class LeadAdmin(ReadOnly, ModelAdmin):
    """Managers look leads up here; the pipeline itself moves on the board, through its services."""

    list_display = ("__str__", "status", "consultant", "ai_temperature", "ai_score", "source", "created_at")
    list_filter = ("status", "ai_temperature", "product", "source", "consultant")
    list_select_related = ("consultant__user",)
    search_fields = ("name", "phone", "email")
    inlines = (InteractionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Lead]:
        return super().get_queryset(request).filter(merged_into=None)


@admin.register(Task)
class TaskAdmin(ReadOnly, ModelAdmin):
    """Tasks change on the lead's page and on the page of the day, which tell everybody concerned."""

    list_display = ("title", "lead", "kind", "state", "due_at", "owner", "made_by", "rule", "snoozed_count")
    list_filter = ("state", "kind", "made_by", "rule", "owner", ("due_at", admin.DateFieldListFilter))
    list_select_related = ("lead", "owner")
    search_fields = ("title", "lead__name", "lead__phone")
    date_hierarchy = "due_at"
