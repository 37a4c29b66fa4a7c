from django.contrib import admin
from unfold.admin import ModelAdmin

from crm.alerts.models import Alert
from crm.core.admin import ReadOnly


@admin.register(Alert)
class AlertAdmin(ReadOnly, ModelAdmin):
    """To look back; what is done about alerts is done on their page."""

    list_display = ("title", "level", "raised_at", "cleared_at", "times", "taken_by")
    list_filter = ("level", "code", ("cleared_at", admin.EmptyFieldListFilter))
    list_select_related = ("taken_by",)
    search_fields = ("code", "key", "note")
    date_hierarchy = "raised_at"
