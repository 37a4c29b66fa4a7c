"""What boards and lead pages are told."""

from random import randrange

from django.template.loader import render_to_string

from crm.accounts.models import User
from crm.core.ports import Gathering
from crm.realtime.publish import publish, publish_gone, publish_late, publish_stale
from crm.realtime.rooms import room_family
from leads.cards import card_render
from leads.models import Lead
from leads.selectors import board_rooms, leads_visible_to, room_totals, rooms_of_owner
from leads.totals import totals_compact

# In a flood the ledger grows faster than its task comes round; one push in so many folds it.
_FOLD_EVERY = 500


@room_family("board")
def _board(user: User, argument: str) -> bool:
    return (f"board.{argument}" if argument else "board") in board_rooms(user)


@room_family("lead", presence=True)
def _lead(user: User, argument: str) -> bool:
    return argument.isdigit() and leads_visible_to(user).filter(pk=argument).exists()


def _totals(rooms: list[str]) -> dict[str, str]:
    if randrange(_FOLD_EVERY) == 0:
        totals_compact()
    totals = room_totals(*rooms)
    return {
        room: render_to_string("leads/_totals.html", {"totals": [total for total in totals if total.room == room]})
        for room in rooms
    }


def publish_card(lead: Lead, *, totals: bool = False) -> None:
    """Show the lead as it is now on every board it is on; with `totals`, the columns' counts and sums too."""
    rooms = rooms_of_owner(lead.consultant_id)
    publish(rooms, kind="card", object_id=f"lead-{lead.pk}", render=lambda: card_render(lead))
    if totals:
        publish_late(rooms, kind="totals", object_id="totals", render=_totals)
    publish_page(lead)


def publish_card_gone(lead: Lead, owner_id: int | None) -> None:
    """Take the lead from the boards of an owner it left."""
    _take_from([room for room in rooms_of_owner(owner_id) if room not in rooms_of_owner(lead.consultant_id)], lead)


def publish_card_hidden(lead: Lead) -> None:
    """Take a lead that was merged into another from every board; its open page leads there."""
    _take_from(rooms_of_owner(lead.consultant_id), lead)
    publish(
        [f"lead.{lead.pk}"],
        kind="merged",
        object_id=f"detail-{lead.pk}",
        render=lambda: render_to_string("leads/_merged.html", {"lead": lead}),
    )


def _take_from(rooms: list[str], lead: Lead) -> None:
    publish_gone(rooms, object_id=f"lead-{lead.pk}", revision=lead.revision)
    publish_late(rooms, kind="totals", object_id="totals", render=_totals)


def publish_page(lead: Lead) -> None:
    """Have the lead's page fetch itself where it is open."""
    publish_stale([f"lead.{lead.pk}"], object_id=f"lead-page-{lead.pk}")


# What others add to the lead page: tasks, the chat, simulations, who judged the lead.
more_of_lead: Gathering[[Lead]] = Gathering()
