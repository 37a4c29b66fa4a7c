"""Sessions end with the access they stand for; signing in and out is written down."""

from typing import Any

from axes.models import AccessAttempt
from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import pre_save
from django.dispatch import receiver

from crm.accounts.events import AccessEnded
from crm.accounts.lockout import name_of
from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.core.facts import on


@on(AccessEnded, inside=True)
def _sessions_end(fact: AccessEnded) -> None:
    """Of the person's pages and sockets; the sockets look again because the row was saved."""
    user = User.objects.select_for_update().get(pk=fact.user_id)
    user.sessions_epoch += 1
    user.save(update_fields=["sessions_epoch"])


@receiver(user_logged_in, dispatch_uid="accounts-signed-in")
def _signed_in(request: Any, user: User, **_: Any) -> None:
    security_event(kind=SecurityKind.SIGNED_IN, user=user, request=request)


@receiver(user_logged_out, dispatch_uid="accounts-signed-out")
def _signed_out(request: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        security_event(kind=SecurityKind.SIGNED_OUT, user=user, request=request)


@receiver(user_login_failed, dispatch_uid="accounts-sign-in-failed")
def _failed(credentials: dict[str, Any], request: Any = None, **_: Any) -> None:
    """An unknown address costs the same as a known one, and what was typed is not kept."""
    if request is not None and not getattr(request, "axes_locked_out", False):
        security_event(kind=SecurityKind.SIGN_IN_FAILED, user=_known(name_of(request, credentials)), request=request)


@receiver(user_locked_out, dispatch_uid="accounts-locked")
def _locked(request: Any, username: str, **_: Any) -> None:
    security_event(kind=SecurityKind.LOCKED, user=_known(username), request=request)


@receiver(pre_save, sender=AccessAttempt, dispatch_uid="accounts-nothing-typed")
def _keep_nothing_typed(instance: AccessAttempt, **_: Any) -> None:
    """The library would keep whole forms but for the fields it is told of; the lock needs none of it."""
    instance.get_data = instance.post_data = ""


def _known(email: str) -> User | None:
    return User.objects.filter(email=email).first()
