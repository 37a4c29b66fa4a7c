from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from agent.brain.money import percent
from agent.models import BusinessProfile, FaqEntry, ProductVersion, Simulation, Turn
from crm.core.admin import ReadOnly


@admin.register(ProductVersion)
class ProductVersionAdmin(ModelAdmin):
    """Adding makes the version that counts from now on; older ones stay as they were."""

    list_display = ("name", "version", "active", "system", "rate", "ltv", "terms_offered", "created_at")
    list_filter = ("code", "active")

    @admin.display(description=_("rate"))
    def rate(self, version: ProductVersion) -> str:
        if version.rate_month is not None:
            return _("%(rate)s a month") % {"rate": percent(version.rate_month)}
        return _("%(rate)s a year") % {"rate": percent(version.rate_year)} if version.rate_year is not None else "–"

    @admin.display(description=_("LTV at most"))
    def ltv(self, version: ProductVersion) -> str:
        return percent(version.max_ltv) if version.max_ltv is not None else "–"

    @admin.display(description=_("term (months)"))
    def terms_offered(self, version: ProductVersion) -> str:
        return f"{version.min_term}–{version.max_term}"

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
class SimulationAdmin(ReadOnly, ModelAdmin):
    list_display = ("id", "lead", "product_version", "created_at")
    list_filter = ("product_version__code",)
    list_select_related = ("lead", "product_version")


@admin.register(Turn)
class TurnAdmin(ReadOnly, ModelAdmin):
    list_display = ("id", "conversation", "intent", "stage_before", "stage_after", "outcome", "wall_ms", "created_at")
    list_filter = ("outcome", "stage_after", "intent")
    list_select_related = ("conversation__contact", "conversation__inbox")
