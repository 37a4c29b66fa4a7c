"""API keys: made, shown once, checked, revoked."""

import hmac
import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.api.models import ApiKey
from crm.api.people import may_act
from crm.api.scopes import Scope
from crm.core.clock import now
from crm.core.errors import Conflict, Invalid
from crm.core.text import clean_line
from crm.core.work import service

MARK = "livia_"
_SHAPE = re.compile(rf"{MARK}([0-9a-f]{{12}})_([A-Za-z0-9_-]{{1,100}})")
_MOST = 50  # good ones of a person
_USED_EVERY = timedelta(minutes=1)  # how exact `last_used_at` is: a busy key is not written at every request


def _digest(secret: str) -> str:
    """Keyed: whoever has only the database cannot make a key that fits. A fast hash, for secrets of 256 bits."""
    return hmac.new(settings.SECRET_KEY.encode(), f"api-key:{secret}".encode(), sha256).hexdigest()


@service
def key_create(
    *, user: User, name: str, scopes: Iterable[str], expires_at: datetime | None = None, request: Any = None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody sees again. Raises Invalid, Conflict."""
    name, wanted = clean_line(name, limit=80), sorted(set(scopes))
    if not name:
        raise Invalid(_("Say what the key is for."), fields={"name": _("This field may not be blank.")})
    if not wanted or not set(wanted) <= set(Scope.values):
        raise Invalid(_("Choose what the key may do."), fields={"scopes": _("Choose at least one.")})
    if expires_at is not None and expires_at <= now():
        raise Invalid(_("A key must end in the future."), fields={"expires_at": _("Choose a later day.")})
    if ApiKey.objects.filter(_good(), user=user).count() >= _MOST:
        raise Conflict(_("You have as many keys as one may have. Revoke one first."))
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        user=user, name=name, prefix=prefix, digest=_digest(secret), scopes=wanted, expires_at=expires_at
    )
    security_event(
        kind=SecurityKind.KEY_CREATED, user=user, by=user, request=request, key=key.pk, prefix=prefix, scopes=wanted
    )
    return key, f"{MARK}{prefix}_{secret}"


@service
def key_revoke(*, key_id: int, by: User | None = None, request: Any = None) -> None:
    """It is refused from the next request on; revoking it again changes nothing."""
    _revoke(ApiKey.objects.filter(pk=key_id), by, request)


@service
def keys_revoke(*, user_id: int) -> None:
    """All keys of a person."""
    _revoke(ApiKey.objects.filter(user_id=user_id), None, None)


def _revoke(keys: QuerySet[ApiKey], by: User | None, request: Any) -> None:
    for key in keys.filter(revoked_at=None).select_for_update(of=("self",)).select_related("user").order_by("pk"):
        ApiKey.objects.filter(pk=key.pk).update(revoked_at=now())
        security_event(
            kind=SecurityKind.KEY_REVOKED, user=key.user, by=by, request=request, key=key.pk, prefix=key.prefix
        )


def key_of(text: str) -> ApiKey | None:
    """The key that this text is, if it may be used now; the same work whether the prefix exists or not."""
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        return None
    prefix, secret = shape.groups()
    key = next(iter(ApiKey.objects.select_related("user").filter(prefix=prefix).order_by()), None)
    fits = hmac.compare_digest(_digest(secret), key.digest if key else _digest(""))
    return key if key and fits and _stands(key) and may_act(key.user) else None


def _stands(key: ApiKey) -> bool:
    """As `_good`, of a key at hand: every request asks, and a short question is put together sooner."""
    return key.revoked_at is None and (key.expires_at is None or key.expires_at > now())


def _good() -> Q:
    return Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now()))


def key_used(key: ApiKey, address: str | None) -> None:
    """Write down that it was used, at most once a minute."""
    at = now()
    if key.last_used_at is None or at - key.last_used_at > _USED_EVERY:
        ApiKey.objects.filter(pk=key.pk).update(last_used_at=at, last_used_from=address)
