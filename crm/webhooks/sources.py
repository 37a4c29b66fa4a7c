"""Other systems that tell us of leads: made, keyed, mapped, paused."""

import hmac
import secrets
import time
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.core.clock import now
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_line
from crm.core.work import service
from crm.webhooks.mapping import mapping_clean
from crm.webhooks.models import Source
from crm.webhooks.paths import CONSTANT, steps_of
from crm.webhooks.signing import secret_new

MARK = "hook_"
TOLERANCE_SECONDS = 300
_USED_EVERY = timedelta(minutes=1)  # how exact `last_used_at` is


def _digest(key: str) -> str:
    """Keyed: whoever has only the database cannot make a key that fits. A fast hash, for secrets of 256 bits."""
    return hmac.new(settings.SECRET_KEY.encode(), f"webhook-source:{key}".encode(), sha256).hexdigest()


def _new_key() -> str:
    return MARK + secrets.token_urlsafe(32)


@service
def source_create(*, name: str, user: User, request: Any = None) -> tuple[Source, str]:
    """A new source and its key, which nobody sees again. Raises Invalid."""
    name = clean_line(name, limit=80)
    if not name:
        raise Invalid(_("Say which system it is."), fields={"name": _("This field may not be blank.")})
    key = _new_key()
    source = Source.objects.create(name=name, prefix=secrets.token_hex(6), digest=_digest(key), creator=user)
    _note(source, "created", user, request)
    return source, key


@service
def source_rekey(*, source_id: int, user: User, request: Any = None) -> tuple[Source, str]:
    """A new key; the one before is refused from now on."""
    source, key = _locked(source_id), _new_key()
    source.digest = _digest(key)
    source.save(update_fields=["digest"])
    _note(source, "key", user, request)
    return source, key


@service
def source_sign(*, source_id: int, on: bool, user: User, request: Any = None) -> Source:
    """Ask for signatures, under a new secret, or no more."""
    source = _locked(source_id)
    source.signing_secret = secret_new() if on else ""
    source.save(update_fields=["signing_secret"])
    _note(source, "signatures_on" if on else "signatures_off", user, request)
    return source


@service
def source_pause(*, source_id: int, on: bool, user: User, request: Any = None) -> Source:
    """Take nothing from it, or go on."""
    source = _locked(source_id)
    source.active = not on
    source.save(update_fields=["active"])
    _note(source, "paused" if on else "resumed", user, request)
    return source


@service
def source_map(*, source_id: int, mapping: Mapping[str, str], id_path: str, user: User, request: Any = None) -> Source:
    """Where our fields stand in what it sends. Raises Invalid."""
    source = _locked(source_id)
    source.mapping, source.id_path = mapping_clean(mapping), id_path
    if id_path.startswith(CONSTANT):
        raise Invalid(_("The number of an event cannot be the same for all."))
    if id_path:
        steps_of(id_path)
    source.save(update_fields=["mapping", "id_path"])
    _note(source, "mapping", user, request)
    return source


@service
def source_delete(*, source_id: int, user: User, request: Any = None) -> None:
    """It goes with what it sent; the leads stay."""
    source = _locked(source_id)
    _note(source, "deleted", user, request)
    source.delete()


def _locked(source_id: int) -> Source:
    source = Source.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise NotFound
    return source


def _note(source: Source, what: str, user: User, request: Any) -> None:
    security_event(
        kind=SecurityKind.WEBHOOK_CHANGED, user=user, by=user, request=request,
        direction="in", source=source.pk, name=source.name, change=what,
    )  # fmt: skip


def source_of(prefix: str, key: str) -> Source | None:
    """The source whose key this is; the same work whether the prefix exists or not."""
    source = Source.objects.filter(prefix=prefix[:12]).first()
    fits = hmac.compare_digest(_digest(key), source.digest if source else _digest(""))
    return source if source and fits else None


def source_used(source: Source) -> None:
    """Write down that it was used, at most once a minute."""
    at = now()
    if source.last_used_at is None or at - source.last_used_at > _USED_EVERY:
        Source.objects.filter(pk=source.pk).update(last_used_at=at)


def signature_fits(source: Source, body: bytes, headers: Mapping[str, str]) -> bool:
    """Whether the body is signed with the source's secret: over the body alone as GitHub and Meta do
    (`X-Hub-Signature-256: sha256=…`, or `X-Signature`), or with the time as we ourselves do (`Livia-Signature: t=…,
    v1=…`), which must be within five minutes of ours."""
    if ours := headers.get("Livia-Signature"):
        return _fits_timed(source.signing_secret, body, ours)
    text = headers.get("X-Hub-Signature-256") or headers.get("X-Signature") or ""
    return _same(_hmac(source.signing_secret, body), text.strip().lower().removeprefix("sha256="))


def _fits_timed(secret: str, body: bytes, header: str) -> bool:
    parts = [part.strip().partition("=") for part in header.split(",")]
    stamp = next((value for name, _sign, value in parts if name == "t"), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    wanted = _hmac(secret, stamp.encode() + b"." + body)
    fits = [_same(wanted, value) for name, _sign, value in parts if name == "v1"]
    return any(fits) and abs(time.time() - int(stamp)) <= TOLERANCE_SECONDS


def _hmac(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, sha256).hexdigest()


def _same(wanted: str, given: str) -> bool:
    return hmac.compare_digest(wanted.encode(), given.encode())
