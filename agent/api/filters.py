from django_filters import FilterSet

from agent.models import Simulation
from crm.api.filtering import AnyOfFilter, MomentFilter, WholeFilter
from leads.models import Product


class SimulationFilters(FilterSet):
    lead = WholeFilter(field_name="lead_id", help_text="Of this lead.")
    product = AnyOfFilter(
        field_name="product_version__code", choices=Product.choices, help_text="Of one of these products."
    )
    created_after = MomentFilter(field_name="created_at", lookup_expr="gte", help_text="Made then or later.")
    created_before = MomentFilter(field_name="created_at", lookup_expr="lt", help_text="Made before.")

    class Meta:
        model = Simulation
        fields: tuple[str, ...] = ()
