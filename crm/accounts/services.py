"""What changes about people."""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from crm.accounts.events import AccessEnded, AvailabilityChanged
from crm.accounts.models import SecurityKind, User
from crm.accounts.security import security_event
from crm.core.clock import now
from crm.core.errors import Invalid
from crm.core.facts import publish
from crm.core.work import service

_MOST_HINTS = 50
_HINT = re.compile(r"[a-z][a-z-]{0,29}")


@service
def availability_set(*, user_id: int, available: bool) -> bool:
    """Turn a person's availability on or off; True if that changed anything."""
    changed = User.objects.filter(pk=user_id, available=not available).update(
        available=available, available_changed_at=now()
    )
    if changed:
        publish(AvailabilityChanged(user_id=user_id, available=available))
    return bool(changed)


@service
def language_set(*, user_id: int, language: str) -> None:
    """Keep the language a person chose; one of `settings.LANGUAGES`."""
    User.objects.filter(pk=user_id).update(language=language)


@service
def hint_dismiss(*, user_id: int, hint: str) -> None:
    """A person has read a hint. Raises Invalid for what is no hint's name."""
    if not _HINT.fullmatch(hint):
        raise Invalid(_("There is no such hint."))
    user = User.objects.select_for_update().get(pk=user_id)
    if hint not in user.hints_seen:
        user.hints_seen = [*user.hints_seen, hint][-_MOST_HINTS:]
        user.save(update_fields=["hints_seen"])


@service
def password_change(*, user: User, password: str, by: User | None, request: Any = None) -> None:
    """A new password, which the caller has validated; `by` is None for whoever held the address to set it. Every
    session and token of the person ends."""
    user.set_password(password)
    user.save(update_fields=["password"])
    password_changed(user=user, by=by, request=request)


@service
def password_changed(*, user: User, by: User | None, request: Any = None) -> None:
    """Somebody has a password that was saved elsewhere, by Django's own form of the admin."""
    security_event(kind=SecurityKind.PASSWORD_CHANGED, user=user, by=by, request=request)
    publish(AccessEnded(user_id=user.pk, why="password"))


@service
def role_changed(*, user: User, before: str, by: User, request: Any = None) -> None:
    """Somebody has another role; what they signed in with as who they were ends."""
    security_event(
        kind=SecurityKind.ROLE_CHANGED, user=user, by=by, request=request, before=before, after=str(user.role)
    )
    publish(AccessEnded(user_id=user.pk, why="role"))


@service
def activity_changed(*, user: User, by: User) -> None:
    """Somebody was deactivated, or may sign in again: anew, since what they had ended with the deactivation."""
    security_event(kind=SecurityKind.ROLE_CHANGED, user=user, by=by, active=user.is_active)
    if not user.is_active:
        publish(AccessEnded(user_id=user.pk, why="deactivated"))


@service
def sign_out_everywhere(*, user: User, request: Any = None) -> None:
    """End every session, socket and token of a person; their API keys stay."""
    security_event(kind=SecurityKind.SIGNED_OUT_EVERYWHERE, user=user, by=user, request=request)
    publish(AccessEnded(user_id=user.pk, why="everywhere"))
