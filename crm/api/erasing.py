"""Erasure of a person's data: answers kept for requests that may come again hold it too."""

from typing import Any

from crm.api.models import Repeatable
from crm.core.privacy import Subject, erase


@erase.plug
def _answers(subject: Subject) -> dict[str, Any]:
    rows = Repeatable.objects.filter(lead_id__in=subject.lead_ids)
    return {"repeatable_answers": rows.update(body=None, headers={})}
