"""What changes about people."""

from crm.accounts.events import AvailabilityChanged
from crm.accounts.models import User
from crm.core.clock import now
from crm.core.facts import publish
from crm.core.work import service


@service
def availability_set(*, user_id: int, available: bool) -> bool:
    """Turn a person's availability on or off; True if that changed anything."""
    changed = User.objects.filter(pk=user_id, available=not available).update(
        available=available, available_changed_at=now()
    )
    if changed:
        publish(AvailabilityChanged(user_id=user_id, available=available))
    return bool(changed)
