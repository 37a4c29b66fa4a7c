"""Which slot each amount and term of a message belongs to: the nearest cue decides, else the slot just asked."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.brain import cues, term_cues
from agent.brain.amounts import cents_of, is_no_amount
from agent.brain.claims import claimed_as_money, is_refused
from agent.brain.clauses import clause_before, noun_after
from agent.brain.contrast import carry_units, is_taken_back, is_weaker
from agent.brain.masks import mask
from agent.brain.numbers import read_quantities
from agent.brain.quantities import Quantity
from agent.brain.terms import read_term
from agent.brain.wishes import is_listed, is_wish

MONEY_SLOTS = (
    "credit_amount",
    "property_value",
    "vehicle_value",
    "monthly_income",
    "down_payment",
    "max_installment",
)
_SLOT = {
    "income": "monthly_income",
    "credit": "credit_amount",
    "down": "down_payment",
    "installment": "max_installment",
}
LAST_FILLED = "last_filled"  # key of `known`: the money slot the client filled last
MAX_FIGURES = 60  # of one message; nobody means more


@dataclass(frozen=True)
class Reading:
    """What the figures of one message mean."""

    slots: Mapping[str, int]
    corrected: frozenset[str]


@dataclass(frozen=True)
class _Scene:
    """One message (normalised and masked) with its quantities, read in the light of the talk so far."""

    text: str
    quantities: list[Quantity]
    asked: str | None
    known: Mapping[str, Any]


@dataclass(frozen=True)
class _Before:
    """The amount before the one being read, and where it went ("other": to no slot)."""

    amount: Quantity
    slot: str | None
    filled: str | None  # the last slot an amount went to


def read_figures(text: str, asked: str | None, known: Mapping[str, Any]) -> Reading:
    """`text` normalised. Money in cents, terms in months."""
    masked = mask(text)
    quantities = carry_units(masked, read_quantities(masked)[:MAX_FIGURES])
    scene = _Scene(masked, quantities, asked, known)
    money = claimed_as_money(masked, quantities) if asked == "term_months" else frozenset()
    term, fixed = read_term(masked, [q for q in quantities if q not in money], asked, known)
    slots, corrected = _read_amounts(replace(scene, quantities=_without_term(scene, term, money)))
    if term is not None:
        slots["term_months"] = term
        corrected |= {"term_months"} if fixed else set()
    return Reading(slots, frozenset(corrected))


def _without_term(scene: _Scene, term: int | None, money: frozenset[Quantity]) -> list[Quantity]:
    """A number without a unit that was read as the term asked for is no amount too."""
    if scene.asked != "term_months" or any(q.kind == "term" for q in scene.quantities):
        return [
            q for q in scene.quantities if q.kind != "bare" or not term_cues.TERM_LABEL.search(scene.text[: q.start])
        ]
    return [
        q
        for q in scene.quantities
        if q.kind != "bare" or q in money or not (term in {q.value, q.value * 12} or _like_months(q))
    ]


def _like_months(quantity: Quantity) -> bool:
    return quantity.value % 12 == 0 and quantity.value <= 420


def _read_amounts(scene: _Scene) -> tuple[dict[str, int], set[str]]:
    slots: dict[str, int] = {}
    corrected: set[str] = set()
    before: _Before | None = None
    for amount in scene.quantities:
        if amount.kind not in {"money", "bare"} or is_no_amount(scene.text, amount):
            continue
        slot = _slot_of(scene, amount, before)
        if slot is None and amount.kind == "bare" and amount.value < 10:  # a count of something
            continue
        segment = clause_before(scene.text, before.amount.end if before else 0, amount.start)
        filled = before.filled if before else None
        before = _Before(amount, slot, filled if slot in {None, "other"} else slot)
        if slot is None or slot == "other" or (slot not in slots and is_refused(scene.text, amount)):
            continue
        cents = cents_of(scene.text, amount, slot, scene.known)
        if cents is None or (slot in slots and _adds_nothing(scene.text, segment, amount, slot)):
            continue
        if slot in slots or cues.CORRECTION.search(scene.text[: amount.start]):
            corrected.add(slot)
        slots[slot] = cents
    return slots, corrected


def _adds_nothing(text: str, segment: str, amount: Quantity, slot: str) -> bool:
    """A second value that is denied ("e não 57 mil"), taken back, less to the point, or earned on top of the first."""
    if _denied(text, amount) or is_taken_back(text, amount) or is_weaker(text, segment, amount, slot):
        return True
    return slot == "monthly_income" and bool(cues.ON_TOP.search(text[: amount.start]))


def _slot_of(scene: _Scene, amount: Quantity, before: _Before | None) -> str | None:
    segment = clause_before(scene.text, before.amount.end if before else 0, amount.start)
    role = _role(scene, amount, segment)
    if role == "collateral":
        return _collateral_slot(scene, amount)
    if role == "savings":
        return "down_payment" if scene.asked == "down_payment" else "other"
    if role is not None:
        return (
            "credit_amount" if role == "other" and _debt_to_pay_off(scene, amount, segment) else _SLOT.get(role, role)
        )
    slot = _slot_without_cue(scene, amount, segment, before)
    return "other" if slot == "monthly_income" and _somebody_elses(segment) else slot


def _debt_to_pay_off(scene: _Scene, amount: Quantity, segment: str) -> bool:
    """ "preciso quitar 22 mil do cartão" in answer to how much: the only amount is the one needed."""
    if scene.asked != "credit_amount" or len([q for q in scene.quantities if q.kind != "percent"]) > 1:
        return False
    return bool(cues.TO_PAY_OFF.search(segment + scene.text[amount.end : amount.end + 20]))


def _slot_without_cue(scene: _Scene, amount: Quantity, segment: str, before: _Before | None) -> str | None:
    corrects = _corrects(scene.text, amount, before)
    if before is not None and before.slot is not None and corrects:
        return before.slot
    if before is not None and before.filled and cues.IN_TOTAL.search(segment):
        return before.filled
    if before is None and (earlier := _retaken(scene, amount, corrects)):
        return earlier
    if scene.asked in MONEY_SLOTS:
        return scene.asked
    if cues.NAKED_VALUE.search(segment):
        return _collateral_slot(scene, amount) if cues.THING.search(segment) else "credit_amount"
    if is_listed(scene.text, amount, segment) and "credit_amount" not in scene.known:
        return "credit_amount"
    if scene.asked is not None or before is not None:
        return None
    if amount.kind != "money":
        return None
    if amount.value >= 10_000 and cues.NOUN_NEAR.search(segment) and not cues.WORK_ON_IT.search(segment):
        return _collateral_slot(scene, amount)
    return "credit_amount" if is_wish(scene.text, scene.quantities, amount, segment) else None


def _corrects(text: str, amount: Quantity, before: _Before | None) -> bool:
    between = text[before.amount.end if before else 0 : amount.start]
    if cues.CORRECTION.search(between) or is_taken_back(text, before.amount if before else amount):
        return True
    return before is not None and _denied(text, before.amount) and bool(cues.INSTEAD.fullmatch(between))


def _retaken(scene: _Scene, amount: Quantity, corrects: bool) -> str | None:
    """The slot given before that an amount without a cue takes up again."""
    if scene.asked is not None and not corrects:
        return None
    last = [scene.known[LAST_FILLED]] if LAST_FILLED in scene.known else []
    order = [*last, "credit_amount"] if corrects else ["credit_amount"]
    return next((slot for slot in order if _near(amount, scene.known.get(slot))), None)


def _near(amount: Quantity, cents: Any) -> bool:
    """True if the amount can be another take on a value given before."""
    if not isinstance(cents, int) or cents <= 0:
        return False
    value = amount.cents * (1000 if amount.kind == "bare" and amount.value < 1000 else 1)
    return cents <= value * 10 and value <= cents * 10


def _role(scene: _Scene, amount: Quantity, segment: str) -> str | None:
    after = scene.text[amount.end : amount.end + 60]
    right = next((role for role, pattern in cues.RIGHT if pattern.match(after)), None)
    left = _left(scene, segment, amount)
    if right in {"installment", "credit"} and cues.PAID.search(segment):
        return "other"
    if right == "down" and scene.asked != "down_payment" and re.search(r"\bpaguei\b", segment):
        return "other"
    if right == "not_monthly":
        return "other" if left in {"income", None} else left
    if right == "monthly":
        if left == "down":
            return "installment"  # "posso dar 500 por mês"
        return left if left in {"installment", "other", "income"} else _monthly(scene, amount, segment)
    if right == "income_word":
        return "other" if _somebody_elses(segment) else "income"
    if right is not None:
        return right
    if left in {"income", None} and cues.NOT_MONTHLY.search(segment):
        return "other"
    if left == "income" and (_somebody_elses(segment) or cues.YEARLY.search(segment)):
        return "other"
    if left is None and cues.RIGHT_NOUN.match(after):
        return "collateral"
    if left is None and (named := noun_after(scene.text, amount.end)):
        return named[0]
    return left


def _monthly(scene: _Scene, amount: Quantity, segment: str) -> str:
    rate = amount.kind == "bare" and amount.value < 100 and scene.asked not in MONEY_SLOTS  # "tá 0,8 ao mês?"
    if rate or cues.ELSEWHERE.search(segment):
        return "other"
    pays = scene.asked == "max_installment" or cues.PAYS_MONTHLY.search(segment)
    return "installment" if pays else "income"


def _somebody_elses(segment: str) -> bool:
    """ "minha esposa ganha 5 mil", but not "eu e minha esposa juntos" nor "ô minha filha eu ganho"."""
    person = list(cues.THIRD_PERSON.finditer(segment))
    if not person or cues.TOGETHER.search(segment):
        return False
    return not cues.FIRST_PERSON.search(segment, person[-1].end())


def _left(scene: _Scene, segment: str, amount: Quantity) -> str | None:
    terms = [q for q in scene.quantities if q.kind == "term" and q.end <= amount.start]
    if terms and cues.OF_EACH.fullmatch(scene.text[terms[-1].end : amount.start]):
        return "installment"
    if cues.IN_TOTAL.search(segment) or cues.TOTAL_AFTER.match(scene.text[amount.end :]):
        return None
    if scene.asked in MONEY_SLOTS and cues.SAME_AS.search(segment):
        return None
    best: tuple[int, str] | None = None
    for role, pattern in cues.LEFT:
        if role == "noun":
            position = _noun(segment, pattern, _may_be_a_price(scene, amount))
        else:
            position = max((m.end() for m in pattern.finditer(segment)), default=-1)
        if position >= 0 and (best is None or position > best[0] or ((role, best) == ("other", (position, "credit")))):
            best = (position, role)
    if best is None:
        return None
    if best[1] == "installment" and any(m.start() <= best[0] <= m.end() for m in cues.OWED.finditer(segment)):
        return "other"
    if best[1] == "noun":
        return "credit" if cues.PLAN.search(segment) else "collateral"
    return best[1]


def _may_be_a_price(scene: _Scene, amount: Quantity) -> bool:
    """ "entrada de 60 mil, imóvel 300": the thousands are left out after they were said."""
    said = scene.asked == "term_months" or any(q.scale >= 1000 and q.end <= amount.start for q in scene.quantities)
    return amount.value >= 10_000 or (said and amount.kind == "bare" and 50 <= amount.value < 1000)


def _noun(segment: str, pattern: re.Pattern[str], price: bool) -> int:
    trimmed = segment.rstrip() + " " if segment.endswith(" ") else segment
    hidden = cues.GUARANTEE_NOUN.sub(lambda m: "#" * len(m.group()), trimmed)
    position = max((m.end() for m in pattern.finditer(hidden)), default=-1)
    if position < 0 and price and (beside := cues.NOUN_BESIDE.search(hidden)):
        return beside.end()
    return position


def _collateral_slot(scene: _Scene, amount: Quantity) -> str:
    before, after = scene.text[: amount.start], scene.text[amount.end :]
    for part, nearest in ((before, max), (after, min)):
        places = [(m.start(), "property_value") for m in cues.PROPERTY_WORD.finditer(part)]
        places += [(m.start(), "vehicle_value") for m in cues.VEHICLE_WORD.finditer(part)]
        if places:
            return nearest(places)[1]
    if scene.asked in {"property_value", "vehicle_value"}:
        return scene.asked
    return "vehicle_value" if scene.known.get("product") == "auto_equity" else "property_value"


def _denied(text: str, amount: Quantity) -> bool:
    return bool(cues.DENIED.search(text[: amount.start]))
