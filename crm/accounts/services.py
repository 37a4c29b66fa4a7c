"""What changes about people."""

import re

from django.utils.translation import gettext_lazy as _

from crm.accounts.events import AvailabilityChanged
from crm.accounts.models import User
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
