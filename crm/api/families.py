"""Sign-ins of programs: begun, continued, ended. The row of a sign-in (TokenFamily) is the truth about its tokens;
Redis keeps the revoked ones for as long as an access token lives, so that those cost the database nothing. Redis being
away or emptied revives none: what it does not know, the row is asked."""

import hmac
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.api.events import TokenReused
from crm.api.models import TokenFamily
from crm.api.people import may_act
from crm.api.tokens import (
    AccessToken,
    Claims,
    RefreshToken,
    access_life,
    claims_of,
    next_id,
    not_valid,
    refresh_life,
    signed,
)
from crm.core import redis
from crm.core.addresses import address_of
from crm.core.clock import now
from crm.core.errors import Conflict
from crm.core.facts import publish
from crm.core.text import clean_line
from crm.core.work import service

# Two windows of one program may ask at once with the same token: the second is told to use what the first was given.
_AT_ONCE = timedelta(seconds=5)
_KEPT = timedelta(days=30)  # after its end
_MOST = 50  # at once of one person: a program that signs in anew each time ends its own oldest sign-in


@dataclass(frozen=True)
class Pair:
    """Two fresh tokens of a sign-in."""

    access: str
    refresh: str


class AlreadyRefreshed(Conflict):
    default_code = "already_refreshed"


def families_of(user: User) -> QuerySet[TokenFamily]:
    """The sign-ins of a person that stand."""
    return TokenFamily.objects.filter(user=user, revoked_at=None, expires_at__gt=now())


def family_of(text: str) -> TokenFamily:
    """The sign-in an access token belongs to, with its person as they are now: role, rights and being active are read
    at each request, and never from the token. Raises AuthenticationFailed."""
    claims = claims_of(AccessToken, text)
    if _known_as_revoked(claims.family_id):
        raise not_valid()
    family = TokenFamily.objects.select_related("user").filter(pk=claims.family_id).first()
    if family is not None and family.revoked_at is not None:
        _remember_revoked([family.pk])  # Redis had lost it
    return _standing(family, claims)


@service
def family_start(*, user: User, request: Any) -> Pair:
    """A program has signed in as this person."""
    moment = now()
    family = TokenFamily.objects.create(
        user=user,
        refresh_id=uuid4(),
        last_used_at=moment,
        expires_at=moment + refresh_life(),
        address=address_of(request),
        program=clean_line(request.META.get("HTTP_USER_AGENT", ""), limit=160),
    )
    crowded = families_of(user).order_by("-created_at", "-pk").values_list("pk", flat=True)[_MOST:]
    _revoke(Q(pk__in=list(crowded)), "crowded")
    return _pair(family)


@service
def family_rotate(*, text: str, request: Any) -> Pair | None:
    """The tokens that follow a refresh token, which is spent now. None if it was spent before: then its sign-in is
    revoked, whoever came first. Raises AuthenticationFailed, AlreadyRefreshed.

    The immediate predecessor is excused for a few seconds: it gets no tokens either, but ends nothing.
    """
    claims = claims_of(RefreshToken, text)
    found = TokenFamily.objects.select_for_update(of=("self",)).select_related("user").filter(pk=claims.family_id)
    family, moment = _standing(found.first(), claims), now()
    if claims.token_id != family.refresh_id:
        lately = family.last_used_at is not None and moment - family.last_used_at <= _AT_ONCE
        if lately and next_id(claims.token_id) == family.refresh_id:
            raise AlreadyRefreshed(_("This token was exchanged a moment ago. Use the new one."))
        _reused(family, request)
        return None
    family.refresh_id, family.last_used_at = next_id(family.refresh_id), moment
    family.expires_at = moment + refresh_life()
    family.address = address_of(request)
    family.save(update_fields=["refresh_id", "last_used_at", "expires_at", "address"])
    return _pair(family)


@service
def family_revoke(*, family_id: UUID, by: User | None = None, request: Any = None) -> None:
    """Its tokens are refused from now on; revoking it again changes nothing. `by` where it is not the program itself
    that signs out."""
    if not _revoke(Q(pk=family_id), "ended" if by else "logout"):
        return
    user = User.objects.get(token_families=family_id)
    security_event(kind=SecurityKind.SIGNED_OUT, user=user, by=by, request=request, family=str(family_id))


@service
def families_revoke(*, user_id: int, why: str) -> None:
    """All sign-ins of a person."""
    _revoke(Q(user_id=user_id, expires_at__gt=now()), why)


def families_forget() -> int:
    """Delete sign-ins that ended long ago; how many were."""
    return TokenFamily.objects.filter(expires_at__lt=now() - _KEPT).delete()[0]


def _standing(family: TokenFamily | None, claims: Claims) -> TokenFamily:
    """Raises AuthenticationFailed unless the family of these claims may be used."""
    if family is None or family.user_id != claims.user_id:
        raise not_valid()
    over = family.revoked_at is not None or family.expires_at <= now()
    current = hmac.compare_digest(claims.mark.encode(), _mark(family.user).encode())
    if over or not current or not may_act(family.user):
        raise not_valid()
    return family


def _reused(family: TokenFamily, request: Any) -> None:
    _revoke(Q(pk=family.pk), "reuse")
    security_event(kind=SecurityKind.TOKEN_REUSED, user=family.user, request=request, family=str(family.pk))
    publish(TokenReused(user_id=family.user_id))


def _revoke(which: Q, why: str) -> int:
    """How many stood until now."""
    rows = TokenFamily.objects.select_for_update().filter(which, revoked_at=None)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    TokenFamily.objects.filter(pk__in=ids).update(revoked_at=now(), revoked_why=why)
    transaction.on_commit(lambda: _remember_revoked(ids), robust=True)
    return len(ids)


def _pair(family: TokenFamily) -> Pair:
    access, refresh = (
        signed(kind, Claims(family.user_id, family.pk, token_id, _mark(family.user)))
        for kind, token_id in ((AccessToken, uuid4()), (RefreshToken, family.refresh_id))
    )
    return Pair(access, refresh)


def _mark(user: User) -> str:
    """A part of what Django keeps in a session to see whether the password is still the same."""
    return user.get_session_auth_hash()[:20]


def _key(family_id: UUID) -> str:
    return redis.key("revoked", family_id)


def _known_as_revoked(family_id: UUID) -> bool:
    with suppress(RedisError):
        return bool(redis.brief().exists(_key(family_id)))
    return False


def _remember_revoked(family_ids: list[UUID]) -> None:
    seconds = int(access_life().total_seconds()) + 60  # and a little, for clocks that differ
    with suppress(RedisError), redis.brief().pipeline(transaction=False) as pipe:
        for family_id in family_ids:
            pipe.set(_key(family_id), b"1", ex=seconds)
        pipe.execute()
