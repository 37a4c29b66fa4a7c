"""What the accounts app hands out of one person: that colleagues looked at their data, by role and not by name."""

from typing import Any

from crm.accounts.access import What
from crm.accounts.models import Access
from crm.core.handing_out import known, moment
from crm.core.privacy import Subject, gather


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    rows = Access.objects.filter(lead_id__in=subject.lead_ids).select_related("user").order_by("at", "pk")
    return {"accesses": [_access(row) for row in rows.iterator(chunk_size=2000)]}


def _access(row: Access) -> dict[str, Any]:
    what = dict(What.choices).get(row.what, row.what)
    return known(at=moment(row.at), what=str(what), role=str(row.user.get_role_display()), times=row.times)
