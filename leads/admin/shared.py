"""What the admin pages about leads share: finding by an index, filtering by owner, and telling who looked."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import User
from crm.core.admin import Found, number_of
from leads.filters import Filters
from leads.models import Lead

_MOST = 500


def leads_named(request: HttpRequest, query: str) -> Q:
    """Leads by `#number`, or by words of the name, e-mail and phone, which have a trigram index."""
    number = number_of(query) if query.startswith("#") else None
    return Q(pk=number) if number is not None else Filters(q=query).condition(cast(User, request.user))


class FoundByLead(Found):
    """Mixin: records of leads, found by the lead."""

    search_help_text = _("Name, phone or e-mail of the client, or #number of the lead.")

    def find(self, request: HttpRequest, rows: QuerySet[Any], query: str) -> QuerySet[Any]:
        # The leads first, and not too many: asked at once, PostgreSQL walks through all records for a rare name.
        ids = list(Lead.objects.filter(leads_named(request, query)).values_list("pk", flat=True)[:_MOST])
        return rows.filter(lead__in=ids)


class PersonFilter(admin.SimpleListFilter):
    """People by name, in one query; `field` is the foreign key to users, or to consultants, who share their keys."""

    field = ""
    none: Any = None  # what an empty field is called, where it may be empty

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        people = User.objects.order_by("name", "pk").values_list("pk", "name")
        return [*([("none", self.none)] if self.none else []), *((str(pk), name) for pk, name in people)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(**{f"{self.field}__isnull": True})
        return (
            queryset.filter(**{f"{self.field}_id": int(value)}) if value.isdecimal() and len(value) < 18 else queryset
        )


class ConsultantFilter(PersonFilter):
    title, parameter_name, field, none = _("consultant"), "consultant", "consultant", _("Nobody")


class OwnerFilter(PersonFilter):
    title, parameter_name, field, none = _("whose"), "owner", "owner", _("Nobody's")


class ActorFilter(PersonFilter):
    title, parameter_name, field, none = _("actor"), "actor", "actor", _("No person")
