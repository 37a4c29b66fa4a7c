"""The loan products Lívia can simulate, as plain values.

Managers edit products in the admin; what is here is the shape of one version and the values a new
installation starts with. Money is integer cents, terms are integer months, rates are `Decimal` fractions
(0.0119 is 1.19 %).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from agent.brain.finance import IOF_DAYS, monthly_from_yearly, yearly_from_monthly

System = Literal["price", "sac", "consorcio"]
Collateral = Literal["property", "vehicle"]

SYSTEMS: tuple[System, ...] = ("price", "sac", "consorcio")


@dataclass(frozen=True, kw_only=True)
class ProductTerms:
    """One version of one product. Raises ValueError when the values contradict each other."""

    code: str
    name: str
    system: System
    min_term: int
    max_term: int
    rate_month: Decimal | None = None  # effective, a month
    rate_year: Decimal | None = None  # effective, a year; give one of the two
    max_ltv: Decimal | None = None  # credit over the value of the collateral
    max_ltv_price: Decimal | None = None  # tighter ceiling when a SAC product is simulated by Price
    iof: bool = False
    iof_fixed: Decimal = Decimal("0.0038")  # persons, Decreto 6.306/2007
    iof_daily: Decimal = Decimal("0.000082")
    income_commitment: Decimal = Decimal("0.30")
    admin_fee: Decimal = Decimal(0)  # consórcio, over the whole plan
    reserve_fund: Decimal = Decimal(0)
    fee_financed: int = 0  # cents, added to the debt beside the IOF
    max_credit: int | None = None
    max_collateral: int | None = None  # ceiling of the collateral's value (SFH)
    collateral: Collateral | None = None
    version_id: int | None = None

    def __post_init__(self) -> None:
        if self.system not in SYSTEMS:
            raise ValueError(f"{self.code}: unknown system {self.system!r}")
        if not 1 <= self.min_term <= self.max_term:
            raise ValueError(f"{self.code}: the terms must satisfy 1 <= min_term <= max_term")
        if self.system != "consorcio" and (self.rate_month is None) == (self.rate_year is None):
            raise ValueError(f"{self.code}: give either rate_month or rate_year")
        rate = self.rate_month if self.rate_month is not None else self.rate_year
        if rate is not None and not 0 <= rate <= 10:
            raise ValueError(f"{self.code}: the rate is a fraction between 0 and 10")
        if not 0 < self.income_commitment <= 1:
            raise ValueError(f"{self.code}: income_commitment is a fraction of the income")
        if any(ltv is not None and not 0 < ltv <= 1 for ltv in (self.max_ltv, self.max_ltv_price)):
            raise ValueError(f"{self.code}: an LTV is a fraction between 0 and 1")
        costs = (self.admin_fee, self.reserve_fund, Decimal(self.fee_financed), self.iof_fixed, self.iof_daily)
        if min(costs) < 0:
            raise ValueError(f"{self.code}: fees and IOF cannot be negative")
        if self.iof_fixed + IOF_DAYS * self.iof_daily >= 1:
            raise ValueError(f"{self.code}: the IOF would swallow the credit")

    @property
    def monthly_rate(self) -> Decimal:
        """Effective rate a month, unrounded; zero for a consórcio."""
        if self.rate_month is not None:
            return self.rate_month
        return monthly_from_yearly(self.rate_year) if self.rate_year is not None else Decimal(0)

    @property
    def yearly_rate(self) -> Decimal:
        """Effective rate a year, unrounded; zero for a consórcio."""
        if self.rate_year is not None:
            return self.rate_year
        return yearly_from_monthly(self.rate_month) if self.rate_month is not None else Decimal(0)

    def ltv_limit(self, system: System) -> Decimal | None:
        """The ceiling that applies when the product is simulated by `system`."""
        return self.max_ltv_price if system == "price" and self.max_ltv_price is not None else self.max_ltv


_DEFAULTS = (
    ProductTerms(
        code="home_equity",
        name="Empréstimo com garantia de imóvel",
        system="price",
        rate_month=Decimal("0.0119"),
        min_term=36,
        max_term=240,
        max_ltv=Decimal("0.60"),
        iof=True,
        collateral="property",
    ),
    ProductTerms(
        code="real_estate_financing",
        name="Financiamento imobiliário",
        system="sac",
        rate_year=Decimal("0.1099"),
        min_term=60,
        max_term=420,
        max_ltv=Decimal("0.80"),
        max_ltv_price=Decimal("0.70"),
        max_collateral=225_000_000,
        collateral="property",
    ),
    ProductTerms(
        code="auto_equity",
        name="Empréstimo com garantia de veículo",
        system="price",
        rate_month=Decimal("0.0189"),
        min_term=12,
        max_term=60,
        max_ltv=Decimal("0.60"),
        iof=True,
        collateral="vehicle",
    ),
    ProductTerms(
        code="consorcio",
        name="Consórcio",
        system="consorcio",
        min_term=1,
        max_term=200,
        admin_fee=Decimal("0.18"),
        reserve_fund=Decimal("0.02"),
    ),
    ProductTerms(
        code="personal_loan",
        name="Empréstimo pessoal",
        system="price",
        rate_month=Decimal("0.045"),
        min_term=6,
        max_term=48,
        iof=True,
    ),
    ProductTerms(
        code="payroll_loan",
        name="Empréstimo consignado",
        system="price",
        rate_month=Decimal("0.0185"),
        min_term=1,
        max_term=84,
        iof=True,
        income_commitment=Decimal("0.35"),
    ),
)

DEFAULT_PRODUCTS: dict[str, ProductTerms] = {terms.code: terms for terms in _DEFAULTS}
