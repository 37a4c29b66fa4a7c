from django.contrib import admin
from unfold.admin import ModelAdmin

from crm.core.admin import ReadOnly
from crm.summary.models import SummarySent


@admin.register(SummarySent)
class SummarySentAdmin(ReadOnly, ModelAdmin):
    list_display = ("week", "user", "state", "attempts", "sent_at", "error")
    list_filter = ("state",)
    list_select_related = ("user",)
    search_fields = ("user__name", "user__email")
    date_hierarchy = "week"
