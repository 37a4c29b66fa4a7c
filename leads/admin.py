from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from crm.core.admin import ReadOnly
from leads.models import Consultant, Interaction, Lead


@admin.register(Consultant)
class ConsultantAdmin(ModelAdmin):
    list_display = ("user", "in_rotation", "is_available", "assigned_count", "last_assigned_at")
    list_filter = ("in_rotation", "user__available")
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    autocomplete_fields = ("user",)
    readonly_fields = ("assigned_count", "last_assigned_at")

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
