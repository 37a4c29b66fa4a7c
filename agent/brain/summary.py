"""What the consultant reads when a client arrives."""

from collections.abc import Mapping
from typing import Any

from agent.brain.money import brl, percent
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.simulation import SimulationResult
from agent.brain.state import DialogueState

OCCUPATIONS = {
    "clt": "CLT",
    "self_employed": "autônomo",
    "business_owner": "empresário",
    "public_servant": "servidor público",
    "retired": "aposentado",
    "unemployed": "sem emprego",
}
PURPOSES = {
    "debt_consolidation": "quitar dívidas",
    "renovation": "reforma ou construção",
    "business": "negócio próprio",
    "education": "estudos",
    "health": "saúde",
    "travel": "viagem ou evento",
    "purchase": "compra de bem",
    "investment": "investimento",
}
_URGENCY = {"high": "alta", "medium": "média", "low": "baixa"}
_MONEY = (
    ("credit_amount", "Crédito desejado"),
    ("property_value", "Valor do imóvel"),
    ("vehicle_value", "Valor do veículo"),
    ("down_payment", "Entrada"),
    ("monthly_income", "Renda mensal"),
    ("max_installment", "Parcela máxima"),
)


def transfer_summary(
    state: DialogueState,
    simulation: SimulationResult | None,
    products: Mapping[str, ProductTerms] = DEFAULT_PRODUCTS,
    *,
    terms_changed: bool = False,
) -> str:
    """Portuguese, one fact a line; only what is known. `products` are those in force; `terms_changed` says that they
    are not those of the simulation."""
    slots = state.slots
    lines = [_who(slots), _product(slots, products)]
    lines += [f"{label}: {brl(slots[slot])}" for slot, label in _MONEY if slots.get(slot)]
    if slots.get("term_months"):
        lines.append(f"Prazo desejado: {slots['term_months']} meses")
    if "collateral_paid_off" in slots:
        lines.append(f"Bem quitado: {'sim' if slots['collateral_paid_off'] else 'não'}")
    labels = (
        ("occupation", "Ocupação", OCCUPATIONS),
        ("purpose", "Finalidade", PURPOSES),
        ("urgency", "Urgência", _URGENCY),
    )
    lines += [f"{label}: {names.get(slots[slot], slots[slot])}" for slot, label, names in labels if slots.get(slot)]
    lines += [
        f"{label}: {slots[slot]}" for slot, label in (("email", "E-mail"), ("phone", "Telefone")) if slots.get(slot)
    ]
    if simulation is not None:
        lines += _simulation(simulation, slots)
        if terms_changed:
            lines.append(_changed(products.get(simulation.code)))
    return "\n".join(line for line in lines if line)


def _who(slots: Mapping[str, Any]) -> str:
    place = "/".join(str(slots[slot]) for slot in ("city", "uf") if slots.get(slot))
    name = str(slots.get("name", "não informado"))
    return f"Cliente: {name}" + (f" ({place})" if place else "")


def _product(slots: Mapping[str, Any], products: Mapping[str, ProductTerms]) -> str:
    terms = products.get(str(slots.get("product")))
    return f"Produto: {terms.name}" if terms else ""


def _simulation(result: SimulationResult, slots: Mapping[str, Any]) -> list[str]:
    first, last = brl(result.first_instalment), brl(result.last_instalment)
    many = (
        f"{result.term_months} parcelas de {first} a {last}"
        if result.system == "sac"
        else f"{result.term_months}x de {first}"
    )
    line = f"Simulação: {brl(result.credit_amount)} em {many}, total {brl(result.total)}"
    details = []
    if result.rate_month is not None:
        details.append(f"juros {percent(result.rate_month)} ao mês")
    if result.cet_year is not None:
        details.append(f"CET {percent(result.cet_year)} ao ano")
    if result.ltv is not None:
        details.append(f"LTV {percent(result.ltv)}")
    if result.commitment is not None:
        details.append(f"comprometimento {percent(result.commitment)} da renda")
    lines = [line + (f" ({', '.join(details)})" if details else "")]
    wished = slots.get("credit_amount")
    if wished and wished != result.credit_amount:
        lines.append(f"O valor foi ajustado com o cliente: queria {brl(wished)}.")
    return lines


def _changed(terms: ProductTerms | None) -> str:
    if terms is None:
        return "Atenção: este produto deixou de ser oferecido depois da simulação."
    now = "" if terms.system == "consorcio" else f" Juros agora: {percent(terms.monthly_rate)} ao mês."
    return f"Atenção: as condições do produto mudaram depois da simulação; simule de novo.{now}"
