"""Simulations by hand: a person's wish, what the product says to it, and the message a client gets of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from agent import catalogue
from agent.brain import replies
from agent.brain.money import brl, whole_percent
from agent.brain.offers import Attempt, attempt, rounded
from agent.brain.products import ProductTerms
from agent.brain.requirements import COLLATERAL
from agent.brain.simulation import LimitCode, SimulationRequest, SimulationResult
from agent.models import TERMS, ProductVersion, Simulation
from conversations.models import Conversation, Message
from conversations.outbox import message_send
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.errors import Invalid, NotFound
from crm.core.templatetags.ui import rate
from crm.core.work import service
from leads.actors import person
from leads.models import InteractionKind, Product
from leads.services import interaction_add, lead_lock

LEAST, MOST = 10_000, 100_000_000_000  # cents a person may write: R$ 100 to a billion
_FIELDS: dict[LimitCode, str] = {
    "ltv": "credit_amount", "credit_min": "credit_amount", "credit_max": "credit_amount",
    "term_min": "term_months", "term_max": "term_months",
    "collateral_max": "collateral_value", "income": "monthly_income",
}  # fmt: skip
SYSTEMS = {"price": "Price", "sac": "SAC", "consorcio": "Consórcio"}


@dataclass(frozen=True)
class Wish:
    """A simulation as a person asks for it. Money in cents."""

    product: str
    credit_amount: int
    term_months: int
    collateral_value: int | None = None
    monthly_income: int | None = None
    down_payment: int | None = None
    system: str = ""  # empty: the product's own

    def request(self) -> SimulationRequest:
        """Raises ValueError for amounts that cannot be."""
        return SimulationRequest(
            credit_amount=self.credit_amount,
            term_months=self.term_months,
            contract_date=timezone.localdate(now()),
            collateral_value=self.collateral_value,
            monthly_income=self.monthly_income,
            down_payment=self.down_payment,
            system=self.system or None,  # type: ignore[arg-type]
        )


@dataclass(frozen=True)
class Tried:
    """What the product says to a wish: a result, perhaps too dear for the income, and the nearest that passes."""

    terms: ProductTerms
    result: SimulationResult | None
    refusal: str
    best: SimulationRequest | None
    broken: LimitCode | None = None  # the limit that refuses it

    @property
    def is_tight(self) -> bool:
        return self.result is not None and bool(self.refusal)


def simulation_try(wish: Wish) -> Tried:
    """Compute without storing. Raises Invalid for a product that is not offered or cannot be simulated so."""
    terms = catalogue.products().get(wish.product)
    if terms is None:
        raise Invalid(_("This product is not offered at present."), fields={"product": _("Not offered at present.")})
    _check(wish)
    try:
        request = wish.request()
        tried = attempt(terms, request)
    except (ValueError, ArithmeticError) as error:
        raise Invalid(_("This cannot be simulated. Check the amounts and the system.")) from error
    return Tried(terms, tried.result or tried.refused, tried.refusal, _best(terms, request, tried), tried.broken)


def _check(wish: Wish) -> None:
    """What a person may write though no product forbids it."""
    if wish.credit_amount < LEAST:
        sentence = _("The credit is less than %(amount)s.") % {"amount": brl(LEAST)}
        raise Invalid(sentence, fields={"credit_amount": sentence})
    price, down = wish.collateral_value, wish.down_payment
    if wish.product == Product.REAL_ESTATE and price and down and down + wish.credit_amount > price:
        sentence = _("Down payment and credit together are more than the price, %(amount)s.") % {"amount": brl(price)}
        raise Invalid(sentence, fields={"down_payment": sentence})


def _best(terms: ProductTerms, request: SimulationRequest, tried: Attempt) -> SimulationRequest | None:
    best = tried.best and rounded(terms, tried.best, request.credit_amount)
    return best if best and best != request and best.credit_amount >= LEAST else None


@service
def simulation_make(*, lead_id: int, wish: Wish, user: User) -> Simulation:
    """Store a simulation made by a person. Raises Invalid where the product refuses; a tight income is no refusal."""
    tried = simulation_try(wish)
    if tried.result is None:
        raise _refused(tried)
    result = tried.result
    version = ProductVersion.objects.get(pk=tried.terms.version_id or 0)
    lead = lead_lock(lead_id)
    simulation = Simulation.objects.create(lead=lead, product_version=version, result=result.as_dict(), made_by=user)
    interaction_add(
        lead, InteractionKind.SIMULATED, person(user),
        simulation=simulation.pk, product=result.code, credit_amount=result.credit_amount,
        term_months=result.term_months, first_instalment=result.first_instalment,
    )  # fmt: skip
    return simulation


def _refused(tried: Tried) -> Invalid:
    """In the calculator's words, with the field whose limit it is."""
    if tried.broken is None:
        return Invalid(tried.refusal)
    return Invalid(tried.refusal, code=f"limit_{tried.broken}", fields={_FIELDS[tried.broken]: tried.refusal})


