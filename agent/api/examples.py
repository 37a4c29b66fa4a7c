"""Examples of the API's description: Maria's loan on her flat, as the calculator computes it."""

from typing import Any

from drf_spectacular.utils import OpenApiExample

_TEXT = (
    "*Simulação: Empréstimo com garantia de imóvel*\n• Crédito: *R$ 300.000*\n• Valor do bem: R$ 800.000 (crédito de "
    "37,50% do valor)\n• *180x de R$ 4.192,06*\n• Última parcela: R$ 4.190,55\n• Juros: 1,19% ao mês (15,25% ao ano)\n"
    "• IOF incluído: R$ 10.383,50\n• CET: *16,04% ao ano*\n• Total a pagar: R$ 754.569,29\n"
    "_Simulação, sujeita a análise de crédito._"
)
_WISH = {
    "product": "home_equity", "credit_amount": 30_000_000, "term_months": 180, "collateral_value": 80_000_000,
    "monthly_income": 2_000_000,
}  # fmt: skip
_MADE: dict[str, Any] = {
    "id": 418, "lead_id": 57, "conversation_id": None, "created_at": "2026-11-20T14:03:21.482311Z",
    "made_by": {"id": 3, "name": "Ana Clara"}, "product_name": "Empréstimo com garantia de imóvel",
    "product_version": 1, "system": "price", "contract_date": "2026-11-20", **_WISH, "down_payment": None,
    "financed_amount": 31_038_350, "iof": 1_038_350, "fees": 0, "first_instalment": 419_206,
    "second_instalment": 419_206, "last_instalment": 419_055, "total": 75_456_929, "interest_total": 44_418_579,
    "rate_month": "1.19", "rate_year": "15.25", "cet_month": "1.25", "cet_year": "16.04", "ltv": "37.50",
    "commitment": "20.96", "min_income": 1_397_353,
}  # fmt: skip
_WHOLE = {**_MADE, "terms_changed": False, "text": _TEXT}
_ROWS = [
    {"number": 1, "due": "2026-12-20", "instalment": 419_206, "interest": 369_356, "amortisation": 49_850,
     "balance": 30_988_500},
    {"number": 2, "due": "2027-01-20", "instalment": 419_206, "interest": 368_763, "amortisation": 50_443,
     "balance": 30_938_057},
]  # fmt: skip
_PRODUCT = {
    "product": "home_equity", "name": "Empréstimo com garantia de imóvel", "system": "price", "rate_month": "1.1900",
    "rate_year": "15.2527", "min_term": 36, "max_term": 240, "max_ltv": "60", "max_ltv_price": None,
    "max_credit": None, "max_collateral": None, "collateral": "property", "income_commitment": "30", "iof": True,
    "admin_fee": "0", "reserve_fund": "0",
    "limits": ["36 to 240 months", "up to 60 % of the collateral's value", "instalment up to 30 % of the income"],
}  # fmt: skip


def _answer(name: str, value: Any, status: str = "200") -> OpenApiExample:
    return OpenApiExample(name, value, response_only=True, status_codes=[status])


PRODUCTS = _answer("Products", {"results": [_PRODUCT]})
SIMULATIONS = _answer("A page", {"results": [_MADE], "next": None, "previous": None})
SIMULATION = _answer("Maria's loan", _WHOLE)
SIMULATED = _answer("Maria's loan", _WHOLE, "201")
SCHEDULE = _answer("The first two", {"results": _ROWS})
WISH = OpenApiExample("A loan on a flat", _WISH, request_only=True)
SEND = OpenApiExample("To a conversation", {"conversation_id": 902}, request_only=True)
SENT = _answer("Queued", {"message_id": 77_120, "conversation_id": 902, "state": "queued", "text": _TEXT}, status="201")
