from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from agent import words
from agent.models import Turn
from agent.turn_page import turn_view
from conversations.models import Conversation
from conversations.search import named
from crm.core.admin import Endless, Found, ReadOnly, number_of, of_trace

_WORDS = ~Q(path__contains=["template"])  # a reply the guard refused went out as a template
_MOST_FOUND = 500
_KINDS = {
    "model": Q(path__contains=["model"]) & _WORDS,
    "repaired": Q(path__contains=["repaired"]) & _WORDS,
    "rules": ~Q(path__contains=["default"]) & (Q(path__contains=["template"]) | ~Q(path__contains=["model"])),
    "default": Q(path__contains=["default"]),
}


class KindFilter(admin.SimpleListFilter):
    title = _("words by")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(words.KINDS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Turn]) -> QuerySet[Turn]:
        return queryset.filter(_KINDS.get(self.value() or "", Q()))


class TroubleFilter(admin.SimpleListFilter):
    title = _("trouble")
    parameter_name = "trouble"
    _asked = {
        "any": ~Q(guard_hits=[]) | ~Q(model_error__in=["", "off"]) | ~Q(validation_errors=[]),
        "guard": ~Q(guard_hits=[]),
        "error": ~Q(model_error__in=["", "off"]),
        "malformed": ~Q(validation_errors=[]),
        "rejected": ~Q(rejected=[]),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("any", _("Any")),
            ("guard", _("Refused by the guard")),
            ("error", _("Error of the model")),
            ("malformed", _("Malformed answer")),
            ("rejected", _("Values not taken")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Turn]) -> QuerySet[Turn]:
        return queryset.filter(self._asked.get(self.value() or "", Q()))


class WordsFilter(admin.SimpleListFilter):
    """Codes of a field in words; only the known ones, so that the page needs no look through the table."""

    field = ""
    known: dict[str, Any] = {}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(self.known.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Turn]) -> QuerySet[Turn]:
        return queryset.filter(**{self.field: self.value()}) if self.value() in self.known else queryset


class OutcomeFilter(WordsFilter):
    title, parameter_name, field, known = _("outcome"), "outcome", "outcome", words.OUTCOMES


class IntentFilter(WordsFilter):
    title, parameter_name, field, known = _("intent"), "intent", "intent", words.INTENTS


@admin.register(Turn)
class TurnAdmin(ReadOnly, Endless, Found, ModelAdmin):
    list_display = ("number", "client", "what", "way", "stages", "trouble", "wall", "created_at")
    list_display_links = ("number", "client")
    list_filter = (
        KindFilter, OutcomeFilter, IntentFilter, TroubleFilter, "stage_after",
        ("created_at", admin.DateFieldListFilter),
    )  # fmt: skip
    list_select_related = ("conversation__lead",)
    search_help_text = _(
        "Number of the turn or of the conversation, the client's name, a trace, or the model's request."
    )
    list_per_page = 50

    class Media:
        css = {"all": ("css/livia-admin.css", "css/livia-admin-parts.css")}

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        number = number_of(query)
        if number is not None:
            return rows.filter(Q(pk=number) | Q(conversation_id=number))
        threads = Conversation.objects.filter(named(query)).values_list("pk", flat=True)
        found = rows.filter(conversation__in=list(threads[:_MOST_FOUND]))
        if found.exists():
            return found
        traced = of_trace(rows, query)
        return traced if traced.exists() else rows.filter(request_id=query)

    @admin.display(description=_("turn"), ordering="id")
    def number(self, turn: Turn) -> str:
        return f"#{turn.pk}"

    @admin.display(description=_("client"))
    def client(self, turn: Turn) -> str:
        return turn.conversation.lead.display_name

    @admin.display(description=_("understood"))
    def what(self, turn: Turn) -> str:
        return words.said(words.INTENTS, turn.intent) if turn.intent else "–"

    @admin.display(description=_("path"))
    def way(self, turn: Turn) -> str:
        return " → ".join(words.said(words.PATHS, step) for step in turn.path)

    @admin.display(description=_("stage"))
    def stages(self, turn: Turn) -> str:
        labels = words.stages()
        before, after = labels.get(turn.stage_before, ""), labels.get(turn.stage_after, "")
        return after if before == after else f"{before} → {after}"

    @admin.display(description=_("trouble"))
    def trouble(self, turn: Turn) -> str:
        told = [words.said(words.GUARD, hit.get("code", "")) for hit in turn.guard_hits]
        told += [words.error(turn.model_error)] if turn.model_error not in ("", "off") else []
        return format_html('<span class="lv-bad">{}</span>', ", ".join(told)) if told else "–"

    @admin.display(description=_("time in all"), ordering="wall_ms")
    def wall(self, turn: Turn) -> str:
        return f"{turn.wall_ms} ms"

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request) or not object_id.isdecimal():
            raise Http404
        related = ("conversation__contact", "conversation__inbox", "conversation__lead", "prompt_version", "simulation")
        turn = get_object_or_404(Turn.objects.select_related(*related), pk=int(object_id))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Turn #%(n)s") % {"n": turn.pk},
            "view": turn_view(turn),
            "turn": turn,
        }
        return TemplateResponse(request, "admin/agent/turn/page.html", context)
