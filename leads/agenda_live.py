"""What open pages are told of tasks: the pages of a day fetch themselves, the number in the rail is pushed."""

from collections.abc import Iterable

from django.template.loader import render_to_string

from crm.accounts.models import User
from crm.realtime.publish import publish_late, publish_stale
from crm.realtime.rooms import room_family
from leads.agenda_selectors import due_counts

AGENDA = "agenda"  # everybody's, for managers; `agenda.<user id>` is one person's


@room_family(AGENDA)
def _agenda(user: User, argument: str) -> bool:
    return user.is_manager or argument == str(user.pk)


def publish_agenda(owner_ids: Iterable[int | None]) -> None:
    """Tasks of these people changed."""
    owners = sorted({owner_id for owner_id in owner_ids if owner_id is not None})
    publish_stale([AGENDA, *(f"{AGENDA}.{owner_id}" for owner_id in owners)], object_id=AGENDA)
    if owners:
        publish_late([f"user.{owner_id}" for owner_id in owners], kind="tasks", object_id="tasks-badge", render=_badges)


def _badges(rooms: list[str]) -> dict[str, str]:
    counts = due_counts([int(room.removeprefix("user.")) for room in rooms])
    return {
        room: render_to_string("tasks/_rail_badge.html", {"tasks_due": counts.get(int(room.removeprefix("user.")), 0)})
        for room in rooms
    }
