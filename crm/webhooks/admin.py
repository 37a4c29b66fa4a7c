from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, ReadOnly
from crm.webhooks.models import Delivery, Endpoint, Source


class _WithPage:
    """A row leads to the product's own page: endpoints are changed there, and looking at what was sent is noted."""

    page_name = ""

    @admin.display(description=gettext_lazy("Page"))
    def page(self, row: Endpoint | Delivery | Source) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse(self.page_name, args=[row.pk]), _("Open"))


@admin.register(Endpoint)
class EndpointAdmin(_WithPage, ReadOnly, ModelAdmin):
    page_name = "webhooks:detail"
    list_display = ("name", "url", "active", "failures", "disabled_at", "creator", "created_at", "page")
    list_filter = ("active",)
    list_select_related = ("creator",)
    search_fields = ("name", "url")
    readonly_fields = ("url",)


@admin.register(Delivery)
class DeliveryAdmin(_WithPage, ReadOnly, Endless, ModelAdmin):
    page_name = "webhooks:delivery"
    ordering = ("-created_at", "-pk")
    exclude = ("payload",)
    list_display = ("event", "endpoint", "state", "tries", "status", "created_at", "settled_at", "page")
    list_filter = ("state", "event", "endpoint")
    list_select_related = ("endpoint",)


@admin.register(Source)
class SourceAdmin(_WithPage, ReadOnly, ModelAdmin):
    page_name = "webhooks:source"
    list_display = ("name", "active", "last_used_at", "creator", "created_at", "page")
    list_filter = ("active",)
    list_select_related = ("creator",)
    search_fields = ("name",)
