"""The products on offer, the business and the prompts, as the brain reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Coalesce, Least, TruncDate
from django.utils import timezone

from agent.brain.business import BusinessInfo, Faq
from agent.brain.opening import OpeningHours
from agent.brain.policies import DEFAULT_POLICIES, StagePolicy
from agent.brain.products import DEFAULT_PRODUCTS, ProductTerms
from agent.brain.stages import Stage
from agent.models import TERMS, BusinessProfile, FaqEntry, ProductVersion, PromptVersion
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.locks import lock_then
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
        return _as_of(cursor.fetchone()[0], today())


def today() -> date:
    """By the calendar of TIME_ZONE: what products' dates are in."""
    return timezone.localdate(now())


# Where PostgreSQL keeps each row, and which transaction wrote it: another text after any change to any of them, by
# whomever, and never again the same after a rollback. A few dozen rows are looked at.
_ROWS = "(SELECT string_agg(ctid::text || xmin::text, ' ' ORDER BY ctid) FROM {table})"
_TABLES = [model._meta.db_table for model in (ProductVersion, BusinessProfile, FaqEntry, PromptVersion)]
_STATE = f"SELECT concat_ws('|', {', '.join(_ROWS.format(table=table) for table in _TABLES)})"


@lru_cache(maxsize=1)
def _as_of(state: str, day: date) -> Catalogue:
    """What is read later than `state` was may be newer, but then so is the state that is asked for next. A day is
    part of what is asked for: at midnight other terms may come into force."""
    profile = _profile()
    return Catalogue(products(day), _business(profile), policies(), _opening(profile), profile.follow_ups)


def products(day: date | None = None) -> dict[str, ProductTerms]:
    """The terms in force on a day (today) of every product that is offered then, by code."""
    return {version.code: version.terms() for version in versions_in_force(day or today()) if version.active}


def versions_in_force(day: date) -> QuerySet[ProductVersion]:
    """Of each product the version that began last; of those that began on the same day the one written last. One
    without a date began on the day it was written."""
    begun = ProductVersion.objects.filter(Q(effective_from=None) | Q(effective_from__lte=day))
    began = Least(Coalesce("effective_from", TruncDate("created_at")), Value(day))  # what was replayed is in the past
    return begun.order_by("code", began.desc(), "-version").distinct("code")


def version_in_force(code: str) -> ProductVersion | None:
    """What holds for a product today."""
    return versions_in_force(today()).filter(code=code).first()


def versions_to_come(code: str) -> QuerySet[ProductVersion]:
    """Versions of a product that begin after today and that no later one of the same day replaces, the next first."""
    future = ProductVersion.objects.filter(code=code, effective_from__gt=today())
    return future.order_by("effective_from", "-version").distinct("effective_from")


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
def product_version_add(*, code: str, values: dict[str, Any], user: User | None = None) -> ProductVersion:
    """Store new terms of a product; older simulations keep the version they were made by. Raises ValueError."""
    row = lock_then(f"product:{code}", "SELECT max(version) FROM agent_productversion WHERE code = %s", [code])
    version = ProductVersion(code=code, version=((row and row[0]) or 0) + 1, created_by=user, **values)
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
