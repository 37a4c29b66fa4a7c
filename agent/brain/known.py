"""The figures a reply may quote, each with where it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, Literal

from agent.brain.business import BusinessInfo
from agent.brain.numbers import Figure, FigureKind, figures_in
from agent.brain.products import ProductTerms
from agent.brain.replies import EXAMPLES
from agent.brain.roles import MONEY_SLOTS
from agent.brain.simulation import SimulationResult

_MAX_READ = 4_000  # characters of one text

Per = Literal["", "month", "year"]


@dataclass(frozen=True)
class Known:
    """Money in cents, a percent as written (1.19 means 1.19 %), a term in months. `per` tells what a rate is by.

    Sources: "client", "slot:<name>", "simulation", "refused", "offer", "product:<code>", "business", "example".
    """

    kind: FigureKind
    value: Decimal
    source: str
    per: Per = ""

    @property
    def is_clients(self) -> bool:
        """The client's own word or wish: to be repeated, not to be promised."""
        return self.source == "client" or self.source.startswith("slot:")

    @property
    def is_computed(self) -> bool:
        """The calculator's or a product's."""
        return self.source in {"simulation", "refused", "offer"} or self.source.startswith("product:")

    def matches(self, kind: str, value: Decimal) -> bool:
        """Whether `value` shows this figure: money also in whole reais, a percent also rounded to two or more
        places."""
        if kind != self.kind:
            return False
        if value == self.value:
            return True
        if kind == "money":
            return value % 100 == 0 and (int(self.value) + 50) // 100 * 100 == value
        places = -int(value.as_tuple().exponent)
        return kind == "percent" and places >= 2 and self.value.quantize(value, ROUND_HALF_UP) == value


def known_texts(texts: Iterable[str], source: str = "client") -> list[Known]:
    """Every figure somebody wrote."""
    found = (figure for text in texts for figure in figures_in(text[:_MAX_READ]))
    return [Known(figure.kind, figure.value, source) for figure in found]


def known_slots(slots: Mapping[str, Any]) -> list[Known]:
    money = [slot for slot in MONEY_SLOTS if isinstance(slots.get(slot), int)]
    found = [Known("money", Decimal(slots[slot]), f"slot:{slot}") for slot in money]
    if isinstance(slots.get("term_months"), int):
        found.append(Known("term", Decimal(slots["term_months"]), "slot:term_months"))
    return found


def known_offer(adjusted: Mapping[str, int]) -> list[Known]:
    """The figures of an offer the calculator found."""
    return [
        Known("term" if name == "term_months" else "money", Decimal(value), "offer") for name, value in adjusted.items()
    ]


def known_products(products: Iterable[ProductTerms]) -> list[Known]:
    found = []
    for product in products:
        source = f"product:{product.code}"
        rates: list[tuple[Decimal | None, Per]] = [(product.monthly_rate, "month"), (product.yearly_rate, "year")]
        shares = (product.max_ltv, product.max_ltv_price, product.income_commitment)
        rates += [(share, "") for share in (*shares, product.admin_fee, product.reserve_fund)]
        found += [Known("percent", rate * 100, source, per) for rate, per in rates if rate]
        found += [Known("term", Decimal(term), source) for term in (product.min_term, product.max_term)]
        limits = (product.max_credit, product.max_collateral, product.fee_financed)
        found += [Known("money", Decimal(value), source) for value in limits if value]
    return found


def known_simulation(result: SimulationResult, source: str = "simulation") -> list[Known]:
    figures = result.figures()
    rates: dict[Decimal | None, Per] = {
        result.rate_month: "month", result.cet_month: "month", result.rate_year: "year", result.cet_year: "year",
    }  # fmt: skip
    by = {rate * 100: per for rate, per in rates.items() if rate is not None}
    found = [Known("money", Decimal(value), source) for value in figures.money]
    found += [Known("percent", value, source, by.get(value, "")) for value in figures.percents]
    return found + [Known("term", Decimal(value), source) for value in figures.months]


def known_business(business: BusinessInfo) -> list[Known]:
    return list(_configured(business.texts()))


@lru_cache(maxsize=8)
def _configured(texts: tuple[str, ...]) -> tuple[Known, ...]:
    """The same for turn after turn, until a manager edits them."""
    return tuple(known_texts(texts, "business"))


def known_examples() -> list[Known]:
    """Figures in Lívia's own sample answers: "por exemplo, 80 mil"."""
    return list(_EXAMPLES)


_EXAMPLES = tuple(known_texts(EXAMPLES, "example"))


def provenance(reply: str, knowns: Sequence[Known]) -> list[dict[str, str]]:
    """Each figure of a reply with the source it is known from, the calculator's and the products' first."""
    by_trust = sorted(knowns, key=lambda known: known.is_clients)
    return [_traced(figure, by_trust) for figure in figures_in(reply)]


def _traced(figure: Figure, knowns: Sequence[Known]) -> dict[str, str]:
    source = next((known.source for known in knowns if known.matches(figure.kind, figure.value)), "")
    return {"text": figure.text, "kind": figure.kind, "value": f"{figure.value.normalize():f}", "source": source}