@service
def simulation_send(
    *, simulation_id: int, conversation_id: int, user: User, client_token: UUID | None = None
) -> Message:
    """Send a simulation as the person's own message in one of the lead's threads. That takes the thread from Lívia.

    Raises NotFound for another lead's thread and Conflict for a client who asked for no more messages.
    """
    simulation = Simulation.objects.select_related("product_version").get(pk=simulation_id)
    if not Conversation.objects.filter(pk=conversation_id, lead_id=simulation.lead_id).exists():
        raise NotFound(_("This conversation is not the lead's."))
    return message_send(
        conversation_id=conversation_id, text=client_text(simulation), user=user, client_token=client_token
    )


def client_text(simulation: Simulation) -> str:
    """The simulation as a client reads it on a phone."""
    return replies.simulation_message(simulation.product_version.terms(), result_of(simulation))


def result_of(simulation: Simulation) -> SimulationResult:
    return SimulationResult.from_dict(simulation.result)


def terms_changed(simulation: Simulation) -> bool:
    """Whether the product's terms are others today, or it is no longer offered."""
    version = simulation.product_version
    newest = catalogue.version_in_force(version.code)
    if newest is None or newest.pk == version.pk:
        return False
    told = (*TERMS, "fee_financed")
    return not newest.active or any(getattr(newest, name) != getattr(version, name) for name in told)


def limits_in_words(terms: ProductTerms) -> list[str]:
    """What the product allows, a sentence each."""
    limits = [_("%(least)s to %(most)s months") % {"least": terms.min_term, "most": terms.max_term}]
    if terms.max_ltv is not None:
        limits.append(_("up to %(share)s of the collateral's value") % {"share": _share(terms.max_ltv)})
    if terms.max_ltv_price is not None and terms.max_ltv_price != terms.max_ltv:
        limits.append(_("up to %(share)s by Price") % {"share": _share(terms.max_ltv_price)})
    if terms.max_credit is not None:
        limits.append(_("credit up to %(amount)s") % {"amount": brl(terms.max_credit)})
    if terms.max_collateral is not None:
        limits.append(_("collateral up to %(amount)s") % {"amount": brl(terms.max_collateral)})
    commitment = _share(terms.income_commitment)
    limits.append(_("instalment up to %(share)s of the income") % {"share": commitment})
    return limits


def _share(fraction: Decimal) -> str:
    """As percents stand on pages: with a space."""
    return whole_percent(fraction).replace("%", "\u00a0%")


def rate_in_words(terms: ProductTerms) -> str:
    if terms.system == "consorcio":
        return _("no interest; fee %(fee)s, reserve %(reserve)s") % {
            "fee": _share(terms.admin_fee), "reserve": _share(terms.reserve_fund),
        }  # fmt: skip
    return _("%(month)s a month, %(year)s a year") % {
        "month": rate(terms.monthly_rate), "year": rate(terms.yearly_rate),
    }  # fmt: skip


def sample_wish(terms: ProductTerms) -> SimulationRequest:
    """A believable request these terms allow, for previews."""
    value = {"property": 50_000_000, "vehicle": 8_000_000}.get(terms.collateral or "")
    if value and terms.max_collateral:
        value = min(value, terms.max_collateral)
    credit = {"consorcio": 20_000_000, "payroll_loan": 2_000_000, "personal_loan": 1_000_000}.get(terms.code, 5_000_000)
    ltv = terms.ltv_limit(terms.system)
    if value:
        credit = int(value * min(ltv or Decimal("0.5"), Decimal("0.5"))) // 100 * 100
    if terms.max_credit:
        credit = min(credit, terms.max_credit)
    term = min(max(48 if terms.system != "sac" else 360, terms.min_term), terms.max_term)
    return SimulationRequest(
        credit_amount=max(credit, 1), term_months=term, contract_date=timezone.localdate(now()), collateral_value=value
    )


def collateral_slot(product: str) -> str:
    """`property_value`, `vehicle_value` or "" for a product without collateral."""
    return COLLATERAL.get(product, "")


def schedule_csv(result: SimulationResult) -> Iterable[list[str]]:
    """The schedule's rows as a Brazilian spreadsheet reads them."""
    yield [
        _("Number"), _("Due"), _("Instalment"), _("Interest"), _("Amortisation"), _("Balance"),
    ]  # fmt: skip
    for row in result.schedule():
        money = [_decimal(cents) for cents in (row.instalment, row.interest, row.amortisation, row.balance)]
        yield [str(row.number), row.due.strftime("%d/%m/%Y"), *money]


def _decimal(cents: int) -> str:
    return f"{Decimal(cents) / 100:.2f}".replace(".", ",")


def values_of_lead(lead: Any) -> dict[str, Any]:
    """What is known of a lead, as the form of a new simulation begins."""
    value = getattr(lead, collateral_slot(lead.product), None) if collateral_slot(lead.product) else None
    return {
        "product": lead.product,
        "credit_amount": lead.credit_amount,
        "term_months": lead.term_months,
        "collateral_value": value,
        "monthly_income": lead.monthly_income,
        "down_payment": lead.down_payment,
    }
