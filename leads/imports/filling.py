"""What a file tells of leads that are known: fields that are empty are filled, what is known stays."""

from collections.abc import Mapping
from typing import Any

from leads.actors import Actor
from leads.imports.cleaning import Cleaned
from leads.models import InteractionKind, Lead
from leads.realtime import publish_page
from leads.services import interaction_add, lead_save

_NOT_FILLED = frozenset({"phone", "phone_key"})


def leads_lock(lead_ids: list[int]) -> dict[int, Lead]:
    """Locked in the order of their keys; those that were merged into another or erased are left out."""
    rows = Lead.objects.select_for_update(of=("self",)).filter(pk__in=lead_ids, merged_into=None, erased_at=None)
    return {lead.pk: lead for lead in rows.order_by("pk")}


def leads_fill(*, wanted: Mapping[int, Cleaned], actor: Actor, batch_id: int) -> dict[int, dict[str, str]]:
    """What was filled by line, each as text; it tells the undoing what to look for."""
    filled: dict[int, dict[str, str]] = {}
    for lead_id, lead in leads_lock(list(wanted)).items():
        row = wanted[lead_id]
        news = {
            name: value for name, value in row.values.items() if name not in _NOT_FILLED and not getattr(lead, name)
        }
        if not news:
            continue
        lead_write(lead, news, actor, batch_id)
        filled[row.line] = {name: str(value) for name, value in news.items()}
    return filled


def lead_write(lead: Lead, news: Mapping[str, Any], actor: Actor, batch_id: int) -> None:
    """Fields of a locked lead, with the line in its history."""
    changes = {name: [getattr(lead, name), value] for name, value in news.items()}
    for name, value in news.items():
        setattr(lead, name, value)
    lead_save(lead, *news)
    interaction_add(lead, InteractionKind.UPDATED, actor, changes=changes, **{"import": batch_id})
    publish_page(lead)
