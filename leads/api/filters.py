"""What lists of leads, tasks and interactions can be narrowed to."""

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django_filters import CharFilter, FilterSet

from crm.api.filtering import AnyOfFilter, MomentFilter, WholeFilter, YesNoFilter
from crm.core.phones import phone_identity, phone_normalise
from crm.core.text import clean_line
from leads.filters import Filters
from leads.inline import UFS
from leads.models import MAX_CENTS, InteractionKind, Lead, Product, Source, Task, TaskState, Temperature
from leads.pipeline import Status


def _since(field: str) -> MomentFilter:
    return MomentFilter(field, lookup_expr="gte", help_text="At this moment or after it.")


def _before(field: str) -> MomentFilter:
    return MomentFilter(field, lookup_expr="lt", help_text="Before this moment.")


class LeadFilters(FilterSet):
    status = AnyOfFilter(choices=Status.choices, help_text="Columns of the board.")
    product = AnyOfFilter(choices=Product.choices)
    source = AnyOfFilter(choices=Source.choices)
    temperature = AnyOfFilter("ai_temperature", choices=Temperature.choices)
    uf = AnyOfFilter(choices=[(uf, uf) for uf in UFS], help_text="State of Brazil.")
    consultant = WholeFilter("consultant_id", min_value=1, help_text="Whose leads: a consultant's id.")
    unassigned = YesNoFilter("consultant", lookup_expr="isnull", help_text="Leads of nobody, or of somebody.")
    created_after = _since("created_at")
    created_before = _before("created_at")
    updated_after = _since("updated_at")
    updated_before = _before("updated_at")
    credit_amount_min = WholeFilter("credit_amount", lookup_expr="gte", max_value=MAX_CENTS, help_text="Cents.")
    credit_amount_max = WholeFilter("credit_amount", lookup_expr="lte", max_value=MAX_CENTS, help_text="Cents.")
    phone = CharFilter(method="of_phone", max_length=30, help_text="The lead of this phone, however it is written.")
    search = CharFilter(method="with_words", max_length=100, help_text="Words of the name, e-mail or phone.")

    def of_phone(self, rows: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        """A phone of a lead that was merged finds the one it lives on in."""
        phone_key = phone_identity(phone_normalise(value))
        known = Lead.objects.filter(phone_key=phone_key).values(stays=Coalesce("merged_into_id", "pk"))
        return rows.filter(pk__in=known)

    def with_words(self, rows: QuerySet[Lead], _name: str, value: str) -> QuerySet[Lead]:
        return rows.filter(Filters(q=clean_line(value, limit=100)).condition(self.request.user))


class TaskFilters(FilterSet):
    state = AnyOfFilter(choices=TaskState.choices)
    due_after = _since("due_at")
    due_before = _before("due_at")
    lead = WholeFilter("lead_id", min_value=1, help_text="Of this lead.")
    owner = WholeFilter("owner_id", min_value=1, help_text="Of this person.")
    mine = YesNoFilter(method="of_asker", help_text="true: your own. false: those of others and of nobody.")

    def of_asker(self, rows: QuerySet[Task], _name: str, value: bool) -> QuerySet[Task]:
        user = self.request.user
        return rows.filter(owner=user) if value else rows.exclude(owner=user)


class InteractionFilters(FilterSet):
    kind = AnyOfFilter(choices=InteractionKind.choices)
    created_after = _since("created_at")
    created_before = _before("created_at")
