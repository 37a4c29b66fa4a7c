"""What privacy adds to the lead page for managers: who looked at this client, and the ways to their rights."""

from collections.abc import Callable
from typing import Any

from django.db.models import Max, Sum

from crm.accounts.models import Access
from leads.models import Lead
from leads.realtime import more_of_lead

SHOWN = 6


@more_of_lead.plug
def lead_panel(lead: Lead) -> dict[str, Any]:
    """`seen_by` is a function: only a page that shows it asks."""
    return {"seen_by": _seen_by(lead)}


def _seen_by(lead: Lead) -> Callable[[], list[dict[str, Any]]]:
    """The people who looked last, with `name`, `last` and `times`."""

    def people() -> list[dict[str, Any]]:
        ids = [lead.pk, *lead.merged.values_list("pk", flat=True)]
        rows = Access.objects.filter(lead_id__in=ids).order_by().values("user_id", "user__name", "user__email")
        rows = rows.annotate(last=Max("at"), looks=Sum("times")).order_by("-last")[:SHOWN]
        return [
            {"name": row["user__name"] or row["user__email"], "last": row["last"], "times": row["looks"]}
            for row in rows
        ]

    return people
