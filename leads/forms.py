"""Forms of leads: what people type becomes values of the model's units."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Invalid
from crm.core.phones import phone_normalise
from crm.core.templatetags import ui
from crm.core.text import clean_line, clean_text
from leads.models import MAX_CENTS, Lead, Product


def cents_from_text(text: str) -> int:
    """`"R$ 1.234,56"`, `"1234.56"`, `"350 mil"` → integer cents. Raises ValueError."""
    raw = text.lower().replace("r$", "").strip()
    thousand = re.fullmatch(r"([\d.,]+)\s*(mil|k|mi|milh[aã]o|milh[oõ]es)?", raw)
    if not thousand:
        raise ValueError(text)
    digits, unit = thousand[1], thousand[2]
    if "," in digits and digits.rfind(",") > digits.rfind("."):
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(\.\d{3})+", digits):
        digits = digits.replace(".", "")
    else:
        digits = digits.replace(",", "")
    factor = 1 if not unit else 1000 if unit in ("mil", "k") else 1_000_000
    try:
        cents = int((Decimal(digits) * factor * 100).to_integral_value())
    except InvalidOperation as error:
        raise ValueError(text) from error
    if cents > MAX_CENTS:
        raise ValueError(text)
    return cents


class CentsFormField(forms.CharField):
    """Reais as a person writes them; cleans to integer cents between `least` and `most`, or None."""

    def __init__(self, *, least: int = 0, most: int = MAX_CENTS, **kwargs: Any) -> None:
        self.least, self.most = least, most
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off"})

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, int):
            return f"{value / 100:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        return value

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            value = cents_from_text(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write an amount such as 150.000,00."), code="invalid") from error
        if value > self.most:
            raise forms.ValidationError(_("At most %(amount)s."), code="most", params={"amount": ui.cents(self.most)})
        if value < self.least:
            raise forms.ValidationError(
                _("At least %(amount)s."), code="least", params={"amount": ui.cents(self.least)}
            )
        return value


class LineField(forms.CharField):
    """One clean line."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value), limit=(self.max_length or 200) + 1)


class PhoneField(forms.CharField):
    """Any way to write a phone; cleans to E.164 or ""."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 30, **kwargs})
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        try:
            return phone_normalise(text) if text else ""
        except Invalid as error:
            raise forms.ValidationError(str(error.message), code=error.code) from error


class LeadForm(forms.ModelForm):
    """A lead typed or corrected by hand: only the name is required."""

    name = LineField(label=_("Name"), min_length=1, max_length=200)
    phone = PhoneField(label=_("Phone"), required=False)
    credit_amount = CentsFormField(label=_("Credit (R$)"))
    property_value = CentsFormField(label=_("Property value (R$)"))
    vehicle_value = CentsFormField(label=_("Vehicle value (R$)"))
    monthly_income = CentsFormField(label=_("Monthly income (R$)"))
    city = LineField(label=_("City"), required=False, max_length=80)
    uf = forms.RegexField(label=_("State"), regex=r"^[A-Za-z]{2}$", required=False, max_length=2)
    product = forms.ChoiceField(label=_("Product"), required=False, choices=[("", "–"), *Product.choices])
    term_months = forms.IntegerField(label=_("Term (months)"), required=False, min_value=1, max_value=480)

    class Meta:
        model = Lead
        fields = (
            "name", "phone", "email", "product", "credit_amount", "term_months", "monthly_income",
            "property_value", "vehicle_value", "city", "uf",
        )  # fmt: skip

    def clean_uf(self) -> str:
        return (self.cleaned_data.get("uf") or "").upper()


class NewLeadForm(LeadForm):
    """Says while the phone is being typed whether its lead is there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].widget.attrs |= {
            "hx-get": reverse("leads:known"),
            "hx-trigger": "input changed delay:300ms, change",
            "hx-target": "#lead-known",
            "hx-sync": "this:replace",
            "hx-disabled-elt": "unset",  # not the form's
        }


class PublicLeadForm(forms.Form):
    """The public page: name and phone, a wish, and consent to be written to."""

    name = LineField(label=_("Your name"), min_length=1, max_length=200)
    phone = PhoneField(label=_("WhatsApp with area code"))
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    product = forms.ChoiceField(label=_("What are you looking for?"), required=False)
    credit_amount = CentsFormField(label=_("How much do you need? (R$)"))
    message = forms.CharField(
        label=_("Tell us more"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )
    consent = forms.BooleanField(label=_("I agree to be contacted about my request, by WhatsApp too."))
    website = forms.CharField(required=False, widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].choices = [("", _("I am not sure yet")), *Product.choices]

    def clean_message(self) -> str:
        return clean_text(self.cleaned_data.get("message", ""), limit=2000)

    @property
    def looks_automatic(self) -> bool:
        """The field people do not see was filled."""
        return bool(self.cleaned_data.get("website"))
