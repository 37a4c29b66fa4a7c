from django.contrib import admin
from unfold.admin import ModelAdmin

from crm.core.admin import ReadOnly
from crm.exports.models import Export


@admin.register(Export)
class ExportAdmin(ReadOnly, ModelAdmin):
    """Who took which list along; the files are on the page of exports."""

    list_display = ("kind", "requester", "format", "state", "rows_done", "created_at", "expires_at")
    list_filter = ("kind", "state", "format")
    list_select_related = ("requester",)
    search_fields = ("requester__name", "requester__email")
    date_hierarchy = "created_at"
