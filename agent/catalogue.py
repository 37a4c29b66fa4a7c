"""The products on offer, the business and the prompts, as the brain reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connection

from agent.brain.business import BusinessInfo, Faq
from agent.brain.opening import OpeningHours
from agent.brain.policies import DEFAULT_POLICIES, StagePolicy
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.stages import Stage
from agent.models import TERMS, BusinessProfile, FaqEntry, ProductVersion, PromptVersion
from crm.core.work import service


@dataclass(frozen=True)
class Catalogue:
    """All that managers set and a turn goes by, as it is in force. `reminds`: whoever stops answering is reminded."""

    products: Mapping[str, ProductTerms]
    business: BusinessInfo
    policies: Mapping[Stage, StagePolicy]
    opening: OpeningHours
    reminds: bool


def in_force() -> Catalogue:
    """Everything at once; read again only once something in it has changed. It is shared: never change it."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE)
        return _as_of(cursor.fetchone()[0])


# Where PostgreSQL keeps each row, and which transaction wrote it: another text after any change to any of them, by
# whomever, and never again the same after a rollback. A few dozen rows are looked at.
_ROWS = "(SELECT string_agg(ctid::text || xmin::text, ' ' ORDER BY ctid) FROM {table})"
_TABLES = [model._meta.db_table for model in (ProductVersion, BusinessProfile, FaqEntry, PromptVersion)]
_STATE = f"SELECT concat_ws('|', {', '.join(_ROWS.format(table=table) for table in _TABLES)})"


@lru_cache(maxsize=1)
def _as_of(state: str) -> Catalogue:
    """What is read later than `state` was may be newer, but then so is the state that is asked for next."""
    profile = _profile()
    return Catalogue(products(), _business(profile), policies(), _opening(profile), profile.follow_ups)


def products() -> dict[str, ProductTerms]:
    """The newest version of every product that is offered, by code."""
    newest = ProductVersion.objects.order_by("code", "-version").distinct("code")
    return {version.code: version.terms() for version in newest if version.active}


def business() -> BusinessInfo:
    """Who Lívia speaks for."""
    return _business(_profile())


def opening() -> OpeningHours:
    """When the business is open, in its local time."""
    return _opening(_profile())


def policies() -> dict[Stage, StagePolicy]:
    """The newest prompt of every stage; a stage without one behaves as it does by default."""
    newest = PromptVersion.objects.order_by("stage", "-version").distinct("stage")
    return {**DEFAULT_POLICIES, **{Stage(version.stage): _policy(version) for version in newest}}


def _policy(version: PromptVersion) -> StagePolicy:
    limits = {slot: (int(low), int(high)) for slot, (low, high) in version.limits.items()}
    return StagePolicy(
        instructions=version.instructions,
        default_reply=version.default_reply,
        asks=tuple(version.asks),
        limits=limits,
        version_id=version.pk,
    )


def _profile() -> BusinessProfile:
    return BusinessProfile.objects.first() or BusinessProfile()


def _business(profile: BusinessProfile) -> BusinessInfo:
    return BusinessInfo(
        name=profile.name,
        services=_lines(profile.services),
        tone=profile.tone,
        hours=profile.hours,
        address=profile.address,
        faq=tuple(Faq(entry.question, entry.answer) for entry in FaqEntry.objects.filter(active=True)),
        links=_lines(profile.links),
    )


def _opening(profile: BusinessProfile) -> OpeningHours:
    return OpeningHours(week=profile.week, holidays_uf=profile.holidays_uf, closed_on=tuple(profile.closed_on))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


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


@service
def prompts_seed() -> int:
    """Give a new installation the first version of every stage's prompt; how many were missing."""
    known = set(PromptVersion.objects.values_list("stage", flat=True))
    missing = [
        PromptVersion(
            stage=stage.value, version=1, instructions=policy.instructions, default_reply=policy.default_reply,
            asks=list(policy.asks), limits={slot: list(span) for slot, span in policy.limits.items()},
        )
        for stage, policy in DEFAULT_POLICIES.items()
        if stage.value not in known
    ]  # fmt: skip
    PromptVersion.objects.bulk_create(missing)
    return len(missing)
