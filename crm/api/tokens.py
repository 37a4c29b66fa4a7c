"""Access and refresh tokens as text: signed, read, refused. Whether a token's sign-in still stands, its row says
(crm.api.families)."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import AuthenticationFailed
from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import ExpiredTokenError, TokenError
from rest_framework_simplejwt.tokens import Token

ISSUER = "livia-crm"
AUDIENCE = "livia-api"
_ALGORITHM = "HS256"  # the only one: a token's own `alg` chooses nothing
_LEEWAY = timedelta(seconds=5)
_LEAST_KEY = 32
LONGEST_TOKEN = 2000  # characters; ours have about 400


class _Signed(Token):
    """A token of the library, with our key, names and times; it holds numbers only, nothing of a person."""

    def get_token_backend(self) -> TokenBackend:
        return _backend(signing_key())


class AccessToken(_Signed):
    token_type = "access"

    @property
    def lifetime(self) -> timedelta:  # type: ignore[override]
        return access_life()


class RefreshToken(_Signed):
    token_type = "refresh"

    @property
    def lifetime(self) -> timedelta:  # type: ignore[override]
        return refresh_life()


@dataclass(frozen=True)
class Claims:
    """What a token says, its signature and times being good. `mark` stands for the password and whatever else ends a
    page's session: another one, and the token is as old as the pages' sessions are."""

    user_id: int
    family_id: UUID
    token_id: UUID
    mark: str


def access_life() -> timedelta:
    return timedelta(minutes=settings.JWT_ACCESS_MINUTES)


def refresh_life() -> timedelta:
    return timedelta(days=settings.JWT_REFRESH_DAYS)


def signing_key() -> str:
    """Of JWT_SIGNING_KEY or SECRET_KEY, and like neither: what is signed for one purpose fits no other."""
    root = settings.JWT_SIGNING_KEY or settings.SECRET_KEY
    return hmac.new(root.encode(), b"livia: access and refresh tokens", sha256).hexdigest()


def check_settings() -> None:
    """Raises ImproperlyConfigured for a key that could be guessed."""
    if settings.JWT_SIGNING_KEY and len(settings.JWT_SIGNING_KEY) < _LEAST_KEY:
        remedy = "leave it empty, or take what `openssl rand -hex 32` says."
        raise ImproperlyConfigured(f"JWT_SIGNING_KEY must have {_LEAST_KEY} characters or more: {remedy}")


def signed(kind: type[Token], claims: Claims) -> str:
    """The text of a new token."""
    token = kind()
    token["sub"], token["fam"], token["jti"] = str(claims.user_id), str(claims.family_id), str(claims.token_id)
    token["mark"] = claims.mark
    return str(token)


def claims_of(kind: type[Token], text: str) -> Claims:
    """Raises AuthenticationFailed: `token_expired` for one that was good once, `token_not_valid` for all else."""
    try:
        token: Any = kind(cast(Any, text)) if len(text) <= LONGEST_TOKEN else None
        return Claims(int(token["sub"]), UUID(token["fam"]), UUID(token["jti"]), str(token["mark"]))
    except ExpiredTokenError as error:
        raise AuthenticationFailed(_("This token has expired."), "token_expired") from error
    except (TokenError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise not_valid() from error


def not_valid() -> AuthenticationFailed:
    return AuthenticationFailed(_("This token is not valid, or not any more."), "token_not_valid")


def next_id(token_id: UUID) -> UUID:
    """Of the refresh token that follows this one. Nobody without the key can tell it, and it can be told of a token
    whether it was the one before."""
    return UUID(bytes=hmac.new(signing_key().encode(), token_id.bytes, sha256).digest()[:16])


@lru_cache(maxsize=4)
def _backend(key: str) -> TokenBackend:
    return TokenBackend(_ALGORITHM, signing_key=key, audience=AUDIENCE, issuer=ISSUER, leeway=_LEEWAY)
