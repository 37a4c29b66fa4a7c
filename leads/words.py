"""Words for what clients tell about themselves, where the data holds a code."""

from typing import Any

from django.utils.translation import gettext_lazy as _

OCCUPATIONS: dict[str, Any] = {
    "clt": _("salaried (CLT)"),
    "self_employed": _("self-employed"),
    "business_owner": _("business owner"),
    "public_servant": _("public servant"),
    "retired": _("retired"),
    "unemployed": _("out of work"),
}
PURPOSES: dict[str, Any] = {
    "debt_consolidation": _("paying off debts"),
    "renovation": _("building or renovating"),
    "business": _("own business"),
    "education": _("studies"),
    "health": _("health"),
    "travel": _("a trip or a party"),
    "purchase": _("a purchase"),
    "investment": _("an investment"),
}


def in_words(code: str) -> str:
    """An occupation or purpose in the reader's language; what is no code stands as it was said."""
    return str(OCCUPATIONS.get(code) or PURPOSES.get(code) or code)
