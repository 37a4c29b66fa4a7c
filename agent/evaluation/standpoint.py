"""A conversation put where a case begins: stage, what is known, what Lívia said last, figures that exist."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from agent.brain.numbers import figures_in
from agent.brain.stages import Stage
from agent.evaluation.client import Client
from agent.models import Dialogue, ProductVersion, Simulation
from conversations.models import Author
from conversations.outbox import message_queue
from crm.core.clock import now

_CREDIT, _TERM = 10_000_000, 120  # of a simulation whose wish the case does not tell
_MONEY = ("first_instalment", "last_instalment", "total", "min_income", "second_instalment", "financed_amount",
          "iof", "fees", "interest_total")  # fmt: skip
_RATES = ("ltv", "cet_year", "commitment", "cet_month")


@contextmanager
def stand_at(client: Client, state: Mapping[str, Any]) -> Iterator[None]:
    """Bring a client who has not written yet to the state of a case."""
    offered = list(ProductVersion.objects.values_list("pk", flat=True))
    try:
        if not _configured(state.get("configured_rates") or []):
            _configure(state)
        _dialogue(client, state)
        if state.get("calculator_figures"):
            _simulation(client, state)
        yield
    finally:  # the next case finds the products as this one did
        Simulation.objects.exclude(product_version__in=offered).delete()
        ProductVersion.objects.exclude(pk__in=offered).delete()


def _dialogue(client: Client, state: Mapping[str, Any]) -> None:
    conversation = client.write("oi").conversation
    conversation.answered_upto_id, conversation.awaiting_since = conversation.last_inbound_id, None
    conversation.save(update_fields=["answered_upto_id", "awaiting_since"])
    asked, said = state.get("asked"), state.get("last_bot") or ""
    if said:
        message_queue(conversation_id=conversation.pk, text=said, author=Author.LIVIA)
        client.hear()
    stage = Stage(state.get("stage") or Stage.QUALIFICATION)
    offers = stage == Stage.CONVERSION and not asked and said.rstrip().endswith("?")
    Dialogue.objects.create(
        conversation=conversation,
        stage=stage.value,
        slots=dict(state["slots"]),
        state={
            "asked": asked,
            "times_asked": {asked: 1} if asked else {},
            "pending": state.get("pending") or ("transfer" if offers else None),
            "last_reply": said,
        },
    )


def _simulation(client: Client, state: Mapping[str, Any]) -> None:
    """The figures of the case as those of a simulation this client was shown."""
    slots, figures = state["slots"], figures_in(" · ".join(state["calculator_figures"]))
    product = slots.get("product") or "home_equity"
    version = ProductVersion.objects.filter(code=product).order_by("-version").first()
    if version is None:
        raise ValueError(f"there is no product {product}")
    conversation = client.conversation
    Simulation.objects.create(
        lead_id=conversation.lead_id, conversation=conversation, product_version=version,
        result=_snapshot(slots, version, figures),
    )  # fmt: skip


def _snapshot(slots: Mapping[str, Any], version: ProductVersion, figures: Any) -> dict[str, Any]:
    money = [int(figure.value) for figure in figures if figure.kind == "money"]
    rates = [figure.value / 100 for figure in figures if figure.kind == "percent"]
    terms = [int(figure.value) for figure in figures if figure.kind == "term"]
    credit = slots.get("credit_amount") or _CREDIT
    term = terms[0] if terms else slots.get("term_months") or _TERM
    collateral = slots.get("property_value") or slots.get("vehicle_value")
    rate = version.terms().monthly_rate
    known = dict.fromkeys(_MONEY, 0) | dict(zip(_MONEY, money, strict=False))
    shares = dict.fromkeys(_RATES) | {name: str(value) for name, value in zip(_RATES, rates, strict=False)}
    return {
        "request": {
            "credit_amount": credit, "term_months": term, "contract_date": now().date().isoformat(),
            "collateral_value": collateral, "monthly_income": slots.get("monthly_income"), "down_payment": None,
            "first_due": None, "finance_costs": True, "system": None,
        },
        "code": version.code, "version_id": version.pk, "system": version.system, "credit_amount": credit,
        "term_months": term, "rate_month": str(rate) if rate else None, "rate_year": None, **known, **shares,
    }  # fmt: skip


def _configured(rates: list[str]) -> bool:
    """Whether the products on offer have all these rates."""
    newest = ProductVersion.objects.order_by("code", "-version").distinct("code")
    offered = {rate * 100 for version in newest for rate in (version.terms().monthly_rate, version.terms().yearly_rate)
               if rate}  # fmt: skip
    return all(figure.value in offered for text in rates for figure in figures_in(text) if figure.kind == "percent")


def _configure(state: Mapping[str, Any]) -> None:
    """The client's product at the first rate of the case."""
    code = state["slots"].get("product") or "home_equity"
    version = ProductVersion.objects.filter(code=code).order_by("-version").first()
    rates = [figure.value for text in state["configured_rates"] for figure in figures_in(text)]
    if version is None or not rates:
        return
    yearly = "ano" in state["configured_rates"][0]
    version.pk, version._state.adding, version.version = None, True, version.version + 1
    version.rate_month, version.rate_year = (
        (None, rates[0] / Decimal(100)) if yearly else (rates[0] / Decimal(100), None)
    )
    version.save(force_insert=True)
