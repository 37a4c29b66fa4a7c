"""A lead that another system sends."""

from collections.abc import Mapping
from typing import Any

from crm.core.work import service
from leads.actors import Actor
from leads.consents import consent_add
from leads.models import ConsentSource, Lead, Purpose, Source
from leads.services import lead_create


@service
def lead_take(
    *, values: Mapping[str, Any], tracking: Mapping[str, str], agreed: bool, actor: Actor
) -> tuple[Lead, bool]:
    """The lead, and whether it is new; `agreed`: its client agreed to be written to. Raises Invalid (phone)."""
    lead, created = lead_create(values=values, source=Source.API, actor=actor, tracking=tracking)
    if agreed:
        consent_add(lead_id=lead.pk, purpose=Purpose.WHATSAPP, given=True, source=ConsentSource.API, actor=actor)
    return lead, created
