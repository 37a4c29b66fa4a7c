"""Which other systems were told of one person, of what and when (LGPD, art. 18, VII). What they were told is in the
other sections."""

from typing import Any

from crm.core.handing_out import moment
from crm.core.privacy import Subject, gather
from crm.webhooks.models import Delivery, DeliveryState


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    told = Delivery.objects.filter(lead_id__in=subject.lead_ids, state=DeliveryState.DELIVERED)
    rows = told.select_related("endpoint").defer("payload").order_by("created_at", "pk")
    return {"shared": [_told(row) for row in rows.iterator(chunk_size=500)]}


def _told(row: Delivery) -> dict[str, Any]:
    return {"system": row.endpoint.name, "what": str(row.get_event_display()), "at": moment(row.settled_at)}
