"""Keys and sign-ins of programs, to look at and to end."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import ModelAdmin

from crm.accounts.models import User
from crm.api.families import family_revoke
from crm.api.keys import key_revoke
from crm.api.models import ApiKey, TokenFamily
from crm.core.admin import Endless, ReadOnly


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnly, Endless, ModelAdmin):
    """Whose keys there are. Their secrets nobody knows; people make them on their own page."""

    list_display = ("name", "user", "begins", "may", "last_used_at", "last_used_from", "expires_at", "revoked_at")
    list_filter = (("user", admin.RelatedOnlyFieldListFilter), ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    fields = readonly_fields = (
        "name", "user", "begins", "may", "created_at", "last_used_at", "last_used_from", "expires_at", "revoked_at",
    )  # fmt: skip
    actions = ("revoke",)

    @admin.display(description=gettext_lazy("begins with"), ordering="prefix")
    def begins(self, key: ApiKey) -> str:
        return f"livia_{key.prefix}…"

    @admin.display(description=gettext_lazy("may"))
    def may(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.action(description=gettext_lazy("Revoke"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset.filter(revoked_at=None):
            key_revoke(key_id=key.pk, by=cast(User, request.user), request=request)
        _said(self, request)


@admin.register(TokenFamily)
class TokenFamilyAdmin(ReadOnly, Endless, ModelAdmin):
    """Where programs are signed in with a person's password."""

    list_display = ("user", "program", "address", "created_at", "last_used_at", "expires_at", "revoked_at", "why")
    list_filter = (("user", admin.RelatedOnlyFieldListFilter), ("revoked_at", admin.EmptyFieldListFilter))
    list_select_related = ("user",)
    ordering = ("-created_at", "-pk")
    fields = readonly_fields = list_display
    actions = ("revoke",)

    @admin.display(description=gettext_lazy("why"), ordering="revoked_why")
    def why(self, family: TokenFamily) -> str:
        return str(_WHY.get(family.revoked_why, family.revoked_why))

    @admin.action(description=gettext_lazy("Sign out"), permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[TokenFamily]) -> None:
        for family in queryset.filter(revoked_at=None):
            family_revoke(family_id=family.pk, by=cast(User, request.user), request=request)
        _said(self, request)


_WHY = {
    "logout": gettext_lazy("signed out"),
    "ended": gettext_lazy("ended by hand"),
    "reuse": gettext_lazy("a used token came back"),
    "everywhere": gettext_lazy("signed out everywhere"),
    "password": gettext_lazy("password changed"),
    "role": gettext_lazy("role changed"),
    "factor": gettext_lazy("second factor changed"),
    "deactivated": gettext_lazy("person deactivated"),
    "crowded": gettext_lazy("too many sign-ins"),
}


def _said(admin_page: Any, request: HttpRequest) -> None:
    admin_page.message_user(request, _("Done: what was chosen works no more."), messages.SUCCESS)
