"""The pipeline: the board's columns and which moves between them are allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Status(models.TextChoices):
    NEW = "NEW", _("Inbox")
    CONTACTED = "CONTACTED", _("In contact")
    QUALIFIED = "QUALIFIED", _("Qualified")
    PROPOSAL = "PROPOSAL", _("Proposal")
    WON = "WON", _("Won")
    LOST = "LOST", _("Lost")


CLOSED = frozenset({Status.WON, Status.LOST})

# NEW is where Lívia works: nothing is dragged back to her. A won deal only a manager reopens (MANAGER_MOVES).
MOVES: dict[Status, frozenset[Status]] = {
    Status.NEW: frozenset({Status.CONTACTED, Status.QUALIFIED, Status.PROPOSAL, Status.LOST}),
    Status.CONTACTED: frozenset({Status.QUALIFIED, Status.PROPOSAL, Status.WON, Status.LOST}),
    Status.QUALIFIED: frozenset({Status.CONTACTED, Status.PROPOSAL, Status.WON, Status.LOST}),
    Status.PROPOSAL: frozenset({Status.CONTACTED, Status.QUALIFIED, Status.WON, Status.LOST}),
    Status.WON: frozenset(),
    Status.LOST: frozenset({Status.CONTACTED, Status.QUALIFIED}),
}
MANAGER_MOVES: dict[Status, frozenset[Status]] = {Status.WON: frozenset({Status.PROPOSAL})}


def may_move(origin: Status, to: Status, *, manager: bool) -> bool:
    """Within its column a card moves freely."""
    return origin == to or to in MOVES[origin] or (manager and to in MANAGER_MOVES.get(origin, frozenset()))


class LostReason(models.TextChoices):
    RATE = "rate", _("Rate or instalment too high")
    DENIED = "denied", _("Credit denied")
    COMPETITOR = "competitor", _("Closed with a competitor")
    NO_ANSWER = "no_answer", _("No answer")
    POSTPONED = "postponed", _("Put off")
    NOT_ELIGIBLE = "not_eligible", _("Does not meet the conditions")
    OTHER = "other", _("Other reason")


# How long a card may rest in a column before it is marked amber, then red (seconds).
AGEING: dict[Status, tuple[int, int]] = {
    Status.NEW: (3600, 4 * 3600),
    Status.CONTACTED: (24 * 3600, 3 * 24 * 3600),
    Status.QUALIFIED: (2 * 24 * 3600, 5 * 24 * 3600),
    Status.PROPOSAL: (3 * 24 * 3600, 7 * 24 * 3600),
    Status.WON: (0, 0),
    Status.LOST: (0, 0),
}
