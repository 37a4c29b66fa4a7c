"""A lead's data in words: what its fields are called and how their values are written."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.core.phones import phone_display
from crm.core.templatetags import ui
from leads.models import Product
from leads.words import in_words

CONTACT = ("name", "phone", "email", "city", "uf", "occupation")
WISH = ("product", "credit_amount", "term_months", "purpose")
MEANS = ("monthly_income", "property_value", "vehicle_value", "down_payment")
EDITED = (*CONTACT, *WISH, *MEANS)

LABELS: dict[str, Any] = {
    "name": _("Name"),
    "phone": _("Phone"),
    "email": _("E-mail"),
    "city": _("City"),
    "uf": _("State"),
    "occupation": _("Occupation"),
    "product": _("Product"),
    "credit_amount": _("Credit"),
    "term_months": _("Term"),
    "purpose": _("Purpose"),
    "monthly_income": _("Income"),
    "property_value": _("Property"),
    "vehicle_value": _("Vehicle"),
    "down_payment": _("Down payment"),
    "message": _("Message"),
    "consented_at": _("Consent to WhatsApp"),
    "transfer_summary": _("Lívia's summary"),
}
_MONEY = frozenset({"credit_amount", "monthly_income", "property_value", "vehicle_value", "down_payment"})


def worded(name: str, value: Any) -> str:
    """A value of a field as people read it; "" for none."""
    if value is None or value == "":
        return ""
    if name in _MONEY:
        return ui.cents(value)
    if name == "phone":
        return phone_display(str(value))
    if name == "term_months":
        return ngettext("%(n)s month", "%(n)s months", int(value)) % {"n": value}
    if name == "product":
        return str(dict(Product.choices).get(value, value))
    return in_words(str(value)) if name in ("occupation", "purpose") else str(value)
