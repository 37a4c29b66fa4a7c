"""The products on offer and the business, as the brain reads them."""

from typing import Any

from agent.brain.business import BusinessInfo, Faq
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.models import TERMS, BusinessProfile, FaqEntry, ProductVersion
from crm.core.work import service


def products() -> dict[str, ProductTerms]:
    """The newest version of every product that is offered, by code."""
    newest = ProductVersion.objects.order_by("code", "-version").distinct("code")
    return {version.code: version.terms() for version in newest if version.active}


def business() -> BusinessInfo:
    """Who Lívia speaks for."""
    profile = BusinessProfile.objects.first() or BusinessProfile()
    return BusinessInfo(
        name=profile.name,
        services=tuple(line.strip() for line in profile.services.splitlines() if line.strip()),
        tone=profile.tone,
        hours=profile.hours,
        address=profile.address,
        faq=tuple(Faq(entry.question, entry.answer) for entry in FaqEntry.objects.filter(active=True)),
    )


@service
def product_version_add(*, code: str, values: dict[str, Any]) -> ProductVersion:
    """Store new terms of a product; older simulations keep the version they were made by. Raises ValueError."""
    last = ProductVersion.objects.filter(code=code).order_by("-version").first()
    version = ProductVersion(code=code, version=last.version + 1 if last else 1, **values)
    version.terms()
    version.save(force_insert=True)
    return version


def products_seed() -> int:
    """Give a new installation its starting products; how many were missing."""
    missing = [
        terms for code, terms in DEFAULT_PRODUCTS.items() if not ProductVersion.objects.filter(code=code).exists()
    ]
    for terms in missing:
        values = {name: getattr(terms, name) for name in TERMS if name != "code"}
        extra = {"collateral": terms.collateral or "", "fee_financed": terms.fee_financed}
        product_version_add(code=terms.code, values={**values, **extra})
    return len(missing)
