"""Boards after many leads have come or gone."""

from collections.abc import Iterable

from crm.realtime.publish import publish_stale
from leads.selectors import rooms_of_owner


def boards_refresh(owner_ids: Iterable[int | None]) -> None:
    """One event a room, without markup: each open board fetches itself once, instead of thousands of cards."""
    rooms = {"board"} | {room for owner_id in owner_ids for room in rooms_of_owner(owner_id)}
    publish_stale(sorted(rooms), object_id="board")
