"""Which sessions there are, and which of them someone should be running."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q, QuerySet

from crm.accounts.models import User
from crm.core.clock import now
from whatsapp.gateways.registry import available
from whatsapp.lease import sessions_free
from whatsapp.models import Session
from whatsapp.states import ENDED, LIVE, State


def sessions_all() -> QuerySet[Session]:
    return Session.objects.select_related("inbox__owner").order_by("pk")


def owners_possible(*, besides: int | None = None) -> QuerySet[User]:
    """Consultants, to one of whom a number may belong; and whoever has it already, `besides`."""
    return User.objects.filter(Q(is_active=True, consultant__isnull=False) | Q(pk=besides)).order_by("name", "pk")


def runnable() -> Q:
    """Wanted, by a gateway this installation has, and in a state that may be left without a person."""
    cautious = now() - timedelta(seconds=settings.WHATSAPP_CAUTIOUS_RETRY_SECONDS)
    waiting = ~Q(state__in=ENDED | {State.FAILED})
    unbanned = Q(state=State.TEMP_BANNED, state_until__lte=now())
    again = Q(state=State.FAILED) & (Q(last_attempt_at=None) | Q(last_attempt_at__lte=cautious))
    return Q(wanted=True, gateway__in=available()) & (waiting | unbanned | again)


def sessions_to_run() -> list[int]:
    return list(sessions_free().filter(runnable()).order_by("pk").values_list("pk", flat=True))


def sessions_left_behind() -> list[int]:
    """Not wanted any more, yet live by their state: their process died before it could say so."""
    return list(sessions_free().filter(wanted=False, state__in=LIVE).values_list("pk", flat=True))
