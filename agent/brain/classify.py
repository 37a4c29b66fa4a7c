"""How ready a lead is: HOT, WARM or COLD with a score of 0 to 100 and the reasons behind it.

Works on a conversation's slots and on a lead that only came by a form (`classify_lead`).
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from agent.brain.calculator import fits_income
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.readiness import (
    BROWSING,
    HESITANT,
    accepts,
    acts,
    decides,
    has_link,
    is_no_client,
    plainly_wants,
    refuses,
)
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
    "not_interested": (-150, "Disse que não tem interesse"),
    "abuse": (-150, "Foi ofensivo"),
    "opt_out": (-150, "Pediu para não receber mensagens"),
}
_URGENCY_POINTS = {"high": (15, "Tem urgência"), "medium": (8, "Quer para breve"), "low": (-18, "Não tem pressa")}
_INTEREST = re.compile(
    r"\b(?:empresti?\w+|emprestam|negativad\w+|dividas?|devendo|cartao|credito|financi\w+|consorcio|consignado|"
    r"simul\w+|juros|taxa|parcelas?|garantia|refinanci\w+|home equity|capital de giro|"
    r"imovel|casa|apartamento|carro|veiculo|interesse|interessei|comprar|saber mais|informac\w+|preciso|"
    r"quero|gostaria|queria|precisando|orcamento)\b"
)
_TURNED_AWAY = frozenset({"not_interested", "opt_out", "abuse"})
_LOST = _TURNED_AWAY | {"no_client", "refuses", "browsing", "link"}
_PLEDGES = ("property_value", "vehicle_value")
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
    text = normalise(message).text
    said = tuple(dict.fromkeys(intents))
    reasons = [*_by_slots(slots), *_by_fit(slots, simulation, products), *_by_origin(utm or {})]
    reasons += [*_by_message(text, slots), *_by_intents(said, slots)]
    total = sum(reason.points for reason in reasons)
    if _is_ready(effective(slots), text, said, simulation, {reason.code for reason in reasons}):
        reasons.append(Reason("ready", max(3, HOT_FROM - total), "Está pronto para falar com um consultor"))
    elif total >= HOT_FROM:
        reasons.append(Reason("not_ready", HOT_FROM - 1 - total, "Ainda falta um dado ou a decisão"))
    elif total < WARM_FROM and slots.get("product") and not _LOST & {reason.code for reason in reasons}:
        reasons.append(Reason("later", WARM_FROM - total, "Sabe o produto, mas não é para já"))
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
    if read and "credit_amount" not in slots:  # "35 mil no meu carro": a form is about credit, so is a bare amount
        bare = understand(message, asked="credit_amount", last_bot=None, known=slots).slots
        slots |= {key: bare[key] for key in ("credit_amount",) if key in bare}
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
        reasons.append(Reason("contact", 2, "Deixou telefone e e-mail"))
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
            Reason("ltv_fits", 6, "O valor cabe na garantia")
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


def _by_message(text: str, slots: Mapping[str, Any]) -> list[Reason]:
    reasons = []
    if is_no_client(text):
        reasons.append(Reason("no_client", -90, "Não parece um pedido de crédito"))
    if refuses(text):
        reasons.append(Reason("refuses", -60, "Disse que não pretende fazer"))
    if has_link(text) and not _INTEREST.search(text):
        reasons.append(Reason("link", -30, "Mandou um link sem pedido"))
    if BROWSING.search(text) and slots.get("urgency") != "low":  # "ano que vem" counts once
        reasons.append(Reason("browsing", -15, "Está só pesquisando"))
    if decides(text):
        reasons.append(Reason("decided", 25, "Quer fechar"))
    if acts(text):
        reasons.append(Reason("eager", 15, "Quer seguir adiante"))
    if _INTEREST.search(text):
        told = bool(slots.get("product") or slots.get("credit_amount"))  # then the words add little
        reasons.append(Reason("interest", 5 if told else 25, "Escreveu sobre crédito"))
    return reasons


def _by_intents(said: Iterable[str], slots: Mapping[str, Any]) -> list[Reason]:
    return [
        Reason(intent, *_INTENT_POINTS[intent])
        for intent in said
        if intent in _INTENT_POINTS and not (intent == "postpone" and slots.get("urgency") == "low")  # counts once
    ]


def _is_ready(
    values: Mapping[str, Any], text: str, said: Collection[str], simulation: SimulationResult | None, codes: set[str]
) -> bool:
    """Decided, with an amount and the means for it; or everything a consultant needs and a plain wish.

    A figure, a question or an instalment asked for is interest, and stays WARM.
    """
    if _TURNED_AWAY & set(said) or codes & {"no_client", "refuses", "income_low"}:
        return False
    if accepts(text):
        return True
    decided = "decided" in codes
    if (
        HESITANT.search(text)
        or ("postpone" in said and not codes & {"decided", "eager"})
        or values.get("urgency") == "low"
    ):
        return False
    amount = bool(values.get("credit_amount") or _price(values))
    acting = decided or "eager" in codes or "ask_human" in said or values.get("urgency") == "high"
    accepted = simulation is not None and "affirm" in said and "simulated" in codes
    if amount and (accepted or (decided and _knows_product(values)) or (acting and _has_means(values))):
        return True
    pledge = any(values.get(slot) for slot in _PLEDGES)
    if pledge and (decided or (acting and values.get("monthly_income"))):  # how much is a matter of the call
        return True
    merely_asks = bool(_MERE_QUESTIONS & set(said)) or not plainly_wants(text) if text else False
    return amount and _is_complete(values) and "ltv_over" not in codes and not merely_asks


def _price(values: Mapping[str, Any]) -> Any:
    """Who buys a home says what it costs."""
    return values.get("property_value") if values.get("product") == "real_estate_financing" else None


def _knows_product(values: Mapping[str, Any]) -> bool:
    return any(values.get(slot) for slot in ("product", *_PLEDGES))


def _has_means(values: Mapping[str, Any]) -> bool:
    """Income, something to pledge, or a payroll to take it from."""
    if values.get("product") == "payroll_loan" and values.get("occupation") in {"retired", "public_servant"}:
        return True
    return any(values.get(slot) for slot in ("monthly_income", *_PLEDGES, "collateral_paid_off", "down_payment"))


def _is_complete(values: Mapping[str, Any]) -> bool:
    """All that a proposal needs; of a pledge, its value and two of income, term and that it is free of debt."""
    income, term = bool(values.get("monthly_income")), bool(values.get("term_months"))
    product = values.get("product")
    if product in {"consorcio", "personal_loan", "payroll_loan"}:
        return income and term
    if product == "real_estate_financing":
        return income and (term or bool(values.get("down_payment")))
    return any(values.get(slot) for slot in _PLEDGES) and income + term + bool(values.get("collateral_paid_off")) >= 2


def _by_origin(utm: Mapping[str, str]) -> list[Reason]:
    said = " ".join(utm.values()).lower()
    if re.search(r"indica|referral|parceir|partner", said):
        return [Reason("referral", 10, "Veio por indicação")]
    if re.search(r"google|cpc|search|ads|remarketing|retarget", said):
        return [Reason("search", 2, "Procurou por crédito")]
    return []
