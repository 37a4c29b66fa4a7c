"""What is kept beside leads: the record of everything done to them, notes, files, consents. To look at."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin

from crm.core.admin import Endless, ReadOnly
from leads.admin.shared import ActorFilter, FoundByLead, PersonFilter
from leads.models import Consent, Interaction, LeadFile, Note, SavedView

_MOST_SHOWN = 120


class AuthorFilter(PersonFilter):
    title, parameter_name, field = _("author"), "author", "author"


class UploaderFilter(PersonFilter):
    title, parameter_name, field = _("uploaded by"), "uploader", "uploader"


class ViewOwnerFilter(PersonFilter):
    title, parameter_name, field = _("owner"), "owner", "owner"


@admin.register(Interaction)
class InteractionAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    list_display = ("created_at", "lead", "kind", "actor_kind", "actor", "details")
    list_filter = ("kind", "actor_kind", ActorFilter)
    list_select_related = ("lead", "actor")

    @admin.display(description=_("details"))
    def details(self, interaction: Interaction) -> str:
        said = ", ".join(
            f"{name}: {_short(value)}" for name, value in interaction.data.items() if value not in ("", None)
        )
        return said[:_MOST_SHOWN] or "–"


def _short(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, dict | list) else str(value)


@admin.register(Note)
class NoteAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    list_display = ("created_at", "lead", "author", "beginning", "pinned", "edited_at", "removed_at")
    list_filter = (AuthorFilter, "pinned", ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("lead", "author")

    @admin.display(description=_("text"))
    def beginning(self, note: Note) -> str:
        return note.text[:_MOST_SHOWN]


@admin.register(LeadFile)
class LeadFileAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    list_display = ("name", "lead", "uploader", "mime", "shown_size", "created_at", "removed_at")
    list_filter = (UploaderFilter, ("removed_at", admin.EmptyFieldListFilter))
    list_select_related = ("lead", "uploader")

    @admin.display(description=_("size"), ordering="size")
    def shown_size(self, file: LeadFile) -> str:
        return filesizeformat(file.size)


@admin.register(Consent)
class ConsentAdmin(ReadOnly, Endless, FoundByLead, ModelAdmin):
    """The ledger: rows are never changed, the latest of a purpose is what counts."""

    list_display = ("at", "lead", "purpose", "given", "source", "actor_kind", "actor")
    list_filter = ("purpose", "given", "source", ("at", admin.DateFieldListFilter))
    list_select_related = ("lead", "actor")


@admin.register(SavedView)
class SavedViewAdmin(ReadOnly, ModelAdmin):
    list_display = ("name", "owner", "shared", "query", "created_at")
    list_filter = ("shared", ViewOwnerFilter)
    list_select_related = ("owner",)
    search_fields = ("name", "owner__name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SavedView]:
        return super().get_queryset(request).order_by("name", "pk")
