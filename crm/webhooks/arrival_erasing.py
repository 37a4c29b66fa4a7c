"""What of an erased client goes from arrivals, and what a person is given of them.

One of theirs loses what it said; its row stays, so that the same event sent once more is known and makes no lead. One
that never became a lead goes whole if it names them. A lead's number stays what it was when leads are merged: a person
is looked for under all of theirs.
"""

from typing import Any

from django.db import connection

from crm.core.handing_out import known, moment
from crm.core.privacy import Subject, erase, gather, likes
from crm.webhooks.models import Arrival

_THEIRS = "UPDATE webhooks_arrival SET body = NULL, errors = '{}' WHERE lead_id = ANY(%(leads)s)"
# A phone may stand there in ten shapes: its digits are looked for among the digits. A name beside another's lead is
# another's.
_PHONE = "regexp_replace(body::text, '\\D', '', 'g') LIKE ANY(%(digits)s)"
_REFUSED = f"""
DELETE FROM webhooks_arrival
WHERE lead_id IS NULL AND body IS NOT NULL AND (body::text ILIKE ANY(%(words)s) OR {_PHONE})
"""
_OTHERS = f"UPDATE webhooks_arrival SET body = NULL, errors = '{{}}' WHERE body IS NOT NULL AND {_PHONE}"


@erase.plug
def arrivals_erase(subject: Subject) -> dict[str, Any]:
    values = {
        "leads": list(subject.lead_ids),
        "words": likes(subject.telling),
        "digits": [f"%{digits}%" for digits in subject.digits],
    }
    with connection.cursor() as cursor:
        count = 0
        for statement in (_THEIRS, _REFUSED, _OTHERS):
            cursor.execute(statement, values)
            count += cursor.rowcount
    return {"arrivals": count}


@gather.plug
def hand_out(subject: Subject) -> dict[str, Any]:
    rows = Arrival.objects.filter(lead_id__in=subject.lead_ids).select_related("source").order_by("at", "pk")
    return {
        "arrivals": [known(name=row.source.name, at=moment(row.at), times=row.times, values=row.body) for row in rows]
    }
