"""How ready a lead is: HOT, WARM or COLD with a score of 0 to 100 and the reasons behind it.

Works on a conversation's slots and on a lead that only came by a form (`classify_lead`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from agent.brain.calculator import fits_income
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.requirements import COLLATERAL, effective
from agent.brain.simulation import SimulationResult
from agent.brain.text import normalise
from agent.brain.understanding import understand

Temperature = Literal["HOT", "WARM", "COLD"]
HOT_FROM, WARM_FROM = 65, 20

_SLOT_POINTS = {
    "product": (20, "Disse qual produto quer"),
    "credit_amount": (20, "Disse quanto precisa"),
    "collateral": (12, "Tem bem para dar em garantia"),
    "monthly_income": (12, "Informou a renda"),
    "term_months": (6, "Informou o prazo"),
    "purpose": (5, "Sabe para que vai usar"),
    "city": (3, "Informou a cidade"),
    "down_payment": (6, "Tem entrada"),
}
_INTENT_POINTS = {
    "ask_human": (18, "Pediu para falar com uma pessoa"),
    "ask_simulation": (15, "Pediu uma simulação"),
    "ask_docs": (15, "Perguntou pelos documentos"),
    "ask_rate": (10, "Perguntou pela taxa"),
    "affirm": (10, "Aceitou continuar"),
    "postpone": (-10, "Deixou para depois"),
    "objection_expensive": (-5, "Achou caro"),
    "not_interested": (-70, "Disse que não tem interesse"),
    "abuse": (-40, "Foi ofensivo"),
    "opt_out": (-100, "Pediu para não receber mensagens"),
}
_URGENCY_POINTS = {"high": (20, "Tem urgência"), "medium": (8, "Quer para breve"), "low": (-18, "Não tem pressa")}
_INTEREST = re.compile(
    r"\b(?:empresti?\w+|emprestam|negativad\w+|dividas?|devendo|cartao|credito|financi\w+|consorcio|consignado|"
    r"simul\w+|juros|taxa|parcelas?|garantia|refinanci\w+|home equity|capital de giro|"
    r"imovel|casa|apartamento|carro|veiculo|interesse|interessei|saber mais|informac\w+|preciso|quero|gostaria|queria|"
    r"precisando|orcamento)\b"
)
_TURNED_AWAY = frozenset({"not_interested", "opt_out", "abuse"})
_MERE_QUESTIONS = frozenset({"ask_rate", "ask_docs"})


@dataclass(frozen=True)
class Reason:
    code: str
    points: int
    text: str


@dataclass(frozen=True)
class Classification:
    temperature: Temperature
    score: int
    reasons: tuple[Reason, ...]


def classify(
    slots: Mapping[str, Any],
    *,
    intents: Iterable[str] = (),
    simulation: SimulationResult | None = None,
    message: str = "",
    utm: Mapping[str, str] | None = None,
    products: Mapping[str, ProductTerms] = DEFAULT_PRODUCTS,
) -> Classification:
    """Score what is known. `message` is free text, `utm` the campaign the lead came by, `products` those in force."""
    reasons = [*_by_slots(slots), *_by_fit(slots, simulation, products), *_by_origin(utm or {})]
    reasons += _by_message(message, hurry=slots.get("urgency"))
    for intent in dict.fromkeys(intents):
        if intent == "postpone" and slots.get("urgency") == "low":
            continue  # said once, counted once
        if intent in _INTENT_POINTS:
            points, text = _INTENT_POINTS[intent]
            reasons.append(Reason(intent, points, text))
    score = max(0, min(100, sum(reason.points for reason in reasons)))
    temperature: Temperature = "HOT" if score >= HOT_FROM else "WARM" if score >= WARM_FROM else "COLD"
    return Classification(temperature, score, tuple(reasons))


def classify_lead(
    lead: Mapping[str, Any], *, products: Mapping[str, ProductTerms] = DEFAULT_PRODUCTS
) -> Classification:
    """A lead as a form gives it: canonical slots where known, `message`, `utm_source` and the like."""
    message = str(lead.get("message") or "")
    given = {key: value for key, value in lead.items() if value not in (None, "", [], {})}
    read = understand(message, asked=None, last_bot=None, known=given) if message else None
    slots = {**(read.slots if read else {}), **given, **dict(given.get("slots") or {})}
    utm = {key: str(value) for key, value in given.items() if key.startswith("utm_") or key in {"source", "channel"}}
    utm |= dict(given.get("utm") or {})
    intents = [read.intent] if read else []
    return classify(slots, intents=[*intents, *given.get("intents", ())], message=message, utm=utm, products=products)


def _by_slots(slots: Mapping[str, Any]) -> list[Reason]:
    has = {key for key in _SLOT_POINTS if slots.get(key)}
    if slots.get("property_value") or slots.get("vehicle_value"):
        has.add("collateral")
    reasons = [Reason(key, *_SLOT_POINTS[key]) for key in _SLOT_POINTS if key in has]
    if slots.get("collateral_paid_off") is True:
        reasons.append(Reason("paid_off", 8, "O bem está quitado"))
    if slots.get("collateral_paid_off") is False:
        reasons.append(Reason("owed", -4, "O bem ainda não está quitado"))
    if slots.get("occupation") == "unemployed":
        reasons.append(Reason("unemployed", -20, "Está sem renda do trabalho"))
    if slots.get("phone") and slots.get("email"):
        reasons.append(Reason("contact", 3, "Deixou telefone e e-mail"))
    if slots.get("urgency") in _URGENCY_POINTS:
        reasons.append(Reason("urgency", *_URGENCY_POINTS[slots["urgency"]]))
    return reasons


def _by_fit(
    slots: Mapping[str, Any], simulation: SimulationResult | None, products: Mapping[str, ProductTerms]
) -> list[Reason]:
    """Whether what the client wants is within the product's limits."""
    reasons = []
    values = effective(slots)
    terms = products.get(str(values.get("product")))
    credit = values.get("credit_amount")
    value = values.get(COLLATERAL.get(str(values.get("product")), ""))
    if terms and terms.max_ltv and credit and value:
        fits = Decimal(credit) / Decimal(value) <= terms.max_ltv
        reasons.append(
            Reason("ltv_fits", 10, "O valor cabe na garantia")
            if fits
            else Reason("ltv_over", -15, "Pede mais que a garantia permite")
        )
    if terms and not terms.max_ltv and credit and values.get("monthly_income", 0) * 12 >= credit:
        reasons.append(Reason("income_fits", 8, "O valor combina com a renda"))
    if simulation is not None:
        fits = fits_income(simulation)
        reasons.append(
            Reason("simulated", 15, "A simulação cabe na renda")
            if fits
            else Reason("income_low", -15, "A parcela passa da renda")
        )
    elif credit and values.get("monthly_income") and values["monthly_income"] * 360 < credit:
        reasons.append(Reason("income_low", -15, "A renda é baixa para o valor"))
    return reasons


def _by_message(message: str, *, hurry: str | None) -> list[Reason]:
    text = normalise(message).text
    reasons = []
    if _NO_CLIENT.search(text):
        reasons.append(Reason("no_client", -60, "Não parece um pedido de crédito"))
    if _BROWSING.search(text) and hurry != "low":  # "ano que vem" counts once
        reasons.append(Reason("browsing", -15, "Está só pesquisando"))
    if _EAGER.search(text):
        reasons.append(Reason("eager", 20, "Quer seguir adiante"))
    if _DECIDED.search(text):
        reasons.append(Reason("decided", 45, "Quer fechar"))
    if _INTEREST.search(text):
        reasons.append(Reason("interest", 25, "Escreveu sobre crédito"))
    return reasons


def _by_origin(utm: Mapping[str, str]) -> list[Reason]:
    said = " ".join(utm.values()).lower()
    if re.search(r"indica|referral|parceir|partner", said):
        return [Reason("referral", 10, "Veio por indicação")]
    if re.search(r"google|cpc|search|ads|remarketing|retarget", said):
        return [Reason("search", 5, "Procurou por crédito")]
    return []
