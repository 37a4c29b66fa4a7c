"""Which slots each product needs, and in which order Lívia asks for them."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Any

PURCHASE = "real_estate_financing"

# Asked at most twice, then left to the consultant.
SOFT = frozenset({"name", "city"})
# The name is asked first, at most twice; then once more when nothing else is missing.
NAME_LATER, NAME_GIVEN_UP = 2, 3
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
    if "credit_amount" not in values and (credit := financed(slots)) is not None:
        values["credit_amount"] = credit
    return values


def financed(slots: Mapping[str, Any]) -> int | None:
    """What a purchase leaves to be financed, where price and down payment are known."""
    price, down = slots.get("property_value"), slots.get("down_payment")
    if slots.get("product") != PURCHASE or not price or not down or down >= price:
        return None
    return int(price - down)


def derived(
    before: Mapping[str, Any], slots: Mapping[str, Any], told: Mapping[str, Any], shares: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The slots of a purchase with what follows from the price: a share of it, and no more the credit that followed
    from an earlier price or down payment. An amount the client tells takes the place of a share."""
    values, price = dict(slots), slots.get("property_value")
    left = {slot: share for slot, share in shares.items() if slot not in told}
    if values.get("product") != PURCHASE:
        return values, left
    if price:
        values |= {slot: int(price * Decimal(share) / 100) for slot, share in left.items()}
    followed = values.get("credit_amount") == financed(before) and financed(values) != financed(before)
    lowered = values.get("down_payment") != before.get("down_payment") and financed(values) is not None
    if "credit_amount" not in {*told, *left} and (followed or lowered):
        values.pop("credit_amount", None)
    return values, left


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
    left = [
        slot
        for slot in slots_of(values.get("product"))
        if slot not in values and not (slot in ASKABLE and (slot not in asks or _given_up(slot, values, times_asked)))
    ]
    if "name" in left and times_asked.get("name", 0) >= NAME_LATER:
        left = [*left[1:], "name"]
    return tuple(left)


def next_slot(
    slots: Mapping[str, Any], times_asked: Mapping[str, int], asks: Collection[str] = DEFAULT_ASKS
) -> str | None:
    """The next slot to ask, or None when a simulation can be made."""
    return next(iter(missing(slots, times_asked, asks)), None)


def _given_up(slot: str, values: Mapping[str, Any], times_asked: Mapping[str, int]) -> bool:
    times = times_asked.get(slot, 0)
    if slot == "name":
        return times >= NAME_GIVEN_UP
    if slot == "city" and "uf" in values:
        return times >= 1
    return times >= (1 if slot in ONCE else 2)
