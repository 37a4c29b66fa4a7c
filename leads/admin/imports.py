"""Imports and their rows, to look up; they are made, run and undone on their own pages."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, Found, ReadOnly, number_of
from leads.models import Import, ImportRow


@admin.register(Import)
class ImportAdmin(ReadOnly, ModelAdmin):
    list_display = (
        "name", "state", "creator", "created_count", "known_count", "repeated_count", "error_count", "created_at",
        "page",
    )  # fmt: skip
    list_filter = ("state", "creator")
    list_select_related = ("creator",)
    search_fields = ("name",)
    date_hierarchy = "created_at"
    exclude = ("sample", "columns", "mapping", "options")

    @admin.display(description=gettext_lazy("Page"))
    def page(self, batch: Import) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("imports:detail", args=[batch.pk]), _("Open"))


@admin.register(ImportRow)
class ImportRowAdmin(Endless, Found, ReadOnly, ModelAdmin):
    list_display = ("batch", "line", "outcome", "lead")
    list_filter = ("outcome",)
    list_select_related = ("batch", "lead")
    raw_id_fields = ("batch", "lead")

    def find(self, request: HttpRequest, rows: QuerySet[ImportRow], query: str) -> QuerySet[ImportRow]:
        """By the number of a lead or of an import."""
        number = number_of(query)
        return rows.filter(lead_id=number) | rows.filter(batch_id=number) if number else rows.none()
