"""What of an erased client goes from deliveries: what was sent, and what the other system said to it. That it was sent,
where and when, stays: the other system may hold it, and must be told by other means.

Leads that were merged need no following: a person is all their leads.
"""

from typing import Any

from django.db.models import Q

from crm.core.clock import now
from crm.core.privacy import Subject, erase
from crm.webhooks.models import Attempt, Delivery, DeliveryState
from crm.webhooks.sending import ERASED

# One that is on its way right now is settled by who sends it, as far as it can still be.
_UNDER_WAY = (DeliveryState.WAITING, DeliveryState.SENDING)


@erase.plug
def deliveries_erase(subject: Subject) -> dict[str, Any]:
    theirs = Delivery.objects.filter(lead_id__in=subject.lead_ids)
    Attempt.objects.filter(delivery__in=theirs).filter(~Q(excerpt="")).update(excerpt="")
    theirs.filter(state__in=_UNDER_WAY).update(state=DeliveryState.DEAD, error=ERASED, settled_at=now())
    return {"deliveries": theirs.filter(payload__isnull=False).update(payload=None)}
