"""Boards after many leads have come or gone."""

from collections.abc import Iterable

from django.db.models import Q

from crm.realtime.publish import publish_stale
from leads.models import Import, RowOutcome
from leads.selectors import rooms_of_owner


def boards_refresh(owner_ids: Iterable[int | None]) -> None:
    """One event a room, without markup: each open board fetches itself once, instead of thousands of cards."""
    rooms = {"board"} | {room for owner_id in owner_ids for room in rooms_of_owner(owner_id)}
    publish_stale(sorted(rooms), object_id="board")


def owners_met(batch: Import) -> list[int | None]:
    """Whose leads this import made or filled."""
    changed = Q(outcome=RowOutcome.NEW) | Q(outcome=RowOutcome.KNOWN, values__isnull=False)
    rows = batch.rows.filter(changed, lead__isnull=False).order_by()
    return list(rows.values_list("lead__consultant_id", flat=True).distinct())
