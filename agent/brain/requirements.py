"""Which slots each product needs, and in which order Lívia asks for them."""

from collections.abc import Mapping
from typing import Any

# Asked at most twice, then left to the consultant.
SOFT = frozenset({"name", "city"})
# Asked once.
ONCE = frozenset({"occupation", "purpose", "collateral_paid_off"})

_ORDER: dict[str, tuple[str, ...]] = {
    "home_equity": (
        *("credit_amount", "property_value", "monthly_income", "term_months"),
        *("city", "collateral_paid_off", "purpose", "occupation"),
    ),
    "real_estate_financing": ("property_value", "credit_amount", "monthly_income", "term_months", "city", "occupation"),
    "auto_equity": (
        *("credit_amount", "vehicle_value", "monthly_income", "term_months"),
        *("city", "collateral_paid_off", "purpose", "occupation"),
    ),
    "consorcio": ("credit_amount", "term_months", "monthly_income", "city"),
    "personal_loan": ("credit_amount", "monthly_income", "term_months", "city", "purpose", "occupation"),
    "payroll_loan": ("occupation", "credit_amount", "monthly_income", "term_months", "city"),
}
FIRST = ("name", "product")
COLLATERAL = {
    "home_equity": "property_value",
    "real_estate_financing": "property_value",
    "auto_equity": "vehicle_value",
}


def effective(slots: Mapping[str, Any]) -> dict[str, Any]:
    """The slots with what follows from them: for a purchase, credit is the price less the down payment."""
    values = dict(slots)
    if values.get("product") == "real_estate_financing" and "credit_amount" not in values:
        price, down = values.get("property_value"), values.get("down_payment")
        if price and down and price > down:
            values["credit_amount"] = price - down
    return values


def slots_of(product: str | None) -> tuple[str, ...]:
    return FIRST + _ORDER.get(product or "", ())


def next_slot(slots: Mapping[str, Any], times_asked: Mapping[str, int]) -> str | None:
    """The next slot to ask, or None when a simulation can be made."""
    values = effective(slots)
    for slot in slots_of(values.get("product")):
        if slot in values or (slot == "city" and "uf" in values and times_asked.get("city", 0) >= 1):
            continue
        if slot in ONCE and times_asked.get(slot, 0) >= 1:
            continue
        if slot in SOFT and times_asked.get(slot, 0) >= 2:
            continue
        return slot
    return None


def is_complete(slots: Mapping[str, Any]) -> bool:
    """True if everything a simulation needs is known, asked or not."""
    values = effective(slots)
    needed = [s for s in slots_of(values.get("product")) if s not in SOFT | ONCE]
    return "product" in values and all(slot in values for slot in needed)
