"""What terms mean: a sample simulation, and every term in words."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from agent.brain import replies
from agent.brain.calculator import simulate
from agent.brain.money import brl, percent, whole_percent
from agent.brain.products import ProductTerms
from agent.brain.simulation import LimitExceeded
from agent.models import ProductVersion, System
from agent.simulating import limits_in_words, rate_in_words, sample_wish


@dataclass(frozen=True)
class Sample:
    """What a client would be told under terms; `changes` are (label, before, after)."""

    message: str
    rate: str
    limits: list[str]
    changes: list[tuple[str, str, str]]


def sample_of(terms: ProductTerms, current: ProductVersion | None) -> Sample:
    try:
        message = replies.simulation_message(terms, simulate(terms, sample_wish(terms)))
    except LimitExceeded as error:
        message = _("Nothing believable can be simulated under these terms (%(code)s).") % {"code": error.code}
    except (ValueError, ArithmeticError):  # costs beyond all reason
        message = _("Nothing believable can be simulated under these terms.")
    before = told(current.terms(), active=current.active) if current else []
    known = dict(before)
    after = told(terms, active=True)
    changes = [(label, known.get(label, "–"), text) for label, text in after if current and known.get(label) != text]
    return Sample(message, rate_in_words(terms), limits_in_words(terms), changes)


def told(terms: ProductTerms, *, active: bool) -> list[tuple[str, str]]:
    """Every term in words, as (label, value)."""

    def share(value: Decimal | None) -> str:
        return "–" if value is None else whole_percent(value)

    def money(value: int | None) -> str:
        return "–" if value is None else brl(value)

    return [
        (_("Name"), terms.name),
        (_("Offered"), _("yes") if active else _("no")),
        (_("System"), str(System(terms.system).label)),
        (_("Rate a month"), percent(terms.monthly_rate) if terms.system != "consorcio" else "–"),
        (_("Rate a year"), percent(terms.yearly_rate) if terms.system != "consorcio" else "–"),
        (_("Term"), _("%(least)s to %(most)s months") % {"least": terms.min_term, "most": terms.max_term}),
        (_("LTV at most"), share(terms.max_ltv)),
        (_("LTV at most by Price"), share(terms.max_ltv_price)),
        ("IOF", _("yes") if terms.iof else _("no")),
        (_("Income commitment"), share(terms.income_commitment)),
        (_("Administration fee"), share(terms.admin_fee)),
        (_("Reserve fund"), share(terms.reserve_fund)),
        (_("Financed fee"), money(terms.fee_financed)),
        (_("Credit at most"), money(terms.max_credit)),
        (_("Collateral at most"), money(terms.max_collateral)),
    ]
