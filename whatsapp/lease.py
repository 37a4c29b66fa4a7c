"""One owner a session. The database's clock decides, so that hosts need not agree on the time.

Whoever runs a session renews; both the runner and its child do, under one token. A token that no longer stands in
the row means that somebody else took over: its holder leaves at once and writes nothing more.
"""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from whatsapp.models import Session

FREE = Q(lease_expires_at=None) | Q(lease_expires_at__lt=Now())


def lease_take(session_id: int, owner: str) -> str | None:
    """The token of a lease that is now ours, None if another owner has it."""
    token = secrets.token_hex(16)
    taken = Session.objects.filter(FREE, pk=session_id).update(
        lease_owner=owner[:120], lease_token=token, lease_expires_at=_end()
    )
    return token if taken else None


def lease_renew(session_id: int, token: str) -> bool:
    """False if the lease is another's now. One that ran out and that nobody took is ours again."""
    return bool(Session.objects.filter(pk=session_id, lease_token=token).update(lease_expires_at=_end()))


def lease_held(session_id: int, token: str) -> bool:
    """Whether the lease is still this token's, which also means that nobody else has run the session meanwhile."""
    return Session.objects.filter(pk=session_id, lease_token=token).exists()


def lease_release(session_id: int, token: str) -> None:
    Session.objects.filter(pk=session_id, lease_token=token).update(
        lease_owner="", lease_token="", lease_expires_at=None, child_pid=None
    )


def sessions_free() -> QuerySet[Session]:
    """Sessions nobody runs."""
    return Session.objects.filter(FREE)


def _end() -> F:
    return Now() + timedelta(seconds=settings.WHATSAPP_LEASE_SECONDS)
