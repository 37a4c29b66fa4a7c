"""Forms of Lívia's pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agent.brain.choices import PRODUCTS
from agent.catalogue import products
from agent.simulating import LEAST, MOST, Wish, collateral_slot
from conversations.models import Conversation
from leads.forms import CentsFormField
from leads.models import Lead, Product


class SimulationForm(forms.Form):
    """A simulation by hand. Without a credit, a purchase is the price less the down payment."""

    product = forms.ChoiceField(label=_("Product"))
    credit_amount = CentsFormField(label=_("Credit (R$)"), least=LEAST, most=MOST)
    term_months = forms.IntegerField(label=_("Term (months)"), min_value=1, max_value=600)
    collateral_value = CentsFormField(label=_("Collateral's value (R$)"), most=MOST)
    down_payment = CentsFormField(label=_("Down payment (R$)"), most=MOST)
    monthly_income = CentsFormField(label=_("Monthly income (R$)"), most=MOST)
    system = forms.ChoiceField(
        label=_("System"), required=False, choices=[("", _("As the product")), ("price", "Price"), ("sac", "SAC")]
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(Product.choices)
        self.offered = products()
        ordered = [code for code in PRODUCTS if code in self.offered]  # as clients are asked
        choices = [(code, labels.get(code, code)) for code in ordered]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]
        for name in ("credit_amount", "collateral_value", "down_payment", "monthly_income"):
            self.fields[name].widget.attrs["data-money"] = ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        product, value = values.get("product", ""), values.get("collateral_value")
        if product and collateral_slot(product) and not value and "collateral_value" not in self.errors:
            self.add_error("collateral_value", _("This product needs the value of the collateral."))
        if not values.get("credit_amount") and "credit_amount" not in self.errors:
            values["credit_amount"] = self._of_purchase(values)
        return values

    def _of_purchase(self, values: dict[str, Any]) -> int | None:
        if self.errors.keys() & {"collateral_value", "down_payment"} and values.get("product") == Product.REAL_ESTATE:
            return None
        price, down = values.get("collateral_value"), values.get("down_payment")
        if values.get("product") != Product.REAL_ESTATE or not price or not down:
            self.add_error("credit_amount", _("Write the credit."))
        elif price <= down:
            self.add_error("down_payment", _("The down payment already pays the price."))
        else:
            return int(price - down)
        return None

    def missing(self) -> list[Any]:
        """Labels of what was left empty."""
        return [self[name].label for name in self.errors if name in self.fields and not self[name].value()]

    def wrong(self) -> list[tuple[Any, str]]:
        """(label, sentence) of what was written and cannot be."""
        written = [name for name in self.errors if name in self.fields and self[name].value()]
        return [(self[name].label, str(self.errors[name][0])) for name in written]

    def wish(self) -> Wish:
        values = self.cleaned_data
        terms = self.offered[values["product"]]
        has_choice = terms.system != "consorcio"
        return Wish(
            product=values["product"],
            credit_amount=values["credit_amount"],
            term_months=values["term_months"],
            collateral_value=(values["collateral_value"] or None) if collateral_slot(values["product"]) else None,
            monthly_income=values["monthly_income"],
            down_payment=values["down_payment"],
            system=values["system"] if has_choice else "",
        )


class SendForm(forms.Form):
    """In which of the lead's threads a simulation goes out."""

    conversation = forms.ModelChoiceField(
        label=_("Conversation"), queryset=Conversation.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    client_token = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        threads = lead.conversations.select_related("inbox", "contact").order_by("-last_message_at", "-id")
        field = self.fields["conversation"]
        field.queryset = threads  # type: ignore[attr-defined]
        field.label_from_instance = lambda thread: thread.inbox.name  # type: ignore[attr-defined]
