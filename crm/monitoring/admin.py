"""Records to look at; what is done about them is done on the pages of monitoring and alerts."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, ReadOnly
from crm.monitoring.models import AlertMail, Process, Report, Sample


@admin.register(Process)
class ProcessAdmin(ReadOnly, ModelAdmin):
    list_display = ("kind", "host", "pid", "started_at", "seen_at", "stopping", "memory_mb", "cpu_percent")
    list_filter = ("kind", "stopping")


@admin.register(Sample)
class SampleAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = (
        "at", "received", "answered", "response_s", "model_s", "error_percent", "cpu_percent", "memory_percent",
        "queue", "db_connections",
    )  # fmt: skip


@admin.register(Report)
class ReportAdmin(ReadOnly, ModelAdmin):
    list_display = ("hour", "score", "band", "created_at")
    list_filter = ("band",)
    date_hierarchy = "hour"


@admin.register(AlertMail)
class AlertMailAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("alert", "to", "reason", "state", "attempts", "sent_at", "error")
    list_filter = ("state", "reason")
    list_select_related = ("alert",)
