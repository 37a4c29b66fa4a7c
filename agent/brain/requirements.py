"""Which slots each product needs, and in which order Lívia asks for them."""

from collections.abc import Collection, Mapping
from typing import Any

# Asked at most twice, then left to the consultant.
SOFT = frozenset({"name", "city"})
# Asked once.
ONCE = frozenset({"occupation", "purpose", "collateral_paid_off", "urgency"})

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


# What Lívia may ask beside the figures a simulation needs; a stage's policy chooses.
ASKABLE = ("name", "city", "collateral_paid_off", "purpose", "occupation", "urgency")
DEFAULT_ASKS = frozenset(ASKABLE) - {"urgency"}
# Asked of every product, so a client may be asked for them before choosing one.
COMMON = frozenset({"credit_amount", "monthly_income", "term_months"})


def slots_of(product: str | None) -> tuple[str, ...]:
    return (*FIRST, *_ORDER.get(product or "", ()), *(("urgency",) if product else ()))


def missing(
    slots: Mapping[str, Any], times_asked: Mapping[str, int], asks: Collection[str] = DEFAULT_ASKS
) -> tuple[str, ...]:
    """The slots still to be asked, in order; empty when a simulation can be made."""
    values = effective(slots)
    return tuple(
        slot
        for slot in slots_of(values.get("product"))
        if slot not in values and not (slot in ASKABLE and (slot not in asks or _given_up(slot, values, times_asked)))
    )


def next_slot(
    slots: Mapping[str, Any], times_asked: Mapping[str, int], asks: Collection[str] = DEFAULT_ASKS
) -> str | None:
    """The next slot to ask, or None when a simulation can be made."""
    return next(iter(missing(slots, times_asked, asks)), None)


def _given_up(slot: str, values: Mapping[str, Any], times_asked: Mapping[str, int]) -> bool:
    times = times_asked.get(slot, 0)
    if slot == "city" and "uf" in values:
        return times >= 1
    return times >= (1 if slot in ONCE else 2)
