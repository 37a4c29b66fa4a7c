"""The security log: one way in for everything that happens around access."""

from datetime import timedelta
from typing import Any

import structlog
from django.conf import settings

from crm.accounts.models import SecurityEvent, SecurityKind, User
from crm.core.addresses import address_of
from crm.core.clock import now
from crm.core.text import clean_line
from crm.core.work import service

log = structlog.get_logger(__name__)

_USUAL = (SecurityKind.SIGNED_IN, SecurityKind.SIGNED_OUT)


@service
def security_event(
    *, kind: SecurityKind, user: User | None = None, by: User | None = None, request: Any = None, **data: Any
) -> SecurityEvent:
    """Write down what happened, and say it in the log; `request` (Django's or REST framework's) tells where from."""
    address = address_of(request) if request is not None else None
    program = clean_line(request.META.get("HTTP_USER_AGENT", ""), limit=160) if request is not None else ""
    event = SecurityEvent.objects.create(
        at=now(), kind=kind, user=user, by=by, address=address, program=program, data=data
    )
    say = log.info if kind in _USUAL else log.warning
    say("security", kind=str(kind), user=user.pk if user else None, by=by.pk if by else None, **data)
    return event


def security_prune() -> int:
    """Forget what is older than `SECURITY_KEEP_DAYS`."""
    oldest = now() - timedelta(days=settings.SECURITY_KEEP_DAYS)
    return SecurityEvent.objects.filter(at__lt=oldest).delete()[0]


def events_of(user: User, most: int) -> list[SecurityEvent]:
    """What happened around a person's access, latest first."""
    return list(SecurityEvent.objects.filter(user=user).select_related("by").order_by("-at", "-pk")[:most])
