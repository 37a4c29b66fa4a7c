from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from agent.models import BusinessProfile, FaqEntry, ProductVersion, Simulation, Turn


class RecordAdmin(ModelAdmin):
    """A record of what happened: to look at, never to change."""

    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(ProductVersion)
class ProductVersionAdmin(ModelAdmin):
    """Adding makes the version that counts from now on; older ones stay as they were."""

    list_display = ("name", "version", "active", "system", "rate_month", "rate_year", "max_term", "created_at")
    list_filter = ("code", "active")

    def save_model(self, request: HttpRequest, obj: ProductVersion, form: Any, change: bool) -> None:
        last = ProductVersion.objects.filter(code=obj.code).order_by("-version").first()
        obj.version = last.version + 1 if last else 1
        super().save_model(request, obj, form, change)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(BusinessProfile)
class BusinessProfileAdmin(ModelAdmin):
    list_display = ("name", "hours")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return super().has_add_permission(request) and not BusinessProfile.objects.exists()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(FaqEntry)
class FaqEntryAdmin(ModelAdmin):
    list_display = ("question", "active")
    list_filter = ("active",)
    search_fields = ("question", "answer")


@admin.register(Simulation)
class SimulationAdmin(RecordAdmin):
    list_display = ("id", "lead", "product_version", "created_at")
    list_filter = ("product_version__code",)
    list_select_related = ("lead", "product_version")


@admin.register(Turn)
class TurnAdmin(RecordAdmin):
    list_display = ("id", "conversation", "intent", "stage_before", "stage_after", "outcome", "wall_ms", "created_at")
    list_filter = ("outcome", "stage_after", "intent")
    list_select_related = ("conversation__contact", "conversation__inbox")
