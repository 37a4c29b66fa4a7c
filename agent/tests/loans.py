"""Maria's wishes and the products she asks about, for the tests of the calculator."""

from datetime import date
from decimal import Decimal

from agent.brain.calculator import SimulationRequest
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms

SIGNED = date(2026, 11, 20)
HOME, FINANCING, AUTO, CONSORCIO, PERSONAL, PAYROLL = (
    DEFAULT_PRODUCTS[code]
    for code in (
        "home_equity",
        "real_estate_financing",
        "auto_equity",
        "consorcio",
        "personal_loan",
        "payroll_loan",
    )
)


def ask(credit: int, term: int, **more: object) -> SimulationRequest:
    return SimulationRequest(credit_amount=credit, term_months=term, **{"contract_date": SIGNED, **more})


def percent(rate: Decimal | None, places: str = "0.01") -> str:
    assert rate is not None
    return str((rate * 100).quantize(Decimal(places)))


def loan(rate: Decimal, **more: object) -> ProductTerms:
    values = {"code": "loan", "name": "Loan", "system": "price", "min_term": 1, "max_term": 420, "rate_month": rate}
    return ProductTerms(**{**values, **more})
