"""Privacy in the admin: how long things stay may be changed, what was done is there to be read."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, ReadOnly
from crm.privacy.models import Erasure, RetentionRule, Review, SubjectExport


@admin.register(RetentionRule)
class RetentionRuleAdmin(ModelAdmin):
    """The page /privacy/ shows beside it what each rule would remove."""

    list_display = ("kind", "days", "active", "last_run_at", "last_count")
    list_editable = ("days", "active")
    fields = ("kind", "days", "active", "last_run_at", "last_count")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        done = ("last_run_at", "last_count")
        return ("kind", *done) if obj else done

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Erasure)
class ErasureAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("__str__", "created_at", "requester", "reason", "state", "finished_at")
    list_filter = ("state", "requester")
    list_select_related = ("requester",)
    search_fields = ("lead_id__exact", "reason")
    date_hierarchy = "created_at"


@admin.register(SubjectExport)
class SubjectExportAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("__str__", "lead", "requester", "created_at", "state", "expires_at")
    list_filter = ("state", "requester")
    list_select_related = ("lead", "requester")
    date_hierarchy = "created_at"


@admin.register(Review)
class ReviewAdmin(ReadOnly, Endless, ModelAdmin):
    list_display = ("__str__", "lead", "what", "channel", "asked_at", "outcome", "reviewer", "reviewed_at")
    list_filter = ("state", "outcome", "what", "channel")
    list_select_related = ("lead", "reviewer")
    date_hierarchy = "asked_at"
