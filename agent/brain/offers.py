"""From complete slots to a simulation, or to the nearest one the product allows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from agent.brain import replies
from agent.brain.calculator import best_offer, fits_income, simulate
from agent.brain.money import brl
from agent.brain.products import ProductTerms
from agent.brain.requirements import COLLATERAL, effective
from agent.brain.simulation import LimitCode, LimitExceeded, SimulationRequest, SimulationResult

_INPUTS = (
    *("product", "credit_amount", "property_value", "vehicle_value"),
    *("monthly_income", "term_months", "down_payment"),
)


@dataclass(frozen=True)
class Attempt:
    """A simulation that stands, or why not (`refusal`, of which limit: `broken`) with the nearest request (`best`)."""

    result: SimulationResult | None = None
    refusal: str = ""
    broken: LimitCode | None = None
    best: SimulationRequest | None = None
    refused: SimulationResult | None = None  # computed, but too dear for the income


def fingerprint(slots: Mapping[str, Any], adjusted: Mapping[str, int]) -> str:
    """Equal for equal inputs of a simulation."""
    values = {**effective(slots), **adjusted}
    return "|".join(f"{name}={values.get(name, '')}" for name in _INPUTS)


def request_of(slots: Mapping[str, Any], adjusted: Mapping[str, int], today: date) -> SimulationRequest:
    values = {**effective(slots), **adjusted}
    return SimulationRequest(
        credit_amount=values["credit_amount"],
        term_months=values["term_months"],
        contract_date=today,
        collateral_value=values.get(COLLATERAL.get(values["product"], "")),
        monthly_income=values.get("monthly_income"),
        down_payment=values.get("down_payment"),
    )


def attempt(terms: ProductTerms, request: SimulationRequest) -> Attempt:
    """Never raises for what a client may ask."""
    try:
        result = simulate(terms, request)
    except LimitExceeded as error:
        return Attempt(refusal=_refusal(terms, error), broken=error.code, best=error.best)
    except ValueError:  # figures beyond all reason, or terms whose costs swallow the credit
        return Attempt(refusal=replies.NO_OFFER)
    if fits_income(result):
        return Attempt(result=result)
    best = best_offer(terms, request)
    return Attempt(
        refusal=replies.income_refused(terms, result), best=best if best != request else None, refused=result
    )


def rounded(terms: ProductTerms, best: SimulationRequest, wished: int) -> SimulationRequest:
    """The offered amount in round numbers, where rounding down still leaves a loan."""
    if best.credit_amount >= wished:
        return best
    for step in (100_000, 10_000):  # whole thousands, then hundreds of reais
        credit = best.credit_amount // step * step
        if credit:
            return replace(best, credit_amount=credit)
    return best


def _refusal(terms: ProductTerms, error: LimitExceeded) -> str:
    if error.code == "ltv":
        return replies.ltv_refused(terms, error.limit)  # type: ignore[arg-type]
    if error.code in {"term_min", "term_max"}:
        return replies.term_refused(terms)
    if error.code == "credit_min":
        return f"O menor crédito que consigo simular é {brl(int(error.limit))}."
    if error.code == "credit_max":
        return replies.credit_refused(int(error.limit))
    if error.code == "collateral_max":
        return replies.collateral_refused(int(error.limit))
    return replies.NO_OFFER
