"""What Lívia computed, judged, planned and learned: to look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from agent import words
from agent.admin.turns import WordsFilter
from agent.models import ContactProfile, Dialogue, FollowUp, LeadClassification, Simulation
from conversations.models import Conversation
from conversations.search import named
from crm.core.admin import Endless, Found, ReadOnly
from leads.admin.shared import FoundByLead

_MOST_FOUND = 500


@admin.register(Simulation)
class SimulationAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    list_display = ("id", "lead", "product_version", "made_by", "created_at", "page")
    list_filter = (
        "product_version__code", ("made_by", admin.EmptyFieldListFilter), ("created_at", admin.DateFieldListFilter),
    )  # fmt: skip
    list_select_related = ("lead", "product_version", "made_by")

    @admin.display(description=_("page"))
    def page(self, simulation: Simulation) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("agent:simulation", args=[simulation.pk]), _("Open the simulation")
        )


@admin.register(LeadClassification)
class LeadClassificationAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    list_display = ("lead", "temperature", "score", "source", "model", "rules_temperature", "error", "created_at")
    list_filter = ("temperature", "source", ("created_at", admin.DateFieldListFilter))
    list_select_related = ("lead",)


class FoundByThread(Found):
    """Mixin: records of conversations, found by the client."""

    search_help_text = _("Name or phone of the client.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        threads = Conversation.objects.filter(named(query)).values_list("pk", flat=True)
        return rows.filter(conversation__in=list(threads[:_MOST_FOUND]))


@admin.register(Dialogue)
class DialogueAdmin(ReadOnly, Endless, FoundByThread, ModelAdmin):
    """Where Lívia stands with each client."""

    list_display = ("conversation", "stage", "updated_at")
    list_filter = ("stage",)
    list_select_related = ("conversation__contact", "conversation__inbox")
    fields = ("conversation", "stage", "slots", "sources", "state", "updated_at")


class ReasonFilter(WordsFilter):
    title, parameter_name, field, known = _("reason"), "reason", "reason", words.CANCELLED


@admin.register(FollowUp)
class FollowUpAdmin(ReadOnly, Endless, FoundByThread, ModelAdmin):
    list_display = ("conversation", "number", "due_at", "state", "why", "created_at")
    list_filter = ("state", ReasonFilter, ("due_at", admin.DateFieldListFilter))
    list_select_related = ("conversation__contact", "conversation__inbox")
    exclude = ("reason",)
    readonly_fields = ("why",)

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, follow_up: FollowUp) -> str:
        return words.said(words.CANCELLED, follow_up.reason) if follow_up.reason else "–"


@admin.register(ContactProfile)
class ContactProfileAdmin(Endless, ModelAdmin):
    """A manager says who a client is to the firm; the rest is learned."""

    list_display = ("contact", "relationship", "priority", "messages_read", "sentiment", "updated_at")
    list_filter = ("relationship", "priority")
    list_select_related = ("contact",)
    search_fields = ("contact__name", "contact__push_name", "contact__phone", "preferred_name")
    fields = (
        "contact", "relationship", "priority", "preferred_name",
        "messages_read", "style", "topics", "transitions", "sentiment", "sentiment_trend", "updated_at",
    )  # fmt: skip
    readonly_fields = (
        "contact", "messages_read", "style", "topics", "transitions", "sentiment", "sentiment_trend", "updated_at",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ContactProfile | None = None) -> bool:
        return False
