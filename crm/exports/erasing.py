"""Files of lists hold everybody who was on them: an erasure takes all of them along, they are quickly made anew."""

from typing import Any

from crm.core.clock import now
from crm.core.privacy import Subject, erase
from crm.exports.services import exports_expire


@erase.plug
def _erase(subject: Subject) -> dict[str, Any]:
    return {"exports": exports_expire(before=now())}
