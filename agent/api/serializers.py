"""What simulations and products look like to programs. Rates and shares are per cent, as decimals in text."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from agent.brain.products import ProductTerms
from agent.models import Simulation, System
from agent.simulating import LEAST, MOST, client_text, collateral_slot, limits_in_words, result_of, terms_changed
from crm.api.serializing import Cents, Id, Moment, Strict
from leads.models import Product

_SHOWN = ("rate_month", "rate_year", "cet_month", "cet_year", "ltv", "commitment")
_PLAIN = (
    "system", "credit_amount", "term_months", "financed_amount", "iof", "fees", "first_instalment",
    "second_instalment", "last_instalment", "total", "interest_total", "min_income",
)  # fmt: skip
_ASKED = ("collateral_value", "monthly_income", "down_payment", "contract_date")


class Percent(serializers.CharField):
    """A fraction as per cent: Decimal("0.0149") → "1.49"; with `places`, rounded as clients are told."""

    def __init__(self, *, places: int | None = None, **kwargs: Any) -> None:
        self.places = places
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Decimal) -> str:  # type: ignore[override]  # it is text only outside
        percent = value * 100
        if self.places is not None:
            return str(percent.quantize(Decimal(1).scaleb(-self.places), ROUND_HALF_UP))
        return f"{percent.normalize():f}"


class WishIn(Strict):
    """A simulation as it is asked for. Money in cents, term in months."""

    product = serializers.ChoiceField(choices=Product.choices)
    credit_amount = Cents(min_value=LEAST, max_value=MOST, help_text="What the client receives.")
    term_months = serializers.IntegerField(min_value=1, max_value=600)
    collateral_value = Cents(
        required=False, allow_null=True, min_value=1, max_value=MOST,
        help_text="Of the property or vehicle; for products that have a collateral, which need it.",
    )  # fmt: skip
    down_payment = Cents(required=False, allow_null=True, max_value=MOST)
    monthly_income = Cents(
        required=False, allow_null=True, max_value=MOST, help_text="`commitment` is of it; not needed."
    )
    system = serializers.ChoiceField(
        choices=[("price", "Price"), ("sac", "SAC")], required=False, allow_null=True,
        help_text="Instead of the product's own; not for a consórcio.",
    )  # fmt: skip

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        needs, value = collateral_slot(attrs["product"]), attrs.get("collateral_value")
        if needs and not value:
            raise serializers.ValidationError(
                {"collateral_value": [_("This product needs the value of the collateral.")]}
            )
        if value and not needs:
            raise serializers.ValidationError({"collateral_value": [_("This product has no collateral.")]})
        if attrs["product"] == Product.CONSORCIO and attrs.get("system"):
            raise serializers.ValidationError({"system": [_("A consórcio has no other system.")]})
        return {**attrs, "system": attrs.get("system") or ""}


class SendIn(Strict):
    conversation_id = Id(help_text="One of the lead's.")
    over = Id(
        required=False, allow_null=True,
        help_text="Send although this colleague is attending: their id, from the 409 that says so.",
    )  # fmt: skip


class MakerSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SimulationSerializer(serializers.Serializer):
    """A loan or consórcio computed for a lead, by the terms of its day. Money in cents."""

    id = serializers.IntegerField()
    lead_id = serializers.IntegerField()
    conversation_id = serializers.IntegerField(allow_null=True, help_text="In which Lívia made it.")
    created_at = Moment()
    made_by = MakerSerializer(allow_null=True, help_text="Null: Lívia.")
    product = serializers.ChoiceField(choices=Product.choices)
    product_name = serializers.CharField()
    product_version = serializers.IntegerField(help_text="Which terms: they are numbered for each product.")
    system = serializers.ChoiceField(choices=System.choices)
    contract_date = serializers.DateField(help_text="As if signed on this day.")
    credit_amount = serializers.IntegerField(help_text="What the client receives.")
    term_months = serializers.IntegerField()
    collateral_value = serializers.IntegerField(allow_null=True)
    monthly_income = serializers.IntegerField(allow_null=True)
    down_payment = serializers.IntegerField(allow_null=True)
    financed_amount = serializers.IntegerField(help_text="The debt; of a consórcio, all that is to be paid.")
    iof = serializers.IntegerField(help_text="The tax on credit.")
    fees = serializers.IntegerField()
    first_instalment = serializers.IntegerField()
    second_instalment = serializers.IntegerField()
    last_instalment = serializers.IntegerField()
    total = serializers.IntegerField(help_text="Of all instalments.")
    interest_total = serializers.IntegerField()
    rate_month = Percent(places=2, allow_null=True, help_text="Per cent a month; null for a consórcio.")
    rate_year = Percent(places=2, allow_null=True)
    cet_month = Percent(places=2, allow_null=True, help_text="Total effective cost (CET), per cent a month.")
    cet_year = Percent(places=2, allow_null=True)
    ltv = Percent(places=2, allow_null=True, help_text="Credit over the collateral's value, per cent.")
    commitment = Percent(places=2, allow_null=True, help_text="Highest instalment over the income, per cent.")
    min_income = serializers.IntegerField(help_text="The income that carries it.")

    def to_representation(self, instance: Simulation) -> dict[str, Any]:
        return dict(super().to_representation(self.told(instance)))

    def told(self, simulation: Simulation) -> dict[str, Any]:
        result, version = result_of(simulation), simulation.product_version
        return {
            "id": simulation.pk,
            "lead_id": simulation.lead_id,
            "conversation_id": simulation.conversation_id,
            "created_at": simulation.created_at,
            "made_by": simulation.made_by,
            "product": result.code,
            "product_name": version.name,
            "product_version": version.version,
            **{name: getattr(result, name) for name in (*_PLAIN, *_SHOWN)},
            **{name: getattr(result.request, name) for name in _ASKED},
        }


class SimulationWholeSerializer(SimulationSerializer):
    """The same with what one looks up for a single one."""

    terms_changed = serializers.BooleanField(help_text="The product has other terms today, or is not offered any more.")
    text = serializers.CharField(help_text="As the client reads it, in Portuguese.")

    def told(self, simulation: Simulation) -> dict[str, Any]:
        more = {"terms_changed": terms_changed(simulation), "text": client_text(simulation)}
        return {**super().told(simulation), **more}


class InstalmentSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    due = serializers.DateField()
    instalment = serializers.IntegerField()
    interest = serializers.IntegerField()
    amortisation = serializers.IntegerField()
    balance = serializers.IntegerField()


class ScheduleSerializer(serializers.Serializer):
    """All instalments, the first one first. Money in cents."""

    results = InstalmentSerializer(many=True)


class SentSerializer(serializers.Serializer):
    """The message that goes out."""

    message_id = serializers.IntegerField()
    conversation_id = serializers.IntegerField()
    state = serializers.CharField(help_text="`queued`: it is sent as soon as the number is connected.")
    text = serializers.CharField()


class ProductSerializer(serializers.Serializer):
    """A product's terms in force today."""

    product = serializers.ChoiceField(choices=Product.choices, source="code")
    name = serializers.CharField()
    system = serializers.ChoiceField(choices=System.choices)
    rate_month = Percent(source="monthly_rate", places=4, help_text="Per cent a month; 0 for a consórcio.")
    rate_year = Percent(source="yearly_rate", places=4)
    min_term = serializers.IntegerField(help_text="Months.")
    max_term = serializers.IntegerField(help_text="Months.")
    max_ltv = Percent(allow_null=True, help_text="The most credit over the collateral's value, per cent.")
    max_ltv_price = Percent(allow_null=True, help_text="The same where a SAC product is simulated by Price.")
    max_credit = serializers.IntegerField(allow_null=True, help_text="Cents.")
    max_collateral = serializers.IntegerField(allow_null=True, help_text="Cents.")
    collateral = serializers.ChoiceField(choices=[("property", "Property"), ("vehicle", "Vehicle")], allow_null=True)
    income_commitment = Percent(help_text="The most of the income an instalment may be, per cent.")
    iof = serializers.BooleanField(help_text="Whether the tax on credit is due.")
    admin_fee = Percent(help_text="Of a consórcio, over the whole plan, per cent.")
    reserve_fund = Percent(help_text="Of a consórcio, per cent.")
    limits = serializers.SerializerMethodField(help_text="In words, a sentence each.")

    def get_limits(self, terms: ProductTerms) -> list[str]:
        return limits_in_words(terms)


class ProductsSerializer(serializers.Serializer):
    results = ProductSerializer(many=True)
